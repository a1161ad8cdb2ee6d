import { describe, expect, test } from "@jest/globals";
import { WriterLock } from "../../src/store/writer-lock.ts";
import { openWriterSession } from "../../src/store/writer-session.ts";
import { eventually } from "../support/eventually.ts";
import { testDatabase } from "../support/postgres.ts";

describe("the writer lock", () => {
  const database = testDatabase();

  test("is held by one process, and the other is told by which", async () => {
    const lock = await WriterLock.acquire({ url: database.url });
    await expect(WriterLock.acquire({ url: database.url })).rejects.toMatchObject({
      code: "database-in-use",
      message: expect.stringContaining(`process ${process.pid} on `) as unknown as string,
    });
    await lock.release();
    const next = await WriterLock.acquire({ url: database.url });
    await next.release();
  });

  test.each(["postgres://ann:secret@127.0.0.1:1/db", "postgres://ann:secret@localhost:1/db"])(
    "says where there is no database, and no password: %s",
    async (url) => {
      const error = await WriterLock.acquire({ url }).catch((refused: Error) => refused);
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
    const lock = await WriterLock.acquire({ url: database.url });
    const next = WriterLock.acquire({ url: database.url });
    await lock.release();
    await (await next).release();
  });

  test("tells when its connection is lost, but not when it is released", async () => {
    const released = await WriterLock.acquire({ url: database.url });
    await released.release();
    const lock = await WriterLock.acquire({ url: database.url });
    await database.pool.query(
      "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())",
    );
    const first = await Promise.race([released.lost.then(() => "released"), lock.lost.then(() => "lost")]);
    expect(first).toBe("lost");
    expect((await lock.lost).message).toMatch(/terminat/);
    await lock.release();
  });

  describe("of a process that has claimed the writer's place", () => {
    /** Says `lost` and `held again` as they come. */
    async function claimed(): Promise<{ lock: WriterLock; said: string[] }> {
      const said: string[] = [];
      const changed = (trouble: string | null): void => void said.push(trouble === null ? "held again" : "lost");
      const lock = await WriterLock.acquire({ url: database.url, changed });
      await lock.claim();
      return { lock, said };
    }

    async function cutConnections(): Promise<void> {
      await database.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name like 'tripline writer%' and datname = current_database()`,
      );
    }

    test("is taken again when its connection is lost, as often as that happens", async () => {
      const { lock, said } = await claimed();
      for (let times = 1; times <= 2; times++) {
        await cutConnections();
        await eventually(async () => said.length === 2 * times);
        await lock.held();
      }
      expect(said).toEqual(["lost", "held again", "lost", "held again"]);
      await expect(WriterLock.acquire({ url: database.url })).rejects.toMatchObject({ code: "database-in-use" });
      await lock.release();
    });

    test("is taken from its own connection where only the server thinks that it lives", async () => {
      const first = await openWriterSession(database.url);
      const second = await openWriterSession(database.url, first.backend);
      expect((await first.ended).message).toMatch(/terminat/);
      await second.close();
    });

    // S9.11
    test("is lost for good when another process has it", async () => {
      const { lock } = await claimed();
      const other = WriterLock.acquire({ url: database.url }); // waits, and is the next
      await eventually(async () => {
        const { rowCount } = await database.pool.query(
          "select from pg_locks where locktype = 'advisory' and not granted",
        );
        return rowCount === 1;
      });
      await database.pool.query(
        `select pg_terminate_backend(pid) from pg_locks
         where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`,
      );
      expect(await lock.lost).toMatchObject({ code: "database-in-use" });
      await expect(lock.held()).rejects.toMatchObject({ code: "database-in-use" });
      await (await other).release();
      await lock.release();
    });

    test("is lost for good when another process has had it", async () => {
      const { lock } = await claimed();
      await database.pool.query("update tripline.writer set epoch = epoch + 1");
      await cutConnections();
      expect(await lock.lost).toMatchObject({ code: "database-taken-over" });
      await lock.release();
    });

    test("can be released while it is being taken again", async () => {
      const { lock, said } = await claimed();
      await cutConnections();
      await eventually(async () => said.includes("lost"));
      await lock.release();
      await (await WriterLock.acquire({ url: database.url })).release();
    });
  });
});
