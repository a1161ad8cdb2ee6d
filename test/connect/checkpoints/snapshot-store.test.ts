/** What every store of checkpoints keeps. */

import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { folderSnapshots, memorySnapshots, postgresSnapshots, type SnapshotStore } from "../../../src/connect/index.ts";
import { testDatabase } from "../../support/postgres.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { snapshotOf } from "./snapshot-of.ts";

const newFolder = temporaryFolders();
const database = testDatabase();

const STORES: Readonly<Record<string, (retained: number) => Promise<SnapshotStore>>> = {
  memory: async (retained) => memorySnapshots({ retained }),
  "a folder": async (retained) => folderSnapshots({ folder: path.join(await newFolder(), "new"), retained }),
  Postgres: async (retained) => postgresSnapshots({ on: database.pool, job: `job ${retained}`, retained }),
};

describe.each(Object.entries(STORES))("checkpoints in %s", (_, open) => {
  test("are read as they were written, and the newest are kept", async () => {
    const store = await open(2);
    expect(await store.list()).toEqual([]);
    for (const id of [8, 9, 10, 11]) await store.write(snapshotOf(id));
    expect(await store.list()).toEqual([10, 11]);
    expect(await store.read(10)).toEqual(snapshotOf(10));
    await expect(store.read(8)).rejects.toThrow(/checkpoint.*8/);
  });

  test("may be of one, and of another", async () => {
    const [one, another] = [await open(1), await open(3)];
    await one.write(snapshotOf(1));
    await another.write(snapshotOf(5));
    await one.write(snapshotOf(2));
    expect([await one.list(), await another.list()]).toEqual([[2], [5]]);
  });
});

describe("checkpoints in Postgres", () => {
  test("are written once: a second process of the same job is found out", async () => {
    const store = postgresSnapshots({ on: database.pool, job: "twice" });
    await store.write(snapshotOf(1));
    await expect(store.write(snapshotOf(1))).rejects.toThrow("duplicate key");
  });

  test("may be in a table of another name, whoever makes it first", async () => {
    const options = { on: database.pool, table: 'public.my "checkpoints"' };
    const stores = ["a", "b"].map((job) => postgresSnapshots({ ...options, job }));
    for (const store of stores) await store.write(snapshotOf(1));
    const { rows } = await database.pool.query('select job, id from public."my ""checkpoints""" order by job');
    expect(rows).toEqual([
      { job: "a", id: 1 },
      { job: "b", id: 1 },
    ]);
  });
});
