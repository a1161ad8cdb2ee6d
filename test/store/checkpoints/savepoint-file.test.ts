/** Savepoints that were exported must stay readable: vectors are added and never edited. */

import { readFile } from "node:fs/promises";
import { expect, test } from "@jest/globals";
import type { CheckpointManifest } from "../../../src/engine/checkpoint/checkpoint-port.ts";
import { memoryCheckpoints } from "../../../src/store/checkpoints/memory-checkpoints.ts";
import { exported, pieces } from "./samples.ts";

const VECTORS = new URL("../../vectors/savepoints/", import.meta.url);

interface Vector {
  readonly manifest: CheckpointManifest;
  readonly chunks: readonly (readonly [part: string, keyGroup: number | null, content: string])[];
}

test("format 1 is read as it was written", async () => {
  const file = await readFile(new URL("format-1.savepoint", VECTORS));
  const expected = JSON.parse(await readFile(new URL("format-1.json", VECTORS), "utf8")) as Vector;
  const store = memoryCheckpoints();
  const { id, name } = expected.manifest;
  expect(await store.import(pieces(file, 100), { id, name: name! })).toEqual(expected.manifest);
  const found: unknown[] = [];
  for await (const { part, body } of (await store.load(id)).read()) {
    found.push([part.name, part.keyGroup, Buffer.from(body).toString()]);
  }
  expect(found).toEqual(expected.chunks);
  expect((await exported(store, id)).equals(file)).toBe(true);
});
