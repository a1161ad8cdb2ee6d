/** BullMQ on Postgres: the queue of deliveries, in a schema of its own. The one place that knows how it is set up. */

import {
  createPostgresBackend,
  type JobProgress,
  type PgPool,
  type PostgresConnectionOptions,
  type PostgresQueueBackend,
  type Processor,
  runMigrations,
  Worker,
  type WorkerOptions,
} from "bullmq";
import { DELIVERY_QUEUE, type DeliveryJob } from "../engine/delivery-job.ts";

/** A `pg.Pool` whose search path is `bullmq`; by what we call ourselves, for BullMQ's own type of it does not admit one. */
export interface QueuePool {
  connect(): Promise<{
    query(text: string, parameters?: unknown[]): Promise<unknown>;
    release(destroy?: boolean): void;
  }>;
}

export type QueueWorker = Worker<
  DeliveryJob,
  void,
  string,
  PostgresQueueBackend,
  JobProgress,
  PostgresConnectionOptions
>;

export async function migrateQueue(pool: QueuePool): Promise<void> {
  const client = await asBullmq(pool).connect();
  try {
    await runMigrations(client, "bullmq");
  } finally {
    client.release();
  }
}

export function queueWorker({
  pool,
  process,
  options,
}: {
  pool: QueuePool;
  process: Processor<DeliveryJob, void, string>;
  options: Omit<WorkerOptions<PostgresConnectionOptions>, "connection">;
}): QueueWorker {
  return new Worker<DeliveryJob, void, string, PostgresQueueBackend, JobProgress, PostgresConnectionOptions>(
    DELIVERY_QUEUE,
    process,
    { ...options, connection: asBullmq(pool) },
    createPostgresBackend,
  );
}

function asBullmq(pool: QueuePool): PgPool {
  return pool as unknown as PgPool;
}
