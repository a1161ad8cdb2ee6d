import { describe, expect, test } from "@jest/globals";
import { PostgresEventLog } from "../../src/store/event-log.ts";
import { testDatabase } from "../support/postgres.ts";

describe("the event log in Postgres", () => {
  const database = testDatabase();
  test("begins empty", async () => {
    const log = new PostgresEventLog(database.pool);
    expect(await log.end()).toBe(0);
  });
});
