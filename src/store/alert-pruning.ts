/**
 * Removes old alerts and deliveries from Postgres. No replay brings them back: what came of a record is written in the transaction that
 * says how far the log has been written out, and records below that are not written again (S9.28).
 */

import type { AlertKeeper, Gone } from "../engine/log/alert-retention.ts";
import { type Pool, type Queryable, transaction } from "./pool.ts";

/** Rows looked at, and removed, in one transaction. */
const ROWS_AT_ONCE = 1000;

export class PostgresAlertKeeper implements AlertKeeper {
  readonly #pool: Pool;
  readonly #mayWrite: () => Promise<void>;

  constructor({ pool, mayWrite = () => Promise.resolve() }: { pool: Pool; mayWrite?: () => Promise<void> }) {
    this.#pool = pool;
    this.#mayWrite = mayWrite;
  }

  pruneAlerts(before: number): AsyncIterable<Gone> {
    return this.#prune(before, { oldest: OLDEST_ALERTS, remove: removeAlerts });
  }

  pruneDeliveries(before: number): AsyncIterable<Gone> {
    return this.#prune(before, { oldest: OLDEST_DELIVERIES, remove: removeDeliveries });
  }

  /** Through what is old, up to the first slice with something young in it; what is to stay is passed over. */
  async *#prune(before: number, { oldest, remove }: Kind): AsyncGenerator<Gone> {
    for (let after: number | null = 0; after !== null;) {
      await this.#mayWrite();
      const page: readonly OldRow[] = (await this.#pool.query(oldest, [after, new Date(before), ROWS_AT_ONCE])).rows;
      const old = page.filter(({ isOld }) => isOld).map(({ id }) => id);
      if (old.length > 0) yield await transaction(this.#pool, (client) => remove(client, old));
      after = old.length === ROWS_AT_ONCE ? page.at(-1)!.sequence : null;
    }
  }
}

interface Kind {
  /** A page of them in order, and whether each is old. */
  readonly oldest: string;
  readonly remove: (client: Queryable, ids: readonly string[]) => Promise<Gone>;
}

interface OldRow {
  readonly id: string;
  readonly sequence: number;
  readonly isOld: boolean;
}

const OLDEST_ALERTS = `
  select id, sequence, written_at < $2 as "isOld" from tripline.alerts
  where sequence > $1 and sequence < (select max(sequence) from tripline.alerts) order by sequence limit $3`;

const OLDEST_DELIVERIES = `
  select id, sequence, created_at < $2 as "isOld" from tripline.deliveries
  where sequence > $1 order by sequence limit $3`;

async function removeAlerts(client: Queryable, ids: readonly string[]): Promise<Gone> {
  // Locked, so that none is tried again meanwhile. One that somebody else has locked is being tried, or will be: its alert stays.
  const { rows } = await client.query<{ alertId: string }>(
    `with free as (
       select id from tripline.deliveries
       where alert_id = any($1::text[]) and status <> 'pending' for update skip locked)
     select distinct alert_id as "alertId" from tripline.deliveries
     where alert_id = any($1::text[]) and id not in (select id from free)`,
    [ids],
  );
  const needed = new Set(rows.map(({ alertId }) => alertId));
  const unneeded = ids.filter((id) => !needed.has(id));
  await client.query(
    `delete from tripline.delivery_attempts where delivery_id in
       (select id from tripline.deliveries where alert_id = any($1::text[]))`,
    [unneeded],
  );
  const deliveries = await client.query("delete from tripline.deliveries where alert_id = any($1::text[])", [unneeded]);
  const alerts = await client.query("delete from tripline.alerts where id = any($1::text[])", [unneeded]);
  return { alerts: alerts.rowCount ?? 0, deliveries: deliveries.rowCount ?? 0 };
}

async function removeDeliveries(client: Queryable, ids: readonly string[]): Promise<Gone> {
  const { rows } = await client.query<{ id: string }>(
    `select id from tripline.deliveries where id = any($1::text[]) and status <> 'pending' for update skip locked`,
    [ids],
  );
  const unneeded = rows.map(({ id }) => id);
  await client.query("delete from tripline.delivery_attempts where delivery_id = any($1::text[])", [unneeded]);
  await client.query("delete from tripline.deliveries where id = any($1::text[])", [unneeded]);
  return { alerts: 0, deliveries: unneeded.length };
}
