/** How long an alert took: when what made it certain was sent, and when it was received. */

import type { JsonObject } from "../../core/event.ts";
import type { Alert } from "../../engine/output.ts";
import type { StreamDefinition } from "../../lang/definition.ts";

interface SentEvent {
  readonly time: number;
  readonly document: JsonObject;
}

interface SentBatch {
  readonly sentAt: number;
  /** Greatest event time sent on the stream up to and with this batch. */
  readonly greatestTime: number;
}

/** `sentAt` is epoch milliseconds of the wall clock; `time` is event time. */
export class SendLog {
  readonly #batches = new Map<string, SentBatch[]>();
  readonly #sentAt = new Map<string, number>();

  batch(stream: StreamDefinition, events: readonly SentEvent[], sentAt: number): void {
    const batches = this.#batches.get(stream.name) ?? [];
    const before = batches.at(-1)?.greatestTime ?? Number.NEGATIVE_INFINITY;
    batches.push({ sentAt, greatestTime: events.reduce((greatest, { time }) => Math.max(greatest, time), before) });
    this.#batches.set(stream.name, batches);
    for (const { document } of events) this.#sentAt.set(identity(stream, document), sentAt);
  }

  end(stream: string, sentAt: number): void {
    this.#batches.get(stream)?.push({ sentAt, greatestTime: Number.POSITIVE_INFINITY });
  }

  /** When the event that completed it was sent; undefined for an absence, which no event completes. */
  completionSentAt(alert: Alert, stream: StreamDefinition): number | undefined {
    if (alert.at !== alert.lastEventAt) return undefined;
    const last = Object.values(alert.events)
      .flat()
      .toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time) || a.offset - b.offset)
      .at(-1);
    return last === undefined ? undefined : this.#sentAt.get(identity(stream, last.data));
  }

  /** When the batch was sent that moved the stream's watermark past it: before that, an earlier event could have come. */
  certainSentAt(alert: Alert, stream: StreamDefinition): number | undefined {
    const bound = stream.watermark.kind === "bounded" ? stream.watermark.outOfOrdernessMs : 0;
    const at = Date.parse(alert.at);
    return this.#batches.get(stream.name)?.find(({ greatestTime }) => greatestTime >= at + bound)?.sentAt;
  }
}

/** By the declared id, or by the whole document where the stream declares none. */
function identity({ name, id }: StreamDefinition, document: JsonObject): string {
  return JSON.stringify([name, id?.kind === "name" ? document[id.name] : document]);
}

/** The value that a share of all values does not exceed; undefined of none. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const ordered = values.toSorted((a, b) => a - b);
  return ordered[Math.max(0, Math.ceil(share * ordered.length) - 1)];
}
