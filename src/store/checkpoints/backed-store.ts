/** The checkpoint store over any backend: what may be saved, what can be read, and what is kept (S9.13). */

import { assert } from "../../core/assert.ts";
import { batches, batchesAsTheyCome } from "../../core/batches.ts";
import { UserError } from "../../core/errors.ts";
import {
  CheckpointFault,
  type CheckpointEntry,
  type CheckpointKind,
  type CheckpointManifest,
  type CheckpointPart,
  type CheckpointStore,
  type ChunkReference,
  type NewChunk,
  type PartChunk,
  type Pruned,
  type StoredCheckpoint,
} from "../../engine/checkpoint/checkpoint-port.ts";
import type { CheckpointBackend, CheckpointChanges, SealedChunk } from "./backend.ts";
import { seal, unseal } from "./chunk-seal.ts";
import { distinctChunks, kindIn, nameIn, readManifest, summarize, writeManifest } from "./manifest-text.ts";
import { exportFile, importFile } from "./savepoint-file.ts";
import { requireSavepointName } from "./savepoint-name.ts";

export class BackedCheckpointStore implements CheckpointStore {
  readonly #backend: CheckpointBackend;

  constructor(backend: CheckpointBackend) {
    this.#backend = backend;
  }

  get place(): string {
    return this.#backend.place;
  }

  async lastId(): Promise<number> {
    return Math.max(0, ...(await this.#backend.manifests()).keys());
  }

  async save(manifest: CheckpointManifest, chunks: Iterable<NewChunk> | AsyncIterable<NewChunk>): Promise<void> {
    await this.#saveSealed(manifest, sealEach(chunks));
  }

  async list(): Promise<readonly CheckpointEntry[]> {
    return readAll(await this.#backend.manifests()).map(({ manifest, ...entry }) =>
      manifest instanceof CheckpointFault ? { ...entry, fault: manifest } : { ...entry, summary: summarize(manifest) },
    );
  }

  async load(id: number): Promise<StoredCheckpoint> {
    const text = await this.#backend.manifest(id);
    if (text === null) {
      throw new CheckpointFault({ code: "checkpoint-missing", message: `there is no checkpoint ${id}` });
    }
    const manifest = readOne(id, text);
    if (manifest instanceof CheckpointFault) throw manifest;
    return { manifest, read: (parts = manifest.parts) => this.#readParts(parts) };
  }

  async remove(id: number, { spared }: { spared?: ReadonlySet<string> } = {}): Promise<boolean> {
    return await this.#backend.exclusively(async (changes) => {
      if ((await changes.manifest(id)) === null) return false;
      await removeWithChunks(changes, { ids: [id], spared });
      return true;
    });
  }

  async prune(keep: number): Promise<Pruned> {
    assert(keep >= 1, "recovery needs a checkpoint");
    return await this.#backend.exclusively(async (changes) => {
      const checkpoints = outdated(readAll(await changes.manifests()), keep);
      return { checkpoints, chunks: await removeWithChunks(changes, { ids: checkpoints }) };
    });
  }

  async *export(id: number): AsyncGenerator<Uint8Array> {
    const { manifest } = await this.load(id);
    yield* exportFile(manifest, this.#sealedChunks(distinctChunks(manifest)));
  }

  async import(
    file: AsyncIterable<Uint8Array>,
    as: { readonly id: number; readonly name: string },
  ): Promise<CheckpointManifest> {
    requireSavepointName(as.name);
    return await importFile(file, async (original, chunks) => {
      const manifest: CheckpointManifest = { ...original, ...as, kind: "savepoint" };
      await this.#saveSealed(manifest, chunks);
      return manifest;
    });
  }

  async #saveSealed(manifest: CheckpointManifest, chunks: AsyncIterable<SealedChunk>): Promise<void> {
    if (manifest.name !== null) requireSavepointName(manifest.name);
    const text = writeManifest(manifest);
    await this.#backend.exclusively(async (changes) => {
      const found = await changes.manifest(manifest.id);
      if (found === text) return;
      assert(found === null, `another checkpoint ${manifest.id} is there already`);
      if (manifest.name !== null) requireNewName(manifest.name, await changes.manifests());
      for await (const batch of batchesAsTheyCome(distinct(chunks), ({ sealed }) => sealed.length)) {
        await changes.putChunks(batch);
      }
      await requireChunks(changes, manifest);
      await changes.putManifest(manifest.id, text);
    });
  }

  async *#readParts(parts: readonly CheckpointPart[]): AsyncGenerator<PartChunk> {
    const places = parts.flatMap((part) => part.chunks.map((chunk) => ({ part, chunk })));
    for (const batch of batches(places, ({ chunk }) => chunk.bytes)) {
      const found = await this.#backend.chunks([...new Set(batch.map(({ chunk }) => chunk.id))]);
      for (const { part, chunk } of batch) {
        yield { part, chunk, body: await unseal(chunk, requireChunk(chunk.id, found)) };
      }
    }
  }

  async *#sealedChunks(references: readonly ChunkReference[]): AsyncGenerator<SealedChunk> {
    for (const batch of batches(references, ({ bytes }) => bytes)) {
      const found = await this.#backend.chunks(batch.map(({ id }) => id));
      for (const reference of batch) {
        const sealed = requireChunk(reference.id, found);
        await unseal(reference, sealed); // damage is told here, and not to whoever imports it some day
        yield { id: reference.id, sealed };
      }
    }
  }
}

interface ReadManifest {
  readonly id: number;
  readonly kind: CheckpointKind;
  readonly name: string | null;
  readonly manifest: CheckpointManifest | CheckpointFault;
}

/** Newest first. */
function readAll(texts: ReadonlyMap<number, string>): ReadManifest[] {
  return [...texts]
    .sort(([a], [b]) => b - a)
    .map(([id, text]) => {
      const [kind, manifest] = [kindIn(text), readOne(id, text)];
      const told = manifest instanceof CheckpointFault ? nameIn(text) : manifest.name;
      return { id, kind, name: kind === "savepoint" ? (told ?? `unreadable-${id}`) : null, manifest };
    });
}

function readOne(id: number, text: string): CheckpointManifest | CheckpointFault {
  try {
    const manifest = readManifest(text);
    if (manifest.id === id) return manifest;
    return new CheckpointFault({
      code: "checkpoint-torn",
      message: `in the place of checkpoint ${id} lies checkpoint ${manifest.id}`,
    });
  } catch (error) {
    if (error instanceof CheckpointFault) return error;
    throw error;
  }
}

/** What cannot be read stays as long as what is newer is not enough: it may be all there is, for another version. */
function outdated(manifests: readonly ReadManifest[], keep: number): number[] {
  let kept = 0;
  const ids: number[] = [];
  for (const { id, kind, manifest } of manifests) {
    if (kind === "savepoint") continue;
    if (kept >= keep) ids.push(id);
    else if (!(manifest instanceof CheckpointFault)) kept++;
  }
  return ids;
}

/** Gives how many chunks went with the checkpoints. */
async function removeWithChunks(
  changes: CheckpointChanges,
  { ids, spared = new Set() }: { readonly ids: readonly number[]; readonly spared?: ReadonlySet<string> | undefined },
): Promise<number> {
  await changes.removeManifests(ids);
  const needed = new Set(spared);
  for (const { manifest } of readAll(await changes.manifests())) {
    if (!(manifest instanceof CheckpointFault)) for (const { id } of distinctChunks(manifest)) needed.add(id);
    // Only a version that can read it knows which chunks are its own.
    else if (manifest.code === "checkpoint-foreign") return 0;
  }
  return await changes.retainChunks(needed);
}

function requireNewName(name: string, texts: ReadonlyMap<number, string>): void {
  if (!readAll(texts).some((there) => there.name === name)) return;
  throw new UserError({
    code: "savepoint-exists",
    message: `there is a savepoint ${JSON.stringify(name)} already`,
    hint: "give this one another name, or remove the other first",
  });
}

async function requireChunks(changes: CheckpointChanges, manifest: CheckpointManifest): Promise<void> {
  const [missing] = await changes.missing(distinctChunks(manifest).map(({ id }) => id));
  if (missing !== undefined) throw chunkMissing(missing);
}

function requireChunk(id: string, found: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const sealed = found.get(id);
  if (sealed === undefined) throw chunkMissing(id);
  return sealed;
}

function chunkMissing(id: string): CheckpointFault {
  return new CheckpointFault({
    code: "checkpoint-missing",
    message: `the chunk ${id}, which the checkpoint refers to, is gone`,
  });
}

async function* sealEach(chunks: Iterable<NewChunk> | AsyncIterable<NewChunk>): AsyncGenerator<SealedChunk> {
  for await (const chunk of chunks) yield await seal(chunk);
}

async function* distinct(chunks: AsyncIterable<SealedChunk>): AsyncGenerator<SealedChunk> {
  const seen = new Set<string>();
  for await (const chunk of chunks) {
    if (seen.has(chunk.id)) continue;
    seen.add(chunk.id);
    yield chunk;
  }
}
