/** What earlier versions left behind is opened, and goes on to the same alerts, under the same ids (test/vectors/installations). */

import { cp, readFile } from "node:fs/promises";
import { readdirSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { startService, type RunningService } from "../../src/app/compose.ts";
import { readConfig } from "../../src/app/config.ts";
import { createLogger } from "../../src/app/logger.ts";
import { systemClock } from "../../src/app/system-clock.ts";
import { fileCheckpoints } from "../../src/store/checkpoints/file-checkpoints.ts";
import { createPool, type Pool } from "../../src/store/pool.ts";
import { postgresStores } from "../../src/store/stores.ts";
import { eventually } from "../support/eventually.ts";
import { call, succeeded } from "../support/http-call.ts";
import { migrateTo } from "../support/migrate-to.ts";
import { createDatabase, dropDatabase } from "../support/postgres.ts";
import { root } from "../support/project.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const INSTALLATIONS = path.join(root, "test", "vectors", "installations");

interface Database {
  readonly migrations: readonly string[];
  readonly tables: Readonly<Record<string, readonly object[]>>;
}

interface Expected {
  readonly atSavepoint: number;
  readonly behindSavepoint: readonly object[];
  readonly rest: readonly object[];
  readonly alerts: readonly string[];
}

const newFolder = temporaryFolders();
let url: string;
let pool: Pool;
let running: RunningService | null = null;
beforeEach(async () => {
  url = await createDatabase({ from: "template0" });
  pool = createPool(url);
});
afterEach(async () => {
  await running?.stop();
  running = null;
  await pool.end();
  await dropDatabase(url);
});

async function start(env: Readonly<Record<string, string>> = {}): Promise<void> {
  running = await startService({
    config: readConfig({
      args: ["--port", "0", "--rules", path.join(root, "none")],
      env: { DATABASE_URL: url, TRIPLINE_CHECKPOINT_INTERVAL: "off", ...env },
    }),
    clock: systemClock,
    log: createLogger("silent"),
    signal: new AbortController().signal,
  });
}

/** All that there was in it, in the schema of its version. */
async function load({ migrations, tables }: Database): Promise<void> {
  await migrateTo(pool, migrations.length);
  for (const [table, rows] of Object.entries(tables)) {
    await pool.query(`delete from tripline.${table}`);
    await pool.query(
      `insert into tripline.${table} overriding system value
       select * from jsonb_populate_recordset(null::tripline.${table}, $1)`,
      [JSON.stringify(rows)],
    );
  }
  for (const table of ["alerts", "deliveries"]) {
    await pool.query(
      `select setval(pg_get_serial_sequence('tripline.${table}', 'sequence'), max(sequence)) from tripline.${table}`,
    );
  }
}

async function send(request: string, body: string | Buffer, type: string): Promise<void> {
  succeeded(await call(running!.url, request, { body, type }));
}

/** Until its streams' end; gives the alerts, the oldest first. */
async function goOn(events: readonly object[]): Promise<string[]> {
  await send("POST /v1/events", events.map((event) => JSON.stringify(event)).join("\n"), "application/x-ndjson");
  for (const stream of ["s", "r"]) {
    await send(`POST /v1/streams/${stream}/watermark`, '{"time":"end"}', "application/json");
  }
  await eventually(async () => {
    const { logEnd, processed } = (await call(running!.url, "GET /v1/status")).json();
    return logEnd === processed;
  });
  const { items } = (await call(running!.url, "GET /v1/alerts?limit=1000")).json<{ items: Record<string, string>[] }>();
  return items.reverse().map(({ rule, kind, id }) => `${rule} ${kind} ${id}`);
}

describe.each(readdirSync(INSTALLATIONS).filter((name) => !name.includes(".")))("the installation of %s", (name) => {
  const folder = path.join(INSTALLATIONS, name);
  let expected: Expected;
  beforeEach(async () => {
    expected = JSON.parse(await readFile(path.join(folder, "expected.json"), "utf8")) as Expected;
  });

  async function loadDatabase(): Promise<void> {
    await load(JSON.parse(await readFile(path.join(folder, "database.json"), "utf8")) as Database);
  }

  test("goes on from its database, and its checkpoint there", async () => {
    await loadDatabase();
    const { checkpoints, log } = postgresStores({ pool, clock: systemClock });
    const [entry] = await checkpoints.list();
    if (entry === undefined || "fault" in entry) throw new Error("the checkpoint cannot be read");
    await log.truncate({ before: entry.summary.offset }); // there is no other way
    await start();
    expect(await goOn(expected.rest)).toEqual(expected.alerts);
  });

  test("goes on from its database without a checkpoint: from all of its log", async () => {
    await loadDatabase();
    await pool.query("delete from tripline.checkpoints");
    await start();
    expect(await goOn(expected.rest)).toEqual(expected.alerts);
  });

  test("goes on from its checkpoint folder", async () => {
    await loadDatabase();
    await pool.query("delete from tripline.checkpoints");
    const copy = await newFolder();
    await cp(path.join(folder, "checkpoints"), copy, { recursive: true });
    const entries = await fileCheckpoints(copy).list();
    expect(entries).toMatchObject([{ kind: "checkpoint" }, { kind: "savepoint", name: "moving" }]);
    const offset = "summary" in entries[0]! ? entries[0].summary.offset : NaN;
    await postgresStores({ pool, clock: systemClock }).log.truncate({ before: offset }); // there is no other way
    await start({ TRIPLINE_CHECKPOINT_FOLDER: copy });
    expect(await goOn(expected.rest)).toEqual(expected.alerts);
  });

  test("goes on elsewhere, from its savepoint", async () => {
    await start();
    const file = await readFile(path.join(folder, "moving.savepoint"));
    await send("POST /v1/savepoints/theirs/import", file, "application/octet-stream");
    succeeded(await call(running!.url, "POST /v1/savepoints/theirs/restore"));
    const { atSavepoint, behindSavepoint, rest, alerts } = expected;
    expect(await goOn([...behindSavepoint, ...rest])).toEqual(alerts.slice(atSavepoint));
  });
});
