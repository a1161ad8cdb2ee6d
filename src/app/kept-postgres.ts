/** An embedded Postgres that ends by itself is started again, unless it ends over and over. */

import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../core/errors.ts";
import type { Clock } from "../engine/ports.ts";
import type { EmbeddedPostgres } from "./embedded-postgres.ts";
import type { Logger } from "./logger.ts";

/** So many ends in so long a time are more than an accident. */
const ENDS_MAX = 5;
const ENDS_WITHIN_MS = 60_000;
/** What the last server left may need a moment to end: its processes hold its memory. */
const RETRY_MS = 250;

/** Resolves when it was stopped by us; rejects when it is not worth another try, or does not start. */
export async function keepPostgres({
  postgres,
  clock,
  log,
}: {
  readonly postgres: Pick<EmbeddedPostgres, "exited" | "startAgain">;
  readonly clock: Clock;
  readonly log: Logger;
}): Promise<void> {
  const ends: number[] = [];
  for (;;) {
    const { said, isOurDoing } = await postgres.exited();
    if (isOurDoing) return;
    const now = clock.now();
    ends.push(now);
    if (ends.filter((end) => now - end < ENDS_WITHIN_MS).length > ENDS_MAX) {
      throw new Error(`the embedded Postgres has ended again and again: ${said}`);
    }
    log.error({ said }, "the embedded Postgres has ended; it is started again");
    await startAgain(postgres);
    log.info("the embedded Postgres is up again");
  }
}

async function startAgain(postgres: Pick<EmbeddedPostgres, "startAgain">): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await postgres.startAgain();
    } catch (error) {
      if (attempt === ENDS_MAX || !(error instanceof UserError)) throw error;
      await sleep(RETRY_MS * attempt);
    }
  }
}
