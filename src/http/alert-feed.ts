/**
 * The alert feed: every alert after a sequence, without a gap and without a duplicate, for as long as the reader stays.
 * The store is the only source. A commit just wakes the reader, which then reads on from where it is: so there is no
 * hand-over from history to live that could lose an alert or give it twice, and a slow reader holds one page and no queue.
 */

import type { AlertReader, StoredAlert } from "../engine/ports.ts";
import type { Service } from "../engine/service/service-types.ts";

export type FeedItem =
  { readonly kind: "alerts"; readonly alerts: readonly StoredAlert[] } | { readonly kind: "quiet" };

export interface FeedOptions {
  readonly service: Pick<Service, "onAlerts">;
  readonly reader: Pick<AlertReader, "after">;
  /** Sequence of the last alert that the reader knows. */
  readonly after: number;
  /** Silence after which the feed says that it is quiet. */
  readonly quietAfterMs: number;
  readonly signal: AbortSignal;
}

/** A page is all that a slow reader makes us hold; an alert may quote megabytes. */
const ALERTS_AT_ONCE = 20;

/** Ends when the signal aborts. */
export async function* followAlerts({
  service,
  reader,
  after,
  quietAfterMs,
  signal,
}: FeedOptions): AsyncGenerator<FeedItem> {
  const wake = new Wake(signal);
  const unsubscribe = service.onAlerts(() => wake.up());
  try {
    let sequence = after;
    while (!signal.aborted) {
      wake.reset(); // before reading: a commit that comes while the store is read must not be slept through
      const alerts = await reader.after(sequence, ALERTS_AT_ONCE);
      sequence = alerts.at(-1)?.sequence ?? sequence;
      if (alerts.length > 0) yield { kind: "alerts", alerts };
      else if (!(await wake.within(quietAfterMs)) && !signal.aborted) yield { kind: "quiet" };
    }
  } finally {
    unsubscribe();
  }
}

/** A flag that can be waited for. Mutable; one waiter. */
class Wake {
  #isUp = false;
  #notify = (): void => {};

  constructor(signal: AbortSignal) {
    signal.addEventListener("abort", () => this.up(), { once: true });
  }

  up(): void {
    this.#isUp = true;
    this.#notify();
  }

  reset(): void {
    this.#isUp = false;
  }

  /** False when the time ran out first. */
  async within(ms: number): Promise<boolean> {
    if (this.#isUp) return true;
    return await new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ms);
      this.#notify = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}
