/** Rows into a table of another Postgres, at once, known by the table's key: one that comes again changes nothing. */

import type pg from "pg";
import type { IdempotentSink } from "../../stream/sinks/two-phase-sink.ts";
import { requireConnection, sinkConnections } from "./postgres-connections.ts";
import { checkConflict, insertRows, requireTable, type PostgresTable } from "./postgres-table.ts";

export interface PostgresSinkOptions<T> {
  readonly url: string;
  /** Made if there is none, with its `key`; one that is there needs a unique index. */
  readonly table: PostgresTable<T>;
  /**
   * `update`: the newest row of a key replaces the one before, as a sum so far does; until a job that has begun again has caught up,
   * older ones may be there once more. `nothing`, which is the default: the first stays.
   */
  readonly onConflict?: "nothing" | "update";
}

/** UserError `bad-argument` for `update` without a `key`. UserErrors while it is written: `sink-refused`, `sink-table`, `sink-table-without-key`. */
export function postgresSink<T>(options: PostgresSinkOptions<T>): IdempotentSink<T> {
  return new PostgresIdempotentSink(options);
}

export class PostgresIdempotentSink<T> implements IdempotentSink<T> {
  readonly #pool: pg.Pool;
  readonly #table: PostgresTable<T>;
  readonly #onConflict: "nothing" | "update";
  #isChecked = false;
  #closed: Promise<void> | null = null;

  constructor({ url, table, onConflict = "nothing" }: PostgresSinkOptions<T>) {
    checkConflict(table, onConflict);
    this.#pool = sinkConnections({ url, as: "tripline sink" });
    this.#table = table;
    this.#onConflict = onConflict;
  }

  /** The database answers, and takes what is written. UserErrors: those of the table. */
  async check(): Promise<void> {
    await requireConnection(this.#pool);
    await requireTable(this.#pool, this.#table, { isUnique: true });
    this.#isChecked = true;
  }

  async write(values: readonly T[]): Promise<void> {
    if (!this.#isChecked) await this.check();
    await insertRows(this.#pool, { table: this.#table, values, onConflict: this.#onConflict });
  }

  async close(): Promise<void> {
    await (this.#closed ??= this.#pool.end());
  }
}
