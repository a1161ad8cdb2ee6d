/** What was promised is there after the database was killed. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { startEmbeddedPostgres } from "../../src/app/embedded-postgres.ts";
import { systemClock } from "../../src/app/system-clock.ts";
import type { LogRecord } from "../../src/engine/log/log-record.ts";
import { migrate } from "../../src/store/migrate.ts";
import { createPool } from "../../src/store/pool.ts";
import { postgresStores } from "../../src/store/stores.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { chunk, output } from "./samples.ts";

describe("after the database was killed", () => {
  const newFolder = temporaryFolders();

  test("each chunk and each alert is there that was acknowledged, and writing them again changes nothing", async () => {
    const dataDir = await newFolder();
    const killed = await startEmbeddedPostgres({ dataDir, initdbFlags: ["--no-sync"] });
    const pool = createPool(killed.url);
    await migrate(pool);
    const stores = postgresStores({ pool, clock: systemClock });
    await stores.log.append(chunk(0, 3));
    await stores.alerts.write([output("a", ["desk"])], 2);
    process.kill(postmasterOf(killed.folder), "SIGKILL");
    await killed.stop();

    const server = await startEmbeddedPostgres({ dataDir });
    const records: LogRecord[] = [];
    for await (const part of stores.log.read(0)) records.push(...part); // S9.2
    expect(records).toEqual(chunk(0, 3));
    await stores.log.append(chunk(0, 3));
    expect(await stores.log.end()).toBe(3);
    expect(await stores.alerts.writtenThrough()).toBe(2);
    expect(await stores.alerts.write([output("a", ["desk"])], 2)).toEqual([]); // S9.3
    expect((await stores.deliveries.list({}, { limit: 10, cursor: null })).items).toHaveLength(1);
    await pool.end();
    await server.stop();
  });
});

function postmasterOf(folder: string): number {
  return Number(readFileSync(join(folder, "postmaster.pid"), "utf8").split("\n")[0]);
}
