/** What a process leaves behind that dies while it saves: what was there before, and nothing that hinders what comes after (S9.13). */

import { mkdir, readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "@jest/globals";
import type { CheckpointStore } from "../../../src/engine/checkpoint/checkpoint-port.ts";
import { fileCheckpoints } from "../../../src/store/checkpoints/file-checkpoints.ts";
import { postgresCheckpoints } from "../../../src/store/checkpoints/postgres-checkpoints.ts";
import { emptyDatabase, testDatabase } from "../../support/postgres.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { chunk, contents, listed, manifest, part, save } from "./samples.ts";

describe("in a folder", () => {
  const newFolder = temporaryFolders();
  let folder: string;
  let store: CheckpointStore;
  beforeEach(async () => {
    folder = await newFolder();
    store = fileCheckpoints(folder);
    await save(store, 1, ["base", "one"]);
  });

  async function leave(path: string, content: string): Promise<void> {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), content);
  }

  async function files(): Promise<string[]> {
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    return found.filter((entry) => entry.isFile()).map(({ name }) => name);
  }

  test("a folder that has been moved away is empty, and goes by its name", async () => {
    const gone = fileCheckpoints(join(folder, "elsewhere"));
    expect([await gone.list(), gone.place]).toEqual([[], `the folder ${folder}/elsewhere`]);
  });

  test("drafts and chunks without a manifest are no checkpoint, and the next removal takes them away", async () => {
    const lost = chunk("lost").id;
    await leave(`chunks/${lost.slice(0, 2)}/${lost}`, "half");
    await leave(`chunks/${lost.slice(0, 2)}/${lost}.draft`, "hal");
    await leave("manifests/2.draft", "tripline-checkpoint 1");
    expect(await listed(fileCheckpoints(folder))).toEqual(["1"]);
    await save(store, 2, ["base", "two"]);
    await store.prune(1);
    expect(await contents(store, 2)).toEqual(["base", "two"]);
    expect((await files()).sort()).toEqual(["2", chunk("base").id, chunk("two").id].sort());
  });

  test("a file that lost its end is told, and the checkpoint before it is there", async () => {
    await save(store, 2, ["base", "two"]);
    await save(store, 3, ["base", "three"]);
    const torn = chunk("three").id;
    await truncate(join(folder, "chunks", torn.slice(0, 2), torn), 4);
    await truncate(join(folder, "manifests", "2"), 100);
    expect(await listed(store)).toEqual(["3", "2 checkpoint-torn", "1"]);
    await expect(contents(store, 3)).rejects.toMatchObject({ code: "checkpoint-torn" });
    expect(await contents(store, 1)).toEqual(["base", "one"]);
  });
});

describe("in Postgres", () => {
  const database = testDatabase();
  beforeEach(() => emptyDatabase(database.pool));

  test("a connection that is cut leaves nothing of its checkpoint, and nobody waits for it", async () => {
    const store = postgresCheckpoints(database);
    await save(store, 1, ["base"]);
    async function* cutOff() {
      yield chunk("two");
      await database.pool.query(
        `select pg_terminate_backend(pid) from pg_locks
         where relation = 'tripline.checkpoints'::regclass and mode = 'ShareRowExclusiveLock'`,
      );
    }
    const saving = store.save(manifest(2, { parts: [part("state", [chunk("two")])] }), cutOff());
    await expect(saving).rejects.toThrow(/terminat|EPIPE|ECONNRESET|not queryable/);
    expect(await listed(store)).toEqual(["1"]);
    const { rows } = await database.pool.query("select id from tripline.checkpoint_chunks");
    expect(rows).toEqual([{ id: chunk("base").id }]);
    await save(store, 2, ["two"]);
    expect(await contents(store, 2)).toEqual(["two"]);
  });
});
