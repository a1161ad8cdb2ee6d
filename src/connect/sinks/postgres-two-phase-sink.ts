/**
 * Rows into a table of another Postgres, each once, whatever dies: a checkpoint's rows are one transaction, prepared at its barrier
 * (`PREPARE TRANSACTION`) and committed once it is complete. A prepared transaction outlives our process, our connection and a
 * restart of the server, and is known by a global id that carries the sink's name.
 */

import { randomUUID } from "node:crypto";
import pg from "pg";
import { assert } from "../../core/assert.ts";
import { UserError } from "../../core/errors.ts";
import type { RecoveredTransactions, TwoPhaseSink } from "../../stream/sinks/two-phase-sink.ts";
import { requireConnection, sinkConnections } from "./postgres-connections.ts";
import { checkConflict, insertRows, requireTable, type OnConflict, type PostgresTable } from "./postgres-table.ts";

export interface PostgresTwoPhaseSinkOptions<T> {
  readonly url: string;
  /** Letters, digits, `_`, `-`, `.`; 40 of them at most. One sink at a time has it in a database: it ends whoever has it too. */
  readonly name: string;
  /** Made if there is none. It needs no key. */
  readonly table: PostgresTable<T>;
  /** `fail`, which is where none is expected, unless it is said. */
  readonly onConflict?: OnConflict;
}

/** UserError `bad-sink-name`; at the start `sink-refused`, `sink-table`, `sink-without-prepared-transactions`. */
export function postgresTwoPhaseSink<T>(options: PostgresTwoPhaseSinkOptions<T>): TwoPhaseSink<T, string> {
  return new PostgresTwoPhaseSink(options);
}

const UNDEFINED_OBJECT = "42704";
/** For a session that is ended to be gone. */
const TERMINATION_MS = 5000;

export class PostgresTwoPhaseSink<T> implements TwoPhaseSink<T, string> {
  readonly #pool: pg.Pool;
  readonly #session: string;
  /** Of the global ids of this sink; what follows is this process's, and a number. */
  readonly #prefix: string;
  readonly #process = randomUUID();
  readonly #table: PostgresTable<T>;
  readonly #onConflict: OnConflict;
  #begun = 0;
  #closed: Promise<void> | null = null;
  #open: { readonly transaction: string; readonly client: pg.PoolClient } | null = null;

  /** UserError `bad-sink-name`. */
  constructor({ url, name, table, onConflict = "fail" }: PostgresTwoPhaseSinkOptions<T>) {
    if (!/^[\w.-]{1,40}$/.test(name)) throw badName(name);
    checkConflict(table, onConflict);
    this.#session = `tripline sink ${name}`;
    this.#prefix = `tripline:${name}:`;
    this.#table = table;
    this.#onConflict = onConflict;
    this.#pool = sinkConnections({ url, as: this.#session });
  }

  /** The database answers, and takes what is written. UserErrors: those of the table, and `sink-without-prepared-transactions`. */
  async check(): Promise<void> {
    await requireConnection(this.#pool);
    const { rows } = await this.#pool.query<{ max: number }>(
      "select current_setting('max_prepared_transactions')::integer as max",
    );
    if (rows[0]!.max === 0) throw withoutPrepared();
    await requireTable(this.#pool, this.#table, { isUnique: false });
  }

  async begin(): Promise<string> {
    assert(this.#open === null, "one transaction at a time is open");
    const client = await this.#pool.connect();
    const transaction = `${this.#prefix}${this.#process}:${++this.#begun}`;
    this.#open = { transaction, client };
    await client.query("begin");
    return transaction;
  }

  async write(transaction: string, values: readonly T[]): Promise<void> {
    await insertRows(this.#clientOf(transaction), { table: this.#table, values, onConflict: this.#onConflict });
  }

  async preCommit(transaction: string): Promise<void> {
    const client = this.#clientOf(transaction);
    const { command } = await client.query(`prepare transaction ${pg.escapeLiteral(transaction)}`);
    // A transaction that has failed is rolled back by it, without an error.
    if (command !== "PREPARE") throw new Error("the transaction had failed, and was rolled back");
    client.release();
    this.#open = null;
  }

  async commit(transaction: string): Promise<void> {
    await this.#finish("commit", transaction);
  }

  async abort(transaction: string): Promise<void> {
    if (this.#open?.transaction === transaction) this.#giveUp();
    else await this.#finish("rollback", transaction);
  }

  async recover(pending: readonly string[]): Promise<RecoveredTransactions> {
    this.#giveUp();
    await this.check();
    await this.#endOthers();
    const { rows } = await this.#pool.query<{ gid: string }>(
      `select gid from pg_prepared_xacts
       where database = current_database() and (starts_with(gid, $1) or gid = any($2)) order by prepared`,
      [this.#prefix, pending], // a sink may have had another name when the checkpoint was taken
    );
    const left = rows.map(({ gid }) => gid);
    const toCommit = left.filter((gid) => pending.includes(gid));
    const toAbort = left.filter((gid) => !pending.includes(gid));
    for (const gid of toCommit) await this.#finish("commit", gid);
    for (const gid of toAbort) await this.#finish("rollback", gid);
    return { committed: toCommit.length, aborted: toAbort.length };
  }

  async close(): Promise<void> {
    this.#giveUp();
    await (this.#closed ??= this.#pool.end());
  }

  async #finish(how: "commit" | "rollback", transaction: string): Promise<void> {
    try {
      await this.#pool.query(`${how} prepared ${pg.escapeLiteral(transaction)}`);
    } catch (error) {
      if ((error as { code?: string }).code !== UNDEFINED_OBJECT) throw error; // else it is over already
    }
  }

  /** What an earlier process of this name, or a connection we gave up, has under way would otherwise be prepared behind our back. */
  async #endOthers(): Promise<void> {
    await this.#pool.query(
      `select pg_terminate_backend(pid, ${TERMINATION_MS}) from pg_stat_activity
       where application_name = $1 and datname = current_database() and usename = current_user and pid <> pg_backend_pid()`,
      [this.#session],
    );
  }

  /** The server rolls back what is open on a connection that ends. */
  #giveUp(): void {
    this.#open?.client.release(true);
    this.#open = null;
  }

  #clientOf(transaction: string): pg.PoolClient {
    assert(this.#open?.transaction === transaction, "it is the transaction that is open");
    return this.#open.client;
  }
}

function badName(name: string): UserError {
  return new UserError({
    code: "bad-sink-name",
    message: `a sink's name is ${JSON.stringify(name)}; expected 1 to 40 letters, digits, \`_\`, \`-\` or \`.\``,
    hint: "it is a part of the names of transactions, and of sessions, in the sink's database",
  });
}

function withoutPrepared(): UserError {
  return new UserError({
    code: "sink-without-prepared-transactions",
    message: "the sink's database prepares no transactions: its max_prepared_transactions is 0",
    hint: "set max_prepared_transactions = 10 in its postgresql.conf and start it again, or write idempotently",
  });
}
