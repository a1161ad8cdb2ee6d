import { describe, expect, test } from "@jest/globals";
import { acquireWriterLock } from "../../src/store/writer-lock.ts";
import { testDatabase } from "../support/postgres.ts";

describe("the writer lock", () => {
  const database = testDatabase();

  test("is held by one process, and the other is told by which", async () => {
    const lock = await acquireWriterLock(database.url);
    await expect(acquireWriterLock(database.url)).rejects.toMatchObject({
      code: "database-in-use",
      message: expect.stringContaining(`process ${process.pid} on `) as unknown as string,
    });
    await lock.release();
    const next = await acquireWriterLock(database.url);
    await next.release();
  });

  test.each(["postgres://ann:secret@127.0.0.1:1/db", "postgres://ann:secret@localhost:1/db"])(
    "says where there is no database, and no password: %s",
    async (url) => {
      const error = await acquireWriterLock(url).catch((refused: Error) => refused);
      expect(error).toMatchObject({
        code: "no-database",
        message: expect.stringMatching(
          /^the database db at \S+:1 cannot be used: connect ECONNREFUSED/,
        ) as unknown as string,
      });
      expect(JSON.stringify(error) + (error as Error).message).not.toContain("secret");
    },
  );

  test("is waited for while its holder is about to let go", async () => {
    const lock = await acquireWriterLock(database.url);
    const next = acquireWriterLock(database.url);
    await lock.release();
    await (await next).release();
  });

  test("tells when its connection is lost, but not when it is released", async () => {
    const released = await acquireWriterLock(database.url);
    await released.release();
    const lock = await acquireWriterLock(database.url);
    await database.pool.query(
      "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())",
    );
    const first = await Promise.race([released.lost.then(() => "released"), lock.lost.then(() => "lost")]);
    expect(first).toBe("lost");
    expect((await lock.lost).message).toMatch(/terminat/);
    await lock.release();
  });
});
