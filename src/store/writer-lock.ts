/**
 * The writer lock: one Tripline process writes to one database. It is held by a connection of its own, for as long as
 * that lives; there is nothing to clean up after a crash.
 */

import { hostname } from "node:os";
import pg from "pg";
import { UserError } from "../core/errors.ts";

export interface WriterLock {
  /** Resolves with the reason when the lock's connection is lost: another process may write now, and we must not. */
  readonly lost: Promise<Error>;
  release(): Promise<void>;
}

/** "trip", "line": advisory locks are two numbers, shared by everybody in the database. */
const LOCK_KEYS = [0x74726970, 0x6c696e65];
/** A predecessor that was just stopped has let go of it by then. */
const LOCK_TIMEOUT_MS = 2000;
const LOCK_NOT_AVAILABLE = "55P03";

/** UserErrors: `database-in-use` when another process holds it, `no-database` when there is no way to the database. */
export async function acquireWriterLock(url: string): Promise<WriterLock> {
  const client = new pg.Client({
    connectionString: url,
    keepAlive: true,
    application_name: `tripline writer: process ${process.pid} on ${hostname()}`,
  });
  let isReleased = false;
  const lost = new Promise<Error>((resolve) => {
    client.on("error", resolve);
    client.on("end", () => isReleased || resolve(new Error("the writer lock's connection has ended")));
  });
  await client.connect().catch((error: Error) => {
    throw noDatabase(client, error);
  });
  try {
    await client.query(`set lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await client.query("select pg_advisory_lock($1, $2)", LOCK_KEYS);
  } catch (error) {
    const refused = (error as { code?: string }).code === LOCK_NOT_AVAILABLE ? await databaseInUse(client) : error;
    isReleased = true;
    await client.end();
    throw refused;
  }
  return {
    lost,
    async release() {
      isReleased = true;
      await client.end();
    },
  };
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
