/** One suite for all checkpoint stores: what it says is the contract of the port. */

import { beforeEach, describe, expect, test } from "@jest/globals";
import { AssertionError } from "../../../src/core/assert.ts";
import {
  type CheckpointFaultCode,
  type CheckpointStore,
  newChunk,
} from "../../../src/engine/checkpoint/checkpoint-port.ts";
import { BackedCheckpointStore } from "../../../src/store/checkpoints/backed-store.ts";
import type { CheckpointBackend } from "../../../src/store/checkpoints/backend.ts";
import { FileCheckpoints } from "../../../src/store/checkpoints/file-checkpoints.ts";
import { MemoryCheckpoints } from "../../../src/store/checkpoints/memory-checkpoints.ts";
import { PostgresCheckpoints } from "../../../src/store/checkpoints/postgres-checkpoints.ts";
import { emptyDatabase, testDatabase } from "../../support/postgres.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { chunk, contents, exported, listed, manifest, part, pieces, save } from "./samples.ts";
import { damageChunk, loseChunk, rewriteManifest } from "./tampering.ts";

describe("in memory", () => {
  conform(async () => new MemoryCheckpoints());
});

describe("in a folder", () => {
  const newFolder = temporaryFolders();
  conform(async () => new FileCheckpoints(await newFolder()));
});

describe("in Postgres", () => {
  const database = testDatabase();
  beforeEach(() => emptyDatabase(database.pool));
  conform(async () => new PostgresCheckpoints(database));
});

function conform(makeBackend: () => Promise<CheckpointBackend>): void {
  let backend: CheckpointBackend;
  let store: CheckpointStore;
  beforeEach(async () => {
    backend = await makeBackend();
    store = new BackedCheckpointStore(backend);
  });

  describe("saving", () => {
    test("begins empty", async () => {
      expect(await store.list()).toEqual([]);
      expect(await store.lastId()).toBe(0);
      expect(await store.prune(1)).toEqual({ checkpoints: [], chunks: 0 });
      await expect(store.load(1)).rejects.toMatchObject(fault("checkpoint-missing"));
    });

    test("gives back what was saved, newest first", async () => {
      await save(store, 1, ["a"]);
      await save(store, 3, ["b", ""]);
      await save(store, 12, []);
      expect(await listed(store)).toEqual(["12", "3", "1"]);
      expect(await store.lastId()).toBe(12);
      expect((await store.load(3)).manifest).toEqual(manifest(3, { parts: [part("state", [chunk("b"), chunk("")])] }));
      expect(await contents(store, 3)).toEqual(["b", ""]);
    });

    test("shows sizes before compression", async () => {
      const base = chunk("x".repeat(5000), 40);
      const delta = chunk("y", 2);
      await store.save(manifest(1, { parts: [part("a", [base, delta], 7), part("b", [delta])] }), [base, delta]);
      const { parts: _, ...rest } = manifest(1);
      expect(await store.list()).toEqual([
        { id: 1, kind: "checkpoint", name: null, summary: { ...rest, parts: 2, bytes: 5002, keys: 44 } },
      ]);
    });

    test("writes only what is new, and refers to the rest", async () => {
      const base = chunk("base");
      await store.save(manifest(1, { parts: [part("a", [base])] }), [base]);
      const delta = chunk("delta");
      await store.save(manifest(2, { parts: [part("a", [base, delta]), part("b", [base])] }), [delta]);
      expect(await contents(store, 2)).toEqual(["base", "delta", "base"]);
    });

    test("reads the parts that are asked for, each chunk under its part", async () => {
      const [a, b, c] = [chunk("a"), chunk("b"), chunk("c")];
      const parts = [part("rule:r", [a, b], 0), part("rule:r", [c], 1), part("suppression", [a])];
      await store.save(manifest(1, { parts }), [a, b, c]);
      const stored = await store.load(1);
      const found: string[] = [];
      for await (const read of stored.read(stored.manifest.parts.filter(({ keyGroup }) => keyGroup !== 1))) {
        found.push(`${read.part.name} ${read.part.keyGroup} ${Buffer.from(read.body).toString()}`);
      }
      expect(found).toEqual(["rule:r 0 a", "rule:r 0 b", "suppression null a"]);
    });

    test("changes nothing when the same is saved again, and refuses another under its id", async () => {
      await save(store, 1, ["a"]);
      await save(store, 1, ["a"]);
      await expect(save(store, 1, ["b"])).rejects.toThrow(AssertionError);
      expect(await contents(store, 1)).toEqual(["a"]);
    });

    test("saves nothing when a chunk it refers to is not there", async () => {
      const saving = store.save(manifest(1, { parts: [part("a", [chunk("a"), chunk("gone")])] }), [chunk("a")]);
      await expect(saving).rejects.toMatchObject(fault("checkpoint-missing"));
      expect(await store.list()).toEqual([]);
    });

    test("saves nothing when the chunks end with an error, and goes on after it", async () => {
      async function* failing() {
        yield chunk("a");
        throw new Error("the engine stopped");
      }
      await save(store, 1, ["before"]);
      const saving = store.save(manifest(2, { parts: [part("a", [chunk("a")])] }), failing());
      await expect(saving).rejects.toThrow("the engine stopped");
      expect(await listed(store)).toEqual(["1"]);
      await save(store, 2, ["a"]);
      expect(await contents(store, 2)).toEqual(["a"]);
    });

    test("is all or nothing for a reader meanwhile", async () => {
      await save(store, 1, ["old"]);
      const seen: string[][] = [];
      async function* watched() {
        for (const content of ["a", "b"]) {
          seen.push(await listed(store), await contents(store, 1));
          yield chunk(content);
        }
      }
      await store.save(manifest(2, { parts: [part("a", [chunk("a"), chunk("b")])] }), watched());
      expect(seen).toEqual([["1"], ["old"], ["1"], ["old"]]);
      expect(await listed(store)).toEqual(["2", "1"]);
    });

    test("takes several at once, one after the other", async () => {
      await Promise.all([1, 2, 3, 4, 5].map((id) => save(store, id, ["shared", `of ${id}`])));
      await Promise.all([store.prune(2), save(store, 6, ["shared"])]);
      expect((await listed(store)).slice(-2)).not.toContain("3");
      expect(await contents(store, 6)).toEqual(["shared"]);
    });

    test("takes more than goes into one statement, in bytes and in chunks", async () => {
      const big = Array.from({ length: 3 }, (_, i) => newChunk({ body: noise(i, 4_000_000), keys: 50_000 }));
      const small = Array.from({ length: 1100 }, (_, i) => chunk(`small ${i}`));
      const parts = [part("big", big), ...small.map((each, i) => part("small", [each], i))];
      await store.save(manifest(1, { parts }), [...big, ...small]);
      let bytes = 0;
      for await (const { body } of (await store.load(1)).read()) bytes += body.length;
      expect(bytes).toBe([...big, ...small].reduce((sum, each) => sum + each.bytes, 0));
    });
  });

  describe("savepoints", () => {
    test.each(["before the move".replaceAll(" ", "-"), "v2.1_final", "привет-мир", "結算", "é"])(
      "may be called %s",
      async (name) => {
        await save(store, 1, ["a"], { name });
        expect(await listed(store)).toEqual([`1 ${JSON.stringify(name)}`]);
      },
    );

    test.each([
      "",
      "../x",
      "..",
      ".hidden",
      "a/b",
      "a\\b",
      "a\0",
      "a\nb",
      " a",
      "a b",
      "\ud800",
      "-rf",
      "n".repeat(201),
    ])("may not be called %j", async (name) => {
      await expect(save(store, 1, ["a"], { name })).rejects.toMatchObject({ code: "bad-savepoint-name" });
      expect(await store.list()).toEqual([]);
    });

    test("have each a name of their own", async () => {
      await save(store, 1, ["a"], { name: "mine" });
      await expect(save(store, 2, ["b"], { name: "mine" })).rejects.toMatchObject({ code: "savepoint-exists" });
      await store.remove(1);
      await save(store, 3, ["b"], { name: "mine" });
      expect(await contents(store, 3)).toEqual(["b"]);
    });

    test.each<readonly [string, string, (text: string) => string]>([
      ["its end is gone", "mine", (text) => text.slice(0, -10)],
      ["it is of a later format", "mine", (text) => text.replace("checkpoint 1", "checkpoint 2")],
      ["its name is gone", "unreadable-1", (text) => text.slice(0, 100)],
    ])("have a name also where %s, so that they can be removed, and no other one has it", async (_, name, edit) => {
      await save(store, 1, ["a"], { name: "mine" });
      await rewriteManifest(backend, 1, edit);
      expect(await store.list()).toMatchObject([{ id: 1, kind: "savepoint", name, fault: {} }]);
      await expect(save(store, 2, ["b"], { name })).rejects.toMatchObject({ code: "savepoint-exists" });
    });

    test("stay, whatever is pruned", async () => {
      await save(store, 1, ["shared", "mine"], { name: "mine" });
      for (const id of [2, 3, 4]) await save(store, id, ["shared", `of ${id}`]);
      expect(await store.prune(1)).toEqual({ checkpoints: [3, 2], chunks: 2 });
      expect(await contents(store, 1)).toEqual(["shared", "mine"]);
      expect(await contents(store, 4)).toEqual(["shared", "of 4"]);
    });
  });

  describe("retention", () => {
    test("keeps the newest, and the chunks that they share with those that go", async () => {
      await save(store, 1, ["base", "one"]);
      await save(store, 2, ["base", "two"]);
      await save(store, 3, ["base", "two", "three"]);
      expect(await store.prune(2)).toEqual({ checkpoints: [1], chunks: 1 });
      expect(await store.prune(2)).toEqual({ checkpoints: [], chunks: 0 });
      expect(await contents(store, 2)).toEqual(["base", "two"]);
      expect(await contents(store, 3)).toEqual(["base", "two", "three"]);
    });

    test("removes one on demand, with the chunks that only it had", async () => {
      await save(store, 1, ["base", "one"]);
      await save(store, 2, ["base", "two"]);
      expect(await store.remove(2)).toBe(true);
      expect(await store.remove(2)).toBe(false);
      expect(await listed(store)).toEqual(["1"]);
      expect(await contents(store, 1)).toEqual(["base", "one"]);
      const saving = store.save(manifest(3, { parts: [part("a", [chunk("two")])] }), []);
      await expect(saving).rejects.toMatchObject(fault("checkpoint-missing"));
    });

    test("leaves what is spared, until the next that is pruned", async () => {
      const [a, b, c] = [chunk("a"), chunk("b"), chunk("c")];
      await store.save(manifest(1, { name: "mine", parts: [part("state", [a, b])] }), [a, b]);
      await store.remove(1, { spared: new Set([a.id]) });
      await store.save(manifest(2, { parts: [part("state", [a, c])] }), [c]);
      expect(await contents(store, 2)).toEqual(["a", "c"]);
      await expect(store.save(manifest(3, { parts: [part("state", [b])] }), [])).rejects.toMatchObject(
        fault("checkpoint-missing"),
      );
      await store.save(manifest(3, { parts: [part("state", [c])] }), []);
      expect(await store.prune(1)).toEqual({ checkpoints: [2], chunks: 1 });
    });

    test("does not count what cannot be read, until there is enough that can", async () => {
      for (const id of [1, 2, 3]) await save(store, id, [`of ${id}`]);
      await rewriteManifest(backend, 3, (text) => text.slice(0, -1));
      expect(await store.prune(2)).toEqual({ checkpoints: [], chunks: 1 });
      await save(store, 4, ["of 4"]);
      await save(store, 5, ["of 5"]);
      expect((await store.prune(2)).checkpoints).toEqual([3, 2, 1]);
    });

    test("leaves the chunks of a later version's checkpoints alone", async () => {
      await save(store, 1, ["theirs"]);
      const original = (await backend.manifest(1))!;
      await rewriteManifest(backend, 1, (text) => text.replace("tripline-checkpoint 1 ", "tripline-checkpoint 2 "));
      await save(store, 2, ["a"]);
      await save(store, 3, ["b"]);
      await store.remove(2);
      await rewriteManifest(backend, 1, () => original);
      expect(await contents(store, 1)).toEqual(["theirs"]);
    });
  });

  // S9.13
  describe("what is torn, missing or foreign", () => {
    const edits: readonly (readonly [string, CheckpointFaultCode, (text: string) => string])[] = [
      ["ends too early", "checkpoint-torn", (text) => text.slice(0, -10)],
      ["is empty", "checkpoint-torn", () => ""],
      ["is something else", "checkpoint-torn", () => "{}"],
      ["has another letter", "checkpoint-torn", (text) => text.replace("brute", "Brute")],
      ["is another checkpoint's", "checkpoint-torn", (text) => text],
      ["is of a later format", "checkpoint-foreign", () => "tripline-checkpoint 2 checkpoint\nwhatever"],
    ];

    test.each(edits)("a manifest that %s is told from the others", async (what, code, edit) => {
      await save(store, 1, ["good"]);
      await save(store, 2, ["bad"]);
      const other = (await backend.manifest(1))!;
      await rewriteManifest(backend, 2, what === "is another checkpoint's" ? () => other : edit);
      expect(await listed(store)).toEqual([`2 ${code}`, "1"]);
      await expect(store.load(2)).rejects.toMatchObject(fault(code));
      expect(await contents(store, 1)).toEqual(["good"]);
      expect(await store.remove(2)).toBe(true);
    });

    test("a chunk that is gone is told", async () => {
      await save(store, 1, ["a", "b"]);
      await loseChunk(backend, chunk("b").id);
      await expect(contents(store, 1)).rejects.toMatchObject(fault("checkpoint-missing"));
      await expect(exported(store, 1)).rejects.toMatchObject(fault("checkpoint-missing"));
    });

    test.each<readonly [string, CheckpointFaultCode, (sealed: Buffer) => Buffer]>([
      ["has another bit", "checkpoint-torn", (sealed) => flipped(sealed, sealed.length - 1)],
      ["ends too early", "checkpoint-torn", (sealed) => sealed.subarray(0, -1)],
      ["is empty", "checkpoint-torn", () => Buffer.alloc(0)],
      ["is of a later format", "checkpoint-foreign", (sealed) => Buffer.concat([Buffer.of(9), sealed.subarray(1)])],
    ])("a chunk that %s is told, and whole again when it is saved again", async (_, code, edit) => {
      await save(store, 1, ["a", "b"]);
      await damageChunk(backend, chunk("b").id, edit);
      await expect(contents(store, 1)).rejects.toMatchObject(fault(code));
      await expect(exported(store, 1)).rejects.toMatchObject(fault(code));
      await save(store, 2, ["b"]);
      expect(await contents(store, 1)).toEqual(["a", "b"]);
    });
  });

  // S9.14
  describe("export and import", () => {
    test("carry a checkpoint elsewhere, whole, under another name", async () => {
      const [a, b] = [chunk("a"), newChunk({ body: noise(1, 300_000), keys: 9 })];
      const parts = [part("rule:r", [a, b], 3), part("rule:s", [b])];
      await store.save(manifest(1, { name: "mine", parts }), [a, b]);
      const file = await exported(store, 1);
      const imported = await store.import(pieces(file), { id: 2, name: "theirs" });
      expect(imported).toEqual(manifest(2, { name: "theirs", offset: 10, parts }));
      expect((await store.load(2)).manifest).toEqual(imported);

      const elsewhere = new BackedCheckpointStore(new MemoryCheckpoints());
      await elsewhere.import(pieces(file, 7777), { id: 1, name: "mine" });
      expect((await exported(elsewhere, 1)).equals(file)).toBe(true);
    });

    test("refuse a name that is taken, or hostile", async () => {
      await save(store, 1, ["a"], { name: "mine" });
      const file = await exported(store, 1);
      const importAs = (name: string) => store.import(pieces(file), { id: 2, name });
      await expect(importAs("mine")).rejects.toMatchObject({ code: "savepoint-exists" });
      await expect(importAs("../mine")).rejects.toMatchObject({ code: "bad-savepoint-name" });
    });

    test.each<readonly [string, CheckpointFaultCode, (file: Buffer) => Buffer]>([
      ["ends too early", "checkpoint-torn", (file) => file.subarray(0, -1)],
      ["goes on after its end", "checkpoint-torn", (file) => Buffer.concat([file, Buffer.of(0)])],
      ["is empty", "checkpoint-torn", () => Buffer.alloc(0)],
      ["is something else", "checkpoint-torn", (file) => Buffer.from("a".repeat(file.length))],
      ["has another bit in a chunk", "checkpoint-torn", (file) => flipped(file, file.length - 3)],
      ["has another bit in its manifest", "checkpoint-torn", (file) => flipped(file, 200)],
      ["says that it is huge", "checkpoint-torn", (file) => file.fill(255, 21, 25)],
      ["is of a later format", "checkpoint-foreign", (file) => file.fill("2", 19, 20)],
    ])("refuse a file that %s, and save nothing", async (_, code, edit) => {
      await save(store, 1, ["a", "b"], { name: "mine" });
      const file = edit(await exported(store, 1));
      await expect(store.import(pieces(file), { id: 2, name: "theirs" })).rejects.toMatchObject(fault(code));
      expect(await listed(store)).toEqual(['1 "mine"']);
    });
  });
}

function fault(code: CheckpointFaultCode): object {
  return { name: "CheckpointFault", code };
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
}

/** Bytes that cannot be compressed, and are the same in each run. */
function noise(seed: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed + 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = state >>> 16;
  }
  return bytes;
}
