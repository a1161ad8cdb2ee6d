/** A database as an earlier version left it. */

import path from "node:path";
import { runner } from "node-pg-migrate";
import type { Pool } from "../../src/store/pool.ts";
import { root } from "./project.ts";

/** As an earlier version did that had so many migrations. */
export async function migrateTo(pool: Pool, count: number): Promise<void> {
  const client = await pool.connect();
  await runner({
    dbClient: client,
    dir: path.join(root, "migrations"),
    ignorePattern: "schema\\.sql",
    direction: "up",
    count,
    schema: "tripline",
    createSchema: true,
    migrationsTable: "migrations",
    log: () => undefined,
  });
  client.release(true);
}
