/** The worker's side of deliveries in Postgres: what a job stands for, and what came of it. */

import type { DeliveryJob } from "../engine/delivery-job.ts";
import type { Alert } from "../engine/output.ts";
import type { AttemptOutcome, DeliveryLedger, DeliveryTask, Destination } from "../engine/ports.ts";
import { lockDestinations } from "./outbox.ts";
import { type Pool, transaction } from "./pool.ts";
import { storable } from "./storable.ts";

export class PostgresDeliveryLedger implements DeliveryLedger {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async load(job: DeliveryJob): Promise<DeliveryTask | null> {
    for (;;) {
      const found = await this.#find(job);
      if (found === null) return null;
      const { destination, ...task } = found;
      if (destination !== null) return { ...task, destination };
      if (await this.#wait(job)) return null;
    }
  }

  async recordAttempt({ job, attempt, status }: AttemptOutcome): Promise<void> {
    // Two workers may hold one job, when the first was thought dead: the row's lock gives each attempt its number.
    await this.#pool.query(
      `with delivery as (
         update tripline.deliveries set
           attempts = attempts + 1,
           status = case when $3 = 'delivered' or (status = 'pending' and round = $2) then $3 else status end
         where id = $1 returning id, attempts)
       insert into tripline.delivery_attempts (delivery_id, attempt, at, status, latency_ms, error, response_excerpt)
       select id, attempts, $4, $5, $6, $7, $8 from delivery`,
      [
        job.deliveryId,
        job.round,
        status,
        attempt.at,
        attempt.status,
        attempt.latencyMs,
        attempt.error && storable(attempt.error),
        attempt.responseExcerpt && storable(attempt.responseExcerpt),
      ],
    );
  }

  async #find({ deliveryId, round }: DeliveryJob): Promise<FoundTask | null> {
    const { rows } = await this.#pool.query<{ body: string; settings: string | null; attempts_before: number }>(
      `select alert.body, destination.settings, delivery.attempts - attempts_before_round as attempts_before
       from tripline.deliveries delivery
       join tripline.alerts alert on alert.id = alert_id
       left join tripline.destinations destination on name = delivery.destination
       where delivery.id = $1 and round = $2 and status = 'pending'`,
      [deliveryId, round],
    );
    const row = rows[0];
    if (row === undefined) return null;
    return {
      deliveryId,
      alert: JSON.parse(row.body) as Alert,
      destination: row.settings === null ? null : (JSON.parse(row.settings) as Destination),
      attemptsBefore: row.attempts_before,
    };
  }

  /** False when a destination of that name was put meanwhile: it did not see this delivery wait. */
  #wait({ deliveryId, round }: DeliveryJob): Promise<boolean> {
    return transaction(this.#pool, async (client) => {
      await lockDestinations(client);
      const { rowCount } = await client.query(
        `update tripline.deliveries set status = 'waiting'
         where id = $1 and round = $2 and status = 'pending'
           and not exists (select from tripline.destinations where name = destination)`,
        [deliveryId, round],
      );
      return rowCount === 1;
    });
  }
}

type FoundTask = Omit<DeliveryTask, "destination"> & { readonly destination: Destination | null };
