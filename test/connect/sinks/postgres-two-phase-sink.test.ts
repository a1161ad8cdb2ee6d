/** Two databases, and a process that dies between any two steps: the rows of the second are those of a calm run, without any key. */

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { startEmbeddedPostgres } from "../../../src/app/embedded-postgres.ts";
import { PostgresTwoPhaseSink } from "../../../src/connect/sinks/postgres-two-phase-sink.ts";
import type { PostgresTable } from "../../../src/connect/sinks/postgres-table.ts";
import { createPool } from "../../../src/store/pool.ts";
import { testDatabase } from "../../support/postgres.ts";
import { runSinkJob, valuesIn } from "../../support/sink-job.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

const newFolder = temporaryFolders();
const database = testDatabase();
const NUMBERS: PostgresTable<number> = {
  name: "numbers",
  columns: [{ name: "n", type: "integer", value: (n) => n }],
};
let opened: PostgresTwoPhaseSink<number>[] = [];

function open(name = "numbers"): PostgresTwoPhaseSink<number> {
  const sink = new PostgresTwoPhaseSink({ url: database.url, name, table: NUMBERS });
  opened.push(sink);
  return sink;
}

beforeEach(async () => {
  await database.pool.query("create table numbers (n integer)");
});
afterEach(async () => {
  await Promise.allSettled(opened.map((sink) => sink.close())); // some have been closed
  opened = [];
  for (const gid of await prepared()) await database.pool.query(`rollback prepared '${gid}'`);
  await database.pool.query("drop table numbers");
});

async function numbers(): Promise<readonly number[]> {
  const { rows } = await database.pool.query<{ n: number }>("select n from numbers order by n");
  return rows.map(({ n }) => n);
}

async function prepared(): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ gid: string }>(
    "select gid from pg_prepared_xacts where database = current_database()",
  );
  return rows.map(({ gid }) => gid);
}

describe.each(["dies", "fails"] as const)("a job that %s at any step of its sink or its checkpoints", (how) => {
  test.each(["12|3|", "1xx2|", "2~1|"])("leaves the rows of a calm run, and nothing prepared: %s", async (program) => {
    const calm = await run(program);
    expect(calm).toMatchObject({ rows: valuesIn(program), left: [] });
    for (let end = 0; end < calm.steps; end++) {
      const run1 = await run(program, [end]);
      expect({ end, ...run1 }).toEqual({ end, ...calm, steps: run1.steps });
    }
  });

  async function run(program: string, ends: readonly number[] = []) {
    await database.pool.query("truncate numbers");
    const steps = await runSinkJob({ program, how, ends, open });
    return { steps, rows: await numbers(), left: await prepared() };
  }
});

describe("a two-phase sink of Postgres", () => {
  test("shows nothing before the commit, survives the end of its session, and is committed by another process", async () => {
    const sink = open();
    await sink.recover([]);
    const transaction = await sink.begin();
    await sink.write(transaction, [1, 2]);
    await sink.preCommit(transaction);
    await sink.close();
    expect({ rows: await numbers(), prepared: await prepared() }).toEqual({ rows: [], prepared: [transaction] });
    const next = open();
    expect(await next.recover([transaction])).toEqual({ committed: 1, aborted: 0 });
    expect(await next.recover([transaction])).toEqual({ committed: 0, aborted: 0 });
    expect(await numbers()).toEqual([1, 2]);
  });

  test("commits again and aborts again what is over already", async () => {
    const sink = open();
    await sink.recover([]);
    const committed = await sink.begin();
    await sink.write(committed, [1]);
    await sink.preCommit(committed);
    await sink.commit(committed);
    await sink.commit(committed);
    const aborted = await sink.begin();
    await sink.write(aborted, [2]);
    await sink.abort(aborted);
    await sink.abort(aborted);
    expect({ rows: await numbers(), prepared: await prepared() }).toEqual({ rows: [1], prepared: [] });
  });

  test("lets alone what others have prepared, also of a longer name", async () => {
    const others = ["numbers2", "numbers.", "other"].map(open);
    for (const other of others) await preparedBy(other);
    const foreign = await prepared();
    await preparedBy(open());
    expect(await open().recover([])).toEqual({ committed: 0, aborted: 1 });
    expect(await prepared()).toEqual(foreign);
  });

  test("commits what a checkpoint names from before it was renamed", async () => {
    const transaction = await preparedBy(open("once"));
    await open("now").recover([transaction]);
    expect({ rows: await numbers(), prepared: await prepared() }).toEqual({ rows: [1], prepared: [] });
  });

  test("ends a process that still writes under its name: what that one has open is never prepared", async () => {
    const zombie = open();
    await zombie.recover([]);
    const transaction = await zombie.begin();
    await zombie.write(transaction, [1]);
    await open().recover([]);
    await expect(zombie.preCommit(transaction)).rejects.toThrow(/terminat|connection/i);
    expect(await prepared()).toEqual([]);
  });

  test("does not take a transaction for prepared that the server has rolled back", async () => {
    const sink = open();
    await sink.recover([]);
    const transaction = await sink.begin();
    await expect(sink.write(transaction, [2 ** 40])).rejects.toThrow("out of range");
    await expect(sink.preCommit(transaction)).rejects.toThrow("had failed");
    await sink.recover([]);
  });

  test("makes its table where there is none, and says what is wrong with one that is there", async () => {
    const columns = [{ name: "n", type: "integer", value: (n: number) => n }];
    const sinkOf = (table: PostgresTable<number>): PostgresTwoPhaseSink<number> => {
      const sink = new PostgresTwoPhaseSink({ url: database.url, name: "other", table });
      opened.push(sink);
      return sink;
    };
    await sinkOf({ name: "made", columns }).check();
    expect((await database.pool.query("select n from made")).rows).toEqual([]);
    await expect(sinkOf({ name: "numbers", columns: [{ ...columns[0]!, name: "m" }] }).check()).rejects.toMatchObject({
      code: "sink-table",
      message: 'the table numbers cannot be written to: column "m" does not exist',
    });
    await expect(sinkOf({ name: "nowhere.made", columns }).check()).rejects.toMatchObject({ code: "sink-table" });
  });

  test("is refused a name that would not tell its transactions from others'", () => {
    expect(() => open("a:b")).toThrow('a sink\'s name is "a:b"; expected 1 to 40 letters');
    expect(() => open("")).toThrow("a sink's name");
  });

  test("says what to set where the server prepares no transactions", async () => {
    const postgres = await startEmbeddedPostgres({ dataDir: await newFolder(), initdbFlags: ["--no-sync"] });
    const sink = new PostgresTwoPhaseSink({ url: postgres.url, name: "numbers", table: NUMBERS });
    try {
      await expect(sink.recover([])).rejects.toMatchObject({
        code: "sink-without-prepared-transactions",
        hint: expect.stringContaining("set max_prepared_transactions = 10") as unknown,
      });
    } finally {
      await sink.close();
      await postgres.stop();
    }
  });

  test("survives a restart of its server between the phases", async () => {
    const start = {
      dataDir: await newFolder(),
      initdbFlags: ["--no-sync"],
      settings: { max_prepared_transactions: "2" },
    };
    let postgres = await startEmbeddedPostgres(start);
    const sink = new PostgresTwoPhaseSink({ url: postgres.url, name: "numbers", table: NUMBERS });
    await sink.recover([]);
    const transaction = await preparedBy(sink);
    await sink.close();
    await postgres.stop();
    postgres = await startEmbeddedPostgres(start);
    const next = new PostgresTwoPhaseSink({ url: postgres.url, name: "numbers", table: NUMBERS });
    const pool = createPool(postgres.url);
    try {
      expect(await next.recover([transaction])).toEqual({ committed: 1, aborted: 0 });
      expect((await pool.query("select n from numbers")).rows).toEqual([{ n: 1 }]);
    } finally {
      await Promise.all([next.close(), pool.end()]);
      await postgres.stop();
    }
  });

  async function preparedBy(sink: PostgresTwoPhaseSink<number>): Promise<string> {
    await sink.recover([]);
    const transaction = await sink.begin();
    await sink.write(transaction, [1]);
    await sink.preCommit(transaction);
    return transaction;
  }
});
