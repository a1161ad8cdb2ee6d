/**
 * Checkpoints in a folder of one process: `manifests/17`, `chunks/ab/abcdef...`. A file is written under another name, synced, and
 * renamed, and a manifest comes after its chunks: wherever the process dies, what has its name is whole, and every
 * checkpoint that was there before still is.
 */

import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { CheckpointStore } from "../../engine/checkpoint/checkpoint-port.ts";
import { BackedCheckpointStore } from "./backed-store.ts";
import type { CheckpointBackend, CheckpointChanges, SealedChunk } from "./backend.ts";
import { withFile } from "./open-file.ts";
import { Turns } from "../../core/turns.ts";

export function fileCheckpoints(folder: string): CheckpointStore {
  return new BackedCheckpointStore(new FileCheckpoints(folder));
}

/** Ends the name of what is not whole yet. */
const DRAFT = ".draft";
/** Files written at once: each waits for the disk. */
const WRITTEN_AT_ONCE = 16;

export class FileCheckpoints implements CheckpointBackend, CheckpointChanges {
  readonly place: string;
  readonly #turns = new Turns();
  readonly #manifests: string;
  readonly #chunks: string;

  constructor(folder: string) {
    this.place = `the folder ${resolve(folder)}`;
    this.#manifests = join(folder, "manifests");
    this.#chunks = join(folder, "chunks");
  }

  exclusively<T>(work: (changes: CheckpointChanges) => Promise<T>): Promise<T> {
    return this.#turns.take(() => work(this));
  }

  async manifests(): Promise<ReadonlyMap<number, string>> {
    const names = (await namesIn(this.#manifests)).filter((name) => /^[1-9]\d*$/.test(name));
    const found = await Promise.all(
      names.map(async (name) => [Number(name), await this.manifest(Number(name))] as const),
    );
    return new Map(found.flatMap(([id, text]) => (text === null ? [] : [[id, text]])));
  }

  async manifest(id: number): Promise<string | null> {
    return (await contentOf(join(this.#manifests, String(id))))?.toString() ?? null;
  }

  async chunks(ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    for (const id of ids) {
      const sealed = await contentOf(this.#chunkPath(id));
      if (sealed !== null) found.set(id, sealed);
    }
    return found;
  }

  async putChunks(chunks: readonly SealedChunk[]): Promise<void> {
    const waiting = chunks.values();
    const folders = new Set<string>();
    const writeInTurn = async (): Promise<void> => {
      for (const { id, sealed } of waiting) {
        await writeWhole(this.#chunkPath(id), sealed);
        folders.add(dirname(this.#chunkPath(id)));
      }
    };
    await Promise.all(Array.from({ length: WRITTEN_AT_ONCE }, writeInTurn));
    for (const folder of folders) await syncFolder(folder);
    if (folders.size > 0) await syncFolder(this.#chunks);
  }

  async missing(ids: readonly string[]): Promise<readonly string[]> {
    const there = new Set(await this.#chunkIds());
    return ids.filter((id) => !there.has(id));
  }

  async putManifest(id: number, text: string): Promise<void> {
    await writeWhole(join(this.#manifests, String(id)), Buffer.from(text));
    await syncFolder(this.#manifests);
    await syncFolder(dirname(this.#manifests));
  }

  async removeManifests(ids: readonly number[]): Promise<void> {
    for (const id of ids) await rm(join(this.#manifests, String(id)), { force: true });
    // Before any chunk goes: a manifest that came back after a power cut would miss its chunks.
    if (ids.length > 0) await syncFolder(this.#manifests);
  }

  async retainChunks(ids: ReadonlySet<string>): Promise<number> {
    const there = await this.#chunkIds();
    const unneeded = there.filter((id) => !ids.has(id));
    for (const id of unneeded) await rm(this.#chunkPath(id), { force: true });
    return unneeded.filter((id) => !id.endsWith(DRAFT)).length;
  }

  #chunkPath(id: string): string {
    return join(this.#chunks, id.slice(0, 2), id);
  }

  /** Drafts among them, which a process left that died. */
  async #chunkIds(): Promise<string[]> {
    const folders = await namesIn(this.#chunks);
    return (await Promise.all(folders.map((folder) => namesIn(join(this.#chunks, folder))))).flat();
  }
}

/** The folder is not synced yet. */
async function writeWhole(path: string, content: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = path + DRAFT;
  await withFile(draft, "w", async (file) => {
    await file.writeFile(content);
    await file.datasync();
  });
  await rename(draft, path);
}

/** A new name is durable when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  await withFile(folder, "r", (handle) => handle.sync());
}

async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch(unlessMissing([]));
}

async function contentOf(path: string): Promise<Buffer | null> {
  return await readFile(path).catch(unlessMissing(null));
}

function unlessMissing<T>(otherwise: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code !== "ENOENT") throw error;
    return otherwise;
  };
}
