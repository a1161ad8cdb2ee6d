/** A database for a suite: real, migrated, its own, and dropped when the suite is over. */

import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll } from "@jest/globals";
import pg from "pg";
import { migrateQueue } from "../../src/delivery/queue.ts";
import { migrate } from "../../src/store/migrate.ts";
import { createPool, createQueuePool, type Pool } from "../../src/store/pool.ts";

export interface TestDatabase {
  readonly url: string;
  readonly pool: Pool;
}

/** Call it where `describe` is called; what it gives can be used inside of tests. */
export function testDatabase(): TestDatabase {
  const database = { url: "" } as { -readonly [K in keyof TestDatabase]: TestDatabase[K] };
  beforeAll(async () => {
    database.url = await createDatabase();
    database.pool = createPool(database.url);
  });
  afterAll(async () => {
    await database.pool.end();
    await dropDatabase(database.url);
  });
  return database;
}

/** The URL of a new database; empty instead of migrated when there is no template to copy. */
export async function createDatabase({ from = TEMPLATE }: { from?: string } = {}): Promise<string> {
  const server = await serverUrl();
  if (from === TEMPLATE) await makeTemplate(server);
  const name = `suite_${process.pid}_${databases++}`;
  await run(server, `create database ${name} template ${from} strategy file_copy`);
  return withDatabase(server, name);
}

/** Whoever is still connected to it is cut off. */
export async function dropDatabase(url: string): Promise<void> {
  await run(await serverUrl(), `drop database ${databaseOf(url)} with (force)`);
}

/** Back to what a new database holds. */
export async function emptyDatabase(pool: Pool): Promise<void> {
  await pool.query(
    `truncate tripline.log_chunks, tripline.alerts, tripline.late_events, tripline.deliveries, tripline.delivery_attempts,
       tripline.destinations, tripline.checkpoints, tripline.checkpoint_chunks, tripline.taken_lines, tripline.poison_records, bullmq.job restart identity cascade;
     update tripline.engine_progress set written_through = 0`,
  );
}

const TEMPLATE = "tripline_template";
const MAKING_THE_TEMPLATE = 1;
let databases = 0;

async function makeTemplate(server: string): Promise<void> {
  const client = new pg.Client(server);
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [MAKING_THE_TEMPLATE]);
    const { rowCount } = await client.query("select from pg_database where datname = $1", [TEMPLATE]);
    if (rowCount === 1) return;
    // Migrated under another name, so that what bears the template's is ready to be copied.
    await client.query(`create database ${TEMPLATE}_draft`);
    await migrateAll(withDatabase(server, `${TEMPLATE}_draft`));
    await client.query(`alter database ${TEMPLATE}_draft rename to ${TEMPLATE}`);
  } finally {
    await client.end();
  }
}

async function migrateAll(url: string): Promise<void> {
  const pool = createPool(url);
  const queuePool = createQueuePool(url);
  await migrate(pool);
  await migrateQueue(queuePool);
  await Promise.all([pool.end(), queuePool.end()]);
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

let asked: Promise<string> | undefined;

function serverUrl(): Promise<string> {
  asked ??= askForServer();
  return asked;
}

async function askForServer(): Promise<string> {
  const socket = connect(process.env["TEST_PG"]!).setEncoding("utf8");
  let url = "";
  socket.on("data", (text: string) => (url += text));
  await once(socket, "close");
  if (url === "") throw new Error("the run's Postgres did not start; see what the global setup said");
  return url;
}

function databaseOf(url: string): string {
  return new URL(url).pathname.slice(1);
}

function withDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}
