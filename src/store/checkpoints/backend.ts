/**
 * Where checkpoints lie: what `BackedCheckpointStore` needs of a memory, a folder or a database. Manifests and chunks are
 * sealed already: a backend keeps bytes, and knows nothing of what they say.
 */

export interface CheckpointBackend extends CheckpointBytes {
  readonly place: string;
  /**
   * What `work` does is done by nobody else meanwhile, and all of it or nothing remains, in so far as a reader can tell: chunks
   * that no manifest refers to may stay behind, and the next `retainChunks` takes them away. Readers do not wait.
   */
  exclusively<T>(work: (changes: CheckpointChanges) => Promise<T>): Promise<T>;
}

/** What is there to be read. */
export interface CheckpointBytes {
  manifests(): Promise<ReadonlyMap<number, string>>;
  manifest(id: number): Promise<string | null>;
  /** Those that are there. */
  chunks(ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
}

export interface CheckpointChanges extends CheckpointBytes {
  /** A chunk that is there already is written again: it may be damaged. */
  putChunks(chunks: readonly SealedChunk[]): Promise<void>;
  /** Those of the ids that are not there. */
  missing(ids: readonly string[]): Promise<readonly string[]>;
  /** After its chunks. */
  putManifest(id: number, text: string): Promise<void>;
  removeManifests(ids: readonly number[]): Promise<void>;
  /** Removes all other chunks; gives how many those were. */
  retainChunks(ids: ReadonlySet<string>): Promise<number>;
}

export interface SealedChunk {
  readonly id: string;
  readonly sealed: Uint8Array;
}
