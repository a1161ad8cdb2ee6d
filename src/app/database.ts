/** The database, ready for its one writer: started if it is ours, locked, migrated, and watched. */

import { migrateQueue } from "../delivery/queue.ts";
import { migrate } from "../store/migrate.ts";
import { createPool, createQueuePool, type Pool } from "../store/pool.ts";
import { WriterLock } from "../store/writer-lock.ts";
import { watchDatabase } from "./database-watch.ts";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";
import { keepPostgres } from "./kept-postgres.ts";
import type { Opening } from "./opening.ts";

export interface Database {
  readonly pool: Pool;
  /** For BullMQ: its search path is the queue's schema. */
  readonly queuePool: Pool;
  readonly lock: WriterLock;
}

/** UserErrors when it cannot be reached, or another process writes to it. */
export async function openDatabase(opening: Opening): Promise<Database> {
  const { config, resources } = opening;
  const url = config.databaseUrl ?? (await openEmbeddedPostgres(opening));
  const lock = await openWriterLock(opening, url);

  const end = (pool: Pool): Promise<void> => pool.end();
  const pool = await resources.open("pool", { open: async () => createPool(url), close: end });
  const queuePool = await resources.open("queue pool", { open: async () => createQueuePool(url), close: end });
  await migrate(pool);
  await migrateQueue(queuePool);
  await lock.claim();
  await openWatch(opening, pool);
  return { pool, queuePool, lock };
}

async function openEmbeddedPostgres({ config, clock, log, resources, failure }: Opening): Promise<string> {
  const postgres = await resources.open("embedded Postgres", {
    open: () => startEmbeddedPostgres({ dataDir: config.dataDir }),
    close: (opened) => opened.stop(),
  });
  log.info({ folder: postgres.folder }, "embedded Postgres is up");
  keepPostgres({ postgres, clock, log }).catch((error: unknown) => failure.happen(error));
  return postgres.url;
}

async function openWriterLock(
  { log, resources, readiness, failure, stopping }: Opening,
  url: string,
): Promise<WriterLock> {
  const changed = (trouble: string | null): void => {
    readiness.set("writer lock", trouble);
    if (trouble === null) log.info("the writer lock is held again");
    else log.error(trouble);
  };
  const lock = await resources.open("writer lock", {
    open: () => WriterLock.acquire({ url, changed, signal: stopping }),
    close: (held) => held.release(),
  });
  void lock.lost.then((error) => failure.happen(error));
  return lock;
}

async function openWatch({ log, resources, readiness }: Opening, pool: Pool): Promise<void> {
  const away = "the database does not answer";
  const changed = (isThere: boolean): void => {
    readiness.set("database", isThere ? null : away);
    if (isThere) log.info("the database is back");
    else log.error(away);
  };
  await resources.open("database watch", {
    open: async () => watchDatabase(() => pool.query("select 1"), changed),
    close: (endWatch) => endWatch(),
  });
}
