/** Checkpoints in a map, without compression: for runs that are to be the same every time, and many. */

import {
  CheckpointFault,
  type CheckpointEntry,
  type CheckpointManifest,
  type CheckpointPart,
  type CheckpointStore,
  type NewChunk,
  type PartChunk,
  type Pruned,
  type StoredCheckpoint,
} from "../../src/engine/checkpoint/checkpoint-port.ts";

export class PlainCheckpoints implements CheckpointStore {
  readonly place = "a map";
  readonly #manifests = new Map<number, CheckpointManifest>();
  readonly #chunks = new Map<string, Uint8Array>();

  async lastId(): Promise<number> {
    return Math.max(0, ...this.#manifests.keys());
  }

  async save(manifest: CheckpointManifest, chunks: Iterable<NewChunk> | AsyncIterable<NewChunk>): Promise<void> {
    for await (const { id, body } of chunks) this.#chunks.set(id, body);
    for (const { chunks } of manifest.parts) {
      for (const { id } of chunks) if (!this.#chunks.has(id)) throw missing(`the chunk ${id} is gone`);
    }
    this.#manifests.set(manifest.id, manifest);
  }

  async list(): Promise<readonly CheckpointEntry[]> {
    return this.#newestFirst().map(({ parts, ...manifest }) => {
      const { id, kind, name } = manifest;
      return { id, kind, name, summary: { ...manifest, parts: parts.length, bytes: 0, keys: 0 } };
    });
  }

  async load(id: number): Promise<StoredCheckpoint> {
    const manifest = this.#manifests.get(id);
    if (manifest === undefined) throw missing(`there is no checkpoint ${id}`);
    return { manifest, read: (parts = manifest.parts) => this.#read(parts) };
  }

  async remove(id: number): Promise<boolean> {
    return this.#manifests.delete(id);
  }

  async prune(keep: number): Promise<Pruned> {
    const old = this.#newestFirst()
      .filter(({ kind }) => kind === "checkpoint")
      .slice(keep);
    for (const { id } of old) this.#manifests.delete(id);
    const needed = new Set(
      this.#newestFirst().flatMap(({ parts }) => parts.flatMap(({ chunks }) => chunks.map(({ id }) => id))),
    );
    for (const id of this.#chunks.keys()) if (!needed.has(id)) this.#chunks.delete(id);
    return { checkpoints: old.map(({ id }) => id), chunks: 0 };
  }

  export(): AsyncIterable<Uint8Array> {
    throw new Error("not here");
  }

  import(): Promise<CheckpointManifest> {
    throw new Error("not here");
  }

  /** A chunk of the newest checkpoint goes, of those that nothing else has, if another one is whole; whether one went. */
  tear(): boolean {
    const isWhole = ({ parts }: CheckpointManifest): boolean =>
      parts.every(({ chunks }) => chunks.every(({ id }) => this.#chunks.has(id)));
    const all = this.#newestFirst();
    const [newest, before] = all.filter((manifest) => manifest.kind === "checkpoint" && isWhole(manifest));
    if (newest === undefined || before === undefined) return false;
    const others = all.filter((manifest) => manifest !== newest);
    const shared = new Set(others.flatMap(({ parts }) => parts.flatMap(({ chunks }) => chunks.map(({ id }) => id))));
    const own = newest.parts.flatMap(({ chunks }) => chunks).find(({ id }) => !shared.has(id));
    return own !== undefined && this.#chunks.delete(own.id);
  }

  #newestFirst(): CheckpointManifest[] {
    return [...this.#manifests.values()].sort((a, b) => b.id - a.id);
  }

  async *#read(parts: readonly CheckpointPart[]): AsyncGenerator<PartChunk> {
    for (const part of parts) {
      for (const chunk of part.chunks) {
        const body = this.#chunks.get(chunk.id);
        if (body === undefined) throw missing(`the chunk ${chunk.id} is gone`);
        yield { part, chunk, body };
      }
    }
  }
}

function missing(message: string): CheckpointFault {
  return new CheckpointFault({ code: "checkpoint-missing", message });
}
