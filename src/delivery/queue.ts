/** BullMQ on Postgres: the queue of deliveries, in a schema of its own. The one place that knows the library's set-up. */

import { type PgPool, runMigrations } from "bullmq";

/** A pool whose search path is the queue's schema; typed by what BullMQ asks of it. */
export type QueuePool = Pick<PgPool, "connect">;

export async function migrateQueue(pool: PgPool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client, "bullmq");
  } finally {
    client.release();
  }
}
