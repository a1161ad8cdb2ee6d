/** What is kept for a time only is forgotten, at the start and every so often. */

import { setTimeout as sleep } from "node:timers/promises";
import { limits } from "../core/limits.ts";
import type { RequestKeys } from "../engine/idempotency.ts";
import type { Clock } from "../engine/ports.ts";
import type { Logger } from "./logger.ts";

const EVERY_MS = 15 * 60_000;

export interface UpkeepOptions {
  readonly requestKeys: RequestKeys;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Gives the function that ends it. */
export function startUpkeep(options: UpkeepOptions): () => Promise<void> {
  const stop = new AbortController();
  const working = keepUp(options, stop.signal);
  return async () => {
    stop.abort();
    await working;
  };
}

async function keepUp({ requestKeys, clock, log }: UpkeepOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const forgotten = await requestKeys.forget({ before: clock.now() - limits.requestKeysKeptMs });
      if (forgotten > 0) log.debug({ forgotten }, "old Idempotency-Keys are forgotten");
    } catch (error) {
      log.warn({ err: error }, "old Idempotency-Keys could not be forgotten; it is tried again");
    }
    await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
