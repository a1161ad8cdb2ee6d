/** Checkpoints in memory: for tests, and for uses that end with their process. */

import type { CheckpointStore } from "../../engine/checkpoint/checkpoint-port.ts";
import { BackedCheckpointStore } from "./backed-store.ts";
import type { CheckpointBackend, CheckpointChanges, SealedChunk } from "./backend.ts";
import { Turns } from "../../core/turns.ts";

export function memoryCheckpoints(): CheckpointStore {
  return new BackedCheckpointStore(new MemoryCheckpoints());
}

export class MemoryCheckpoints implements CheckpointBackend, CheckpointChanges {
  readonly place = "memory";
  readonly #turns = new Turns();
  readonly #manifests = new Map<number, string>();
  readonly #chunks = new Map<string, Uint8Array>();

  exclusively<T>(work: (changes: CheckpointChanges) => Promise<T>): Promise<T> {
    return this.#turns.take(() => work(this));
  }

  async manifests(): Promise<ReadonlyMap<number, string>> {
    return new Map(this.#manifests);
  }

  async manifest(id: number): Promise<string | null> {
    return this.#manifests.get(id) ?? null;
  }

  async chunks(ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    return new Map(
      ids.flatMap((id) => {
        const sealed = this.#chunks.get(id);
        return sealed === undefined ? [] : [[id, sealed]];
      }),
    );
  }

  async putChunks(chunks: readonly SealedChunk[]): Promise<void> {
    for (const { id, sealed } of chunks) this.#chunks.set(id, sealed);
  }

  async missing(ids: readonly string[]): Promise<readonly string[]> {
    return ids.filter((id) => !this.#chunks.has(id));
  }

  async putManifest(id: number, text: string): Promise<void> {
    this.#manifests.set(id, text);
  }

  async removeManifests(ids: readonly number[]): Promise<void> {
    for (const id of ids) this.#manifests.delete(id);
  }

  async retainChunks(ids: ReadonlySet<string>): Promise<number> {
    const unneeded = [...this.#chunks.keys()].filter((id) => !ids.has(id));
    for (const id of unneeded) this.#chunks.delete(id);
    return unneeded.length;
  }
}
