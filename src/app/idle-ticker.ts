/** Lets the time of silent streams go on: asks the service every second, as long as it runs. */

import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "./logger.ts";

const EVERY_MS = 1000;

/** Gives the function that ends it; a tick under way is let finish. */
export function startTicking(service: { tick(): Promise<void> }, log: Logger): () => Promise<void> {
  const stop = new AbortController();
  const ticking = keepTicking(service, { log, signal: stop.signal });
  return async () => {
    stop.abort();
    await ticking;
  };
}

async function keepTicking(
  service: { tick(): Promise<void> },
  { log, signal }: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<void> {
  for (;;) {
    await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      await service.tick();
    } catch (error) {
      log.warn({ err: error }, "the clock of silent streams is held up; it is tried again");
    }
  }
}
