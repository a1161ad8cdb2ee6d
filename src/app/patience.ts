/** Waiting for a database that is away: longer each time, up to a bound, until it is back or the service is stopped. */

import { setTimeout as sleep } from "node:timers/promises";
import { AssertionError } from "../core/assert.ts";
import { UserError } from "../core/errors.ts";
import type { Patience } from "../engine/ports.ts";
import type { Logger } from "./logger.ts";

/** Each twice as long as the one before. */
export interface Waits {
  readonly firstMs: number;
  readonly maxMs: number;
}

const WAITS: Waits = { firstMs: 50, maxMs: 5_000 };

export function createPatience({
  log,
  signal,
  failed,
}: {
  log: Logger;
  signal: AbortSignal;
  /** Told of what no waiting mends: the log has gone on without us, or there is a bug of ours. */
  failed: (error: Error) => void;
}): Patience {
  return {
    async beforeRetry(attempt, error) {
      if (signal.aborted) throw error;
      if (error instanceof UserError || error instanceof AssertionError) {
        failed(error);
        throw error;
      }
      const waitMs = waitBefore(attempt);
      log.warn({ err: error, attempt, waitMs }, "the database did not take a write; it is tried again");
      await sleep(waitMs, undefined, { signal });
    },
  };
}

/** With what the service can do without: whatever is wrong with it may be mended while it waits. */
export function createSinkPatience({ signal, waits = WAITS }: { signal: AbortSignal; waits?: Waits }): Patience {
  return {
    async beforeRetry(attempt) {
      await sleep(waitBefore(attempt, waits), undefined, { signal });
    },
  };
}

function waitBefore(attempt: number, { firstMs, maxMs }: Waits = WAITS): number {
  return Math.min(firstMs * 2 ** (attempt - 1), maxMs);
}
