/** Connections of a sink to its database. */

import pg from "pg";

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
