/**
 * One connection that holds the writer lock for as long as it lives: an advisory lock of Postgres, so there is nothing to clean
 * up after a crash.
 */

import { hostname } from "node:os";
import pg from "pg";
import { UserError } from "../core/errors.ts";

/** The server's process behind a connection. */
export interface Backend {
  readonly pid: number;
  /** Numbers come again; with its start they do not. */
  readonly startedAt: string;
}

export interface WriterSession {
  readonly client: pg.Client;
  readonly backend: Backend;
  /** Resolves with the reason when the connection has ended, and the lock with it; not when it is closed here. */
  readonly ended: Promise<Error>;
  close(): Promise<void>;
}

/** "trip", "line": advisory locks are two numbers, shared by everybody in the database. */
const LOCK_KEYS = [0x74726970, 0x6c696e65];
/** A predecessor that was just stopped has let go of it by then. */
const LOCK_TIMEOUT_MS = 2000;
const CONNECT_TIMEOUT_MS = 10_000;
const LOCK_NOT_AVAILABLE = "55P03";

/**
 * UserErrors: `database-in-use` when another process holds the lock, `no-database` when there is no way to the database.
 * `predecessor` was our own: where the server has not noticed its end yet, it is ended.
 */
export async function openWriterSession(url: string, predecessor: Backend | null = null): Promise<WriterSession> {
  const client = new pg.Client({
    connectionString: url,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: `tripline writer: process ${process.pid} on ${hostname()}`,
  });
  let isClosed = false;
  const ended = new Promise<Error>((resolve) => {
    client.on("error", resolve);
    client.on("end", () => isClosed || resolve(new Error("the writer lock's connection has ended")));
  });
  const close = async (): Promise<void> => {
    isClosed = true;
    await client.end();
  };
  await client.connect().catch((error: Error) => {
    throw noDatabase(client, error);
  });
  try {
    if (predecessor !== null) await endBackend(client, predecessor);
    await client.query(`set lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await client.query("select pg_advisory_lock($1, $2)", LOCK_KEYS);
    return { client, backend: await ownBackend(client), ended, close };
  } catch (error) {
    const refused = (error as { code?: string }).code === LOCK_NOT_AVAILABLE ? await databaseInUse(client) : error;
    await close();
    throw refused;
  }
}

async function ownBackend(client: pg.Client): Promise<Backend> {
  const { rows } = await client.query<Backend>(
    `select pid, backend_start::text as "startedAt" from pg_stat_activity where pid = pg_backend_pid()`,
  );
  return rows[0]!;
}

async function endBackend(client: pg.Client, { pid, startedAt }: Backend): Promise<void> {
  await client.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where pid = $1 and backend_start::text = $2",
    [pid, startedAt],
  );
}

/** Where it was looked for, but never the user or the password. */
function noDatabase({ host, port, database }: pg.Client, error: Error): UserError {
  // A host with several addresses gives an error for each, and an empty message for all.
  const reason =
    error instanceof AggregateError ? error.errors.map(({ message }: Error) => message).join("; ") : error.message;
  return new UserError({
    code: "no-database",
    message: `the database ${database} at ${host}:${port} cannot be used: ${reason}`,
    hint: "check DATABASE_URL; without it, an embedded Postgres is used",
  });
}

async function databaseInUse(client: pg.Client): Promise<UserError> {
  const { rows } = await client.query<{ application_name: string; client_addr: string | null }>(
    `select a.application_name, a.client_addr from pg_locks l join pg_stat_activity a using (pid)
     where l.locktype = 'advisory' and l.granted and l.classid = $1 and l.objid = $2 and l.objsubid = 2
       and l.database = (select oid from pg_database where datname = current_database())`,
    LOCK_KEYS,
  );
  const holder = rows[0];
  const from = holder?.client_addr ? ` (${holder.client_addr})` : "";
  return new UserError({
    code: "database-in-use",
    message: `another process writes to this database${holder ? `: ${holder.application_name}${from}` : ""}`,
    hint: "stop that process, or give this one another database",
  });
}
