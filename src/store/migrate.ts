/** Brings the schema `tripline` up to date, forward only. Several that start at once wait for each other. */

import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { runner } from "node-pg-migrate";
import { UserError } from "../core/errors.ts";
import type { Pool, Queryable } from "./pool.ts";

const MIGRATIONS = fileURLToPath(new URL("../../migrations", import.meta.url));

/** UserError `database-newer` when a later version of Tripline has migrated the database. */
export async function migrate(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runner({
      dbClient: client,
      dir: MIGRATIONS,
      ignorePattern: "schema\\.sql",
      direction: "up",
      schema: "tripline",
      createSchema: true,
      migrationsTable: "migrations",
      advisoryLockMode: "wait",
      log: () => undefined,
    });
    await refuseNewer(client);
  } finally {
    client.release(true); // its search path was changed, and after an error its transaction is still open
  }
}

async function refuseNewer(client: Queryable): Promise<void> {
  const { rows } = await client.query<{ name: string }>("select name from tripline.migrations order by id");
  const known = new Set(await readdir(MIGRATIONS));
  const unknown = rows.find(({ name }) => !known.has(`${name}.sql`));
  if (unknown === undefined) return;
  throw new UserError({
    code: "database-newer",
    message: `the database has been migrated by a later version of Tripline (${unknown.name})`,
    hint: "run that version; the schema only moves forward",
  });
}
