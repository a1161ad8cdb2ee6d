/** Connections of a sink to its database. */

import pg from "pg";
import { UserError } from "../../core/errors.ts";

/** One is in a transaction, the other commits those before it. */
const CONNECTIONS = 2;
const CONNECT_TIMEOUT_MS = 10_000;
/** A server that has not answered by then is as good as away. */
const QUERY_TIMEOUT_MS = 60_000;

/** `as` is what the server lists its sessions by. */
export function sinkConnections({ url, as }: { readonly url: string; readonly as: string }): pg.Pool {
  const named = new URL(url); // in the URL, because there it wins over every other way to give it
  named.searchParams.set("application_name", as);
  const pool = new pg.Pool({
    connectionString: named.href,
    max: CONNECTIONS,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
  });
  // A connection that the server closed: its query fails, if there is one, and the next query gets a fresh connection.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** UserError `sink-refused` when the database is there, and does not let us in. */
export async function requireConnection(pool: pg.Pool): Promise<void> {
  try {
    await pool.query("select 1");
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (typeof code === "string" && /^(?:28|3D)/.test(code)) throw refused(error as Error);
    throw error;
  }
}

function refused({ message }: Error): UserError {
  return new UserError({
    code: "sink-refused",
    message: `the sink's database does not let us in: ${message}`,
    hint: "check the user, the password and the database in its URL",
  });
}
