/** Stores to measure with: in memory, the same with checkpoints in files, and over a Postgres of their own. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { startEmbeddedPostgres } from "../dist/app/embedded-postgres.js";
import { systemClock } from "../dist/app/system-clock.js";
import { migrateQueue } from "../dist/delivery/queue.js";
import { fileCheckpoints } from "../dist/store/checkpoints/file-checkpoints.js";
import { memoryStores } from "../dist/store/memory.js";
import { migrate } from "../dist/store/migrate.js";
import { createPool, createQueuePool } from "../dist/store/pool.js";
import { postgresStores } from "../dist/store/stores.js";

export const STORES = ["memory", "file", "postgres"];

/** Runs `use(stores)`; what was made for it goes afterwards. */
export async function withStores(kind, use) {
  if (kind === "memory") return await use(memoryStores(systemClock));
  const folder = await mkdtemp(path.join(tmpdir(), "tripline-bench-"));
  try {
    if (kind === "postgres") return await withPostgres(folder, use);
    return await use({ ...memoryStores(systemClock), checkpoints: fileCheckpoints(folder) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function withPostgres(folder, use) {
  const postgres = await startEmbeddedPostgres({ dataDir: folder });
  const pool = createPool(postgres.url);
  try {
    await migrate(pool);
    const queuePool = createQueuePool(postgres.url);
    await migrateQueue(queuePool);
    await queuePool.end();
    return await use(postgresStores({ pool, clock: systemClock }));
  } finally {
    await pool.end();
    await postgres.stop();
  }
}
