/** Small checkpoints, and what is left of them, for cases to vary. */

import { buffer } from "node:stream/consumers";
import {
  CHECKPOINT_FORMAT,
  type CheckpointManifest,
  type CheckpointPart,
  type CheckpointStore,
  type ChunkReference,
  newChunk,
  type NewChunk,
} from "../../../src/engine/checkpoint/checkpoint-port.ts";

export function chunk(content: string, keys = 1): NewChunk {
  return newChunk({ body: Buffer.from(content), keys });
}

export function part(name: string, chunks: readonly ChunkReference[], keyGroup: number | null = null): CheckpointPart {
  return { name, keyGroup, chunks: chunks.map(({ id, bytes, keys }) => ({ id, bytes, keys })) };
}

export function manifest(id: number, fields: Partial<CheckpointManifest> = {}): CheckpointManifest {
  const kind = fields.name === undefined || fields.name === null ? "checkpoint" : "savepoint";
  return {
    format: CHECKPOINT_FORMAT,
    id,
    kind,
    name: null,
    offset: 10 * id,
    takenAt: 1_767_225_600_000,
    durationMs: 3,
    rules: [{ name: "brute_force", version: 2 }],
    parts: [],
    ...fields,
  };
}

/** A checkpoint of one part, `state`, whose chunks hold these texts. */
export async function save(
  store: CheckpointStore,
  id: number,
  contents: readonly string[],
  fields: Partial<CheckpointManifest> = {},
): Promise<void> {
  const chunks = contents.map((content) => chunk(content));
  await store.save(manifest(id, { parts: [part("state", chunks)], ...fields }), chunks);
}

/** What a checkpoint holds: its chunks as texts, in order. */
export async function contents(store: CheckpointStore, id: number): Promise<string[]> {
  const found: string[] = [];
  for await (const { body } of (await store.load(id)).read()) found.push(Buffer.from(body).toString());
  return found;
}

/** `3 savepoint "before the move"`, `2 checkpoint-torn`, newest first. */
export async function listed(store: CheckpointStore): Promise<string[]> {
  return (await store.list()).map((entry) => {
    if ("fault" in entry) return `${entry.id} ${entry.fault.code}`;
    return entry.summary.name === null ? `${entry.id}` : `${entry.id} ${JSON.stringify(entry.summary.name)}`;
  });
}

export async function exported(store: CheckpointStore, id: number): Promise<Buffer> {
  return await buffer(store.export(id));
}

export async function* pieces(file: Buffer, size = 1000): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < file.length; from += size) yield file.subarray(from, from + size);
}
