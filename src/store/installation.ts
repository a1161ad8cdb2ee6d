/** Which installation it is: the one whose log is in this database. */

import { hash } from "node:crypto";
import type { Queryable } from "./pool.ts";

/** The same as long as the database is, and of no other database: 12 hexadecimal digits. */
export async function installationId(on: Queryable): Promise<string> {
  const { rows } = await on.query<{ server: string; database: string }>(
    `select (pg_control_system()).system_identifier::text as server,
            (select oid::text from pg_database where datname = current_database()) as database`,
  );
  const { server, database } = rows[0]!;
  return hash("sha256", `${server} ${database}`, "hex").slice(0, 12);
}
