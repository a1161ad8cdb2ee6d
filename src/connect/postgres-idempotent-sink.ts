/** Rows into a table of another Postgres, at once: one that is there already changes nothing, and is known by the table's key. */

import type pg from "pg";
import type { IdempotentSink } from "../stream/two-phase-sink.ts";
import { requireConnection, sinkConnections } from "./postgres-connections.ts";
import { insertRows, requireTable, type PostgresTable } from "./postgres-table.ts";

export interface PostgresSinkOptions<T> {
  readonly url: string;
  /** Made if there is none, with its `key`; one that is there needs a unique index. */
  readonly table: PostgresTable<T>;
}

/** UserErrors while it is written: `sink-refused`, `sink-table`, `sink-table-without-key`. */
export function postgresSink<T>(options: PostgresSinkOptions<T>): IdempotentSink<T> {
  return new PostgresIdempotentSink(options);
}

export class PostgresIdempotentSink<T> implements IdempotentSink<T> {
  readonly #pool: pg.Pool;
  readonly #table: PostgresTable<T>;
  #isChecked = false;
  #closed: Promise<void> | null = null;

  constructor({ url, table }: PostgresSinkOptions<T>) {
    this.#pool = sinkConnections({ url, as: "tripline sink" });
    this.#table = table;
  }

  /** The database answers, and takes what is written. UserErrors: those of the table. */
  async check(): Promise<void> {
    await requireConnection(this.#pool);
    await requireTable(this.#pool, this.#table, { isUnique: true });
    this.#isChecked = true;
  }

  async write(values: readonly T[]): Promise<void> {
    if (!this.#isChecked) await this.check();
    await insertRows(this.#pool, { table: this.#table, values, onConflict: "nothing" });
  }

  async close(): Promise<void> {
    await (this.#closed ??= this.#pool.end());
  }
}
