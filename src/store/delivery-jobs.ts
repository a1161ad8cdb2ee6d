/**
 * Adds delivery jobs to BullMQ's queue by its SQL functions, in the caller's transaction: the jobs appear, and workers
 * wake, when it commits, and never when it does not. These functions are not BullMQ's public API: they are called here
 * only, its version is pinned, and a test holds them to what we expect.
 */

import { DELIVERY_QUEUE, type DeliveryJob } from "../engine/delivery-job.ts";
import { batches } from "./batches.ts";
import type { Queryable } from "./pool.ts";

export async function addDeliveryJobs({
  client,
  jobs,
  now,
}: {
  client: Queryable;
  jobs: readonly DeliveryJob[];
  now: number;
}): Promise<void> {
  for (const batch of batches(jobs)) {
    await client.query("select bullmq.add_jobs_bulk($1, $2::jsonb)", [
      DELIVERY_QUEUE,
      JSON.stringify(batch.map((job) => toRow(job, now))),
    ]);
  }
}

function toRow(job: DeliveryJob, now: number): object {
  const id = jobId(job);
  const options = { jobId: id, attempts: ATTEMPTS, backoff: { type: "fixed", delay: TROUBLE_WAIT_MS } };
  return { id, name: "deliver", data: JSON.stringify(job), opts: options, timestamp: now, attempts: ATTEMPTS };
}

/** One job per round of a delivery. BullMQ allows neither `:` nor a mere number. */
function jobId({ deliveryId, round }: DeliveryJob): string {
  return `${deliveryId}-${round}`;
}

/** More than any delivery has: the worker decides when to give up, by the destination as it is then. */
const ATTEMPTS = 1_000_000;
/** The wait of a job that our own trouble stopped, such as a database that is away. */
const TROUBLE_WAIT_MS = 1000;
