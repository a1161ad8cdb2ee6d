import { describe, expect, test } from "@jest/globals";
import { createQueuePool, transaction } from "../../src/store/pool.ts";
import { testDatabase } from "../support/postgres.ts";

describe("connections to Postgres", () => {
  const database = testDatabase();

  test("give bigints as numbers, and refuse those that are none", async () => {
    const { rows } = await database.pool.query("select 9007199254740991::bigint as n, null::bigint as none");
    expect(rows).toEqual([{ n: Number.MAX_SAFE_INTEGER, none: null }]);
    await expect(database.pool.query("select 9007199254740992::bigint")).rejects.toThrow("not a safe integer");
  });

  test("undo a transaction that fails, and are good for the next", async () => {
    await database.pool.query("create table made (n integer)");
    const failed = transaction(database.pool, async (client) => {
      await client.query("insert into made values (1)");
      throw new Error("no");
    });
    await expect(failed).rejects.toThrow("no");
    expect(await transaction(database.pool, (client) => client.query("select from made"))).toMatchObject({
      rowCount: 0,
    });
  });

  test("that are cut off fail their query, and nothing else", async () => {
    const cutOff = transaction(database.pool, (client) =>
      client.query("select pg_terminate_backend(pg_backend_pid())"),
    );
    await expect(cutOff).rejects.toThrow("terminat");
    expect((await database.pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  test("of the queue find its schema, beside the options that the URL has", async () => {
    const pool = createQueuePool(`${database.url}&options=-c%20statement_timeout%3D7s`);
    const { rows } = await pool.query(
      "select current_setting('search_path') as path, current_setting('statement_timeout') as timeout",
    );
    expect(rows).toEqual([{ path: "bullmq", timeout: "7s" }]);
    await pool.end();
  });
});
