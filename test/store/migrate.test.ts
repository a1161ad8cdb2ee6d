import { readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { systemClock } from "../../src/app/system-clock.ts";
import type { LogRecord } from "../../src/engine/log/log-record.ts";
import { migrate } from "../../src/store/migrate.ts";
import { createPool, type Pool } from "../../src/store/pool.ts";
import { postgresStores } from "../../src/store/stores.ts";
import { migrateTo } from "../support/migrate-to.ts";
import { createDatabase, dropDatabase } from "../support/postgres.ts";
import { dumpSchema } from "../support/schema-dump.ts";

const SCHEMA_FILE = new URL("../../migrations/schema.sql", import.meta.url);

describe("migrations", () => {
  let url: string;
  let pool: Pool;
  beforeEach(async () => {
    url = await createDatabase({ from: "template0" });
    pool = createPool(url);
  });
  afterEach(async () => {
    await pool.end();
    await dropDatabase(url);
  });

  test("lead to migrations/schema.sql (UPDATE_SCHEMA=1 writes it anew)", async () => {
    await migrate(pool);
    const schema = await dumpSchema(pool, "tripline");
    if (process.env["UPDATE_SCHEMA"] === "1") await writeFile(SCHEMA_FILE, schema);
    expect(schema).toBe(await readFile(SCHEMA_FILE, "utf8"));
  });

  test("run once when several start at the same time, and change nothing when they run again", async () => {
    await Promise.all([migrate(pool), migrate(pool), migrate(pool)]);
    await pool.query("update tripline.engine_progress set written_through = 7");
    await migrate(pool);
    const { rows } = await pool.query("select written_through from tripline.engine_progress");
    expect(rows).toEqual([{ written_through: 7 }]);
  });

  test("leave a log readable that was written before the log had a retention", async () => {
    await migrateTo(pool, 3);
    const body = await readFile(new URL("../vectors/log/format-1.deflate", import.meta.url));
    const records = JSON.parse(
      await readFile(new URL("../vectors/log/format-1.json", import.meta.url), "utf8"),
    ) as LogRecord[];
    const start = records[0]!.offset;
    await pool.query(
      `insert into tripline.log_chunks (base_offset, record_count, format, raw_bytes, body) values ($1, $2, 1, 9, $3)`,
      [start, records.length, body],
    );
    await migrate(pool);
    const { log } = postgresStores({ pool, clock: systemClock });
    const read: LogRecord[] = [];
    for await (const part of log.read(start)) read.push(...part);
    expect(read).toEqual(records);
    const [segment] = await log.oldest(1);
    expect(segment).toMatchObject({ start, bytes: body.length });
    expect(segment!.appendedAt).toBeGreaterThan(Date.parse("2026-01-01"));
  });

  test("refuse a database that a later version has migrated", async () => {
    await migrate(pool);
    await pool.query("insert into tripline.migrations (name, run_on) values ('000999_later', now())");
    await expect(migrate(pool)).rejects.toMatchObject({
      code: "database-newer",
      message: expect.stringContaining("000999_later") as unknown as string,
    });
  });
});
