/** The outbox: deliveries and their jobs, written in the transaction that makes them due. */

import { batches } from "../core/batches.ts";
import { computedId } from "../core/ids.ts";
import type { DeliveryJob } from "../engine/delivery-job.ts";
import { addDeliveryJobs } from "./delivery-jobs.ts";
import type { Queryable } from "./pool.ts";

export interface NewDelivery {
  readonly alertId: string;
  readonly destination: string;
}

export function deliveryId({ alertId, destination }: NewDelivery): string {
  return computedId([alertId, destination]);
}

/** Those whose destination exists are pending and get a job; the others wait until one of that name is put. */
export async function addDeliveries({
  client,
  deliveries,
  now,
}: {
  client: Queryable;
  deliveries: readonly NewDelivery[];
  now: number;
}): Promise<void> {
  if (deliveries.length === 0) return;
  await lockDestinations(client);
  const known = await destinationNames(client);
  for (const batch of batches(deliveries)) {
    await client.query({
      name: "insert deliveries",
      text: `insert into tripline.deliveries (id, alert_id, destination, status, created_at)
       select id, alert_id, destination, status, $5
       from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as new (id, alert_id, destination, status)`,
      values: [
        batch.map(deliveryId),
        batch.map(({ alertId }) => alertId),
        batch.map(({ destination }) => destination),
        batch.map(({ destination }) => (known.has(destination) ? "pending" : "waiting")),
        new Date(now),
      ],
    });
  }
  const due = deliveries.filter(({ destination }) => known.has(destination));
  await addDeliveryJobs({ client, jobs: due.map((delivery) => ({ deliveryId: deliveryId(delivery), round: 1 })), now });
}

/**
 * Until the transaction ends the destinations stay these: one that is put meanwhile waits, and then finds the deliveries
 * that wait for it.
 */
export async function lockDestinations(client: Queryable): Promise<void> {
  await client.query("lock table tripline.destinations in share mode");
}

async function destinationNames(client: Queryable): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>("select name from tripline.destinations");
  return new Set(rows.map(({ name }) => name));
}

/** Begins a new round for the deliveries that a condition on them tells: pending again, with all attempts before them. */
export async function queueAfresh({
  client,
  where,
  parameters,
  now,
}: {
  client: Queryable;
  where: string;
  parameters: readonly unknown[];
  now: number;
}): Promise<number> {
  const { rows } = await client.query<DeliveryJob>(
    `update tripline.deliveries set status = 'pending', round = round + 1, attempts_before_round = attempts
     where ${where} returning id as "deliveryId", round`,
    [...parameters],
  );
  await addDeliveryJobs({ client, jobs: rows, now });
  return rows.length;
}
