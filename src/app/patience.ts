/** Waiting for a database that is away: longer each time, up to a bound, until it is back or the service is stopped. */

import { setTimeout as sleep } from "node:timers/promises";
import { AssertionError } from "../core/assert.ts";
import { UserError } from "../core/errors.ts";
import type { Patience } from "../engine/ports.ts";
import type { Logger } from "./logger.ts";

const FIRST_WAIT_MS = 50;
const WAIT_MS_MAX = 5_000;

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
export function createSinkPatience(signal: AbortSignal): Patience {
  return {
    async beforeRetry(attempt) {
      await sleep(waitBefore(attempt), undefined, { signal });
    },
  };
}

function waitBefore(attempt: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), WAIT_MS_MAX);
}
