/** What is done at the start and once in a while, so that the database does not grow for ever: old Idempotency-Keys go, and the log is trimmed. */

import { setTimeout as sleep } from "node:timers/promises";
import { limits } from "../core/limits.ts";
import type { CheckpointStore } from "../engine/checkpoint-port.ts";
import type { RequestKeys } from "../engine/idempotency.ts";
import { type LogKeeper, type LogRetention, trimLog } from "../engine/log-retention.ts";
import type { Clock } from "../engine/ports.ts";
import type { Logger } from "./logger.ts";

export interface Household {
  readonly log: LogKeeper;
  readonly checkpoints: CheckpointStore;
  readonly requestKeys: RequestKeys;
}

const EVERY_MS = 60_000;

export interface HousekeepingOptions extends Household {
  readonly retention: LogRetention;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Gives the function that ends it. */
export function startHousekeeping(options: HousekeepingOptions): () => Promise<void> {
  const stop = new AbortController();
  const keeping = keepHouse(options, stop.signal);
  return async () => {
    stop.abort();
    await keeping;
  };
}

async function keepHouse(options: HousekeepingOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await tidyUp(options);
    } catch (error) {
      options.logger.warn({ err: error }, "housekeeping is held up; it is tried again");
    }
    await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

export async function tidyUp({
  log,
  checkpoints,
  requestKeys,
  retention,
  clock,
  logger,
}: HousekeepingOptions): Promise<void> {
  const now = clock.now();
  await requestKeys.forget({ before: now - limits.requestKeysKeptMs });
  if (retention.maxAgeMs === null && retention.maxBytes === null) return;
  const { start } = await log.extent();
  const newStart = await trimLog({ log, retention, floor: await neededFrom(checkpoints), now });
  if (newStart > start) logger.info({ from: start, to: newStart }, "the log has been trimmed");
}

/**
 * The log must stay from here on: the next start may go on from any of the checkpoints, and reads it from there. 0 when nobody
 * can tell. No savepoint needs any of it: what is restored goes on with what is logged from then on (S9.20), and a start
 * does not go on from a savepoint.
 */
export async function neededFrom(checkpoints: CheckpointStore): Promise<number> {
  const entries = (await checkpoints.list()).filter(({ kind }) => kind === "checkpoint");
  const offsets = entries.map((entry) => {
    if ("summary" in entry) return entry.summary.offset;
    // What is torn needs nothing any more; a later version may still go on from what only it can read.
    return entry.fault.code === "checkpoint-foreign" ? 0 : Infinity;
  });
  const least = Math.min(Infinity, ...offsets);
  return least === Infinity ? 0 : least;
}
