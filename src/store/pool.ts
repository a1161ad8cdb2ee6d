/**
 * Connections to Postgres: the one place that makes them. What is run again and again is given a `name`: each connection then has it
 * parsed and planned once.
 */

import pg from "pg";
import { assert } from "../core/assert.ts";

export type Pool = pg.Pool;

/** What a statement runs on: a pool, or a client inside a transaction. */
export type Queryable = Pick<pg.ClientBase, "query">;

const POOL_SIZE = 10;
/** One of them listens for jobs; the rest are shared by the attempts that run at once. */
const QUEUE_POOL_SIZE = 12;

export function createPool(url: string): Pool {
  return resilientPool({ connectionString: url, max: POOL_SIZE });
}

/** BullMQ calls its functions without a schema, and leaves it to the pool's owner to say which. */
export function createQueuePool(url: string): Pool {
  return resilientPool({ connectionString: withSearchPath(url, "bullmq"), max: QUEUE_POOL_SIZE });
}

function resilientPool(config: pg.PoolConfig): Pool {
  const pool = new pg.Pool({ keepAlive: true, application_name: "tripline", types: TYPES, ...config });
  // A connection that the server closed: its query fails, if there is one, and the next query gets a fresh connection.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** In the URL, because there it wins over every other way to give it. */
function withSearchPath(url: string, schema: string): string {
  const extended = new URL(url);
  const options = extended.searchParams.get("options");
  extended.searchParams.set("options", `${options === null ? "" : `${options} `}-c search_path=${schema}`);
  return extended.href;
}

const TYPES: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    if (oid === pg.types.builtins.INT8 && format !== "binary") return parseInt8;
    return pg.types.getTypeParser(oid, format) as (text: string) => unknown;
  },
};

/** Offsets and sequences: 2^53 of them last longer than the disk. */
function parseInt8(text: string): number {
  const value = Number(text);
  assert(Number.isSafeInteger(value), `${text} is not a safe integer`);
  return value;
}

/** Commits what `work` did, or nothing of it. */
export async function transaction<T>(pool: Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    await client.query("rollback").then(
      () => client.release(),
      () => client.release(true), // the connection is gone; the server rolls back by itself
    );
    throw error;
  }
}
