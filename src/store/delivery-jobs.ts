/**
 * Adds delivery jobs to BullMQ's queue by its SQL functions, in the caller's transaction: the jobs appear, and workers
 * wake, when it commits, and never when it does not. These functions are not BullMQ's public API: they are called here
 * only, its version is pinned, and a test holds them to what we expect.
 */

import { batches } from "../core/batches.ts";
import { DELIVERY_QUEUE, type DeliveryJob } from "../engine/delivery-job.ts";
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
    const rows = JSON.stringify(batch.map((job) => toRow(job, now)));
    await client.query({ ...(batch.length <= FEW ? ADD_ONE_BY_ONE : ADD_IN_BULK), values: [DELIVERY_QUEUE, rows] });
  }
}

const ADD_IN_BULK = { name: "add jobs", text: "select bullmq.add_jobs_bulk($1, $2::jsonb)" };

/** Its arguments: queue, id, name, data, opts, priority, delay, timestamp, attempts, and what we do not use. */
const ADD_ONE_BY_ONE = {
  name: "add jobs one by one",
  text: `
  select bullmq.add_job($1, job->>'id', job->>'name', (job->>'data')::jsonb, job->'opts', 0, 0,
    (job->>'timestamp')::bigint, (job->>'attempts')::integer, null, null, null, null, null, false)
  from jsonb_array_elements($2::jsonb) as jobs (job)`,
};

/** The bulk function makes two temporary tables, which takes 10 ms; a job by itself takes less than one. */
const FEW = 10;

function toRow(job: DeliveryJob, now: number): object {
  const id = jobId(job);
  const opts = { jobId: id, attempts: ATTEMPTS, backoff: { type: "fixed", delay: TROUBLE_WAIT_MS } };
  return { id, name: "deliver", data: JSON.stringify(job), opts, timestamp: now, attempts: ATTEMPTS };
}

/** One job per round of a delivery. BullMQ allows neither `:` nor a mere number. */
function jobId({ deliveryId, round }: DeliveryJob): string {
  return `${deliveryId}-${round}`;
}

/** More than any delivery has: the worker decides when to give up, by the destination as it is then. */
const ATTEMPTS = 1_000_000;
/** The wait of a job that our own trouble stopped, such as a database that is away. */
const TROUBLE_WAIT_MS = 1000;
