/**
 * Checkpoints as the engine sees their store: a manifest that says what was taken, and the chunks of state it refers to.
 * Chunks never change, and are known by what they hold, so that a checkpoint writes what is new and names what is not.
 */

import { hash } from "node:crypto";
import { UserError, type UserErrorDetail } from "../../core/errors.ts";
import type { Json } from "../../core/event.ts";

export const CHECKPOINT_FORMAT = 1;

/** A checkpoint is the engine's and makes room for later ones; a savepoint is somebody's, has a name, and stays until it is removed. */
export type CheckpointKind = "checkpoint" | "savepoint";

export interface CheckpointManifest {
  readonly format: typeof CHECKPOINT_FORMAT;
  /** 1, 2, ...: the greatest is the newest, whatever the clock said. */
  readonly id: number;
  readonly kind: CheckpointKind;
  /** Of a savepoint; null for a checkpoint. */
  readonly name: string | null;
  /** The next record to read: the state is that of all records below. */
  readonly offset: number;
  /** Epoch milliseconds. */
  readonly takenAt: number;
  /** From the barrier until it was handed to the store. */
  readonly durationMs: number;
  readonly rules: readonly { readonly name: string; readonly version: number }[];
  readonly parts: readonly CheckpointPart[];
  /** Of the alert sink, pre-committed: they are committed now that this is a checkpoint. Absent where there is none. */
  readonly sinkTransactions?: readonly Json[];
}

/** The state of one owner, whole or of one key group: what its chunks hold is the owner's matter. */
export interface CheckpointPart {
  /** `rule:brute_force`, `stream:logins`, `suppression`. */
  readonly name: string;
  readonly keyGroup: number | null;
  /** In the order they apply: a base, and what has changed since. */
  readonly chunks: readonly ChunkReference[];
}

export interface ChunkReference {
  /** SHA-256 of the chunk's bytes, in hex. */
  readonly id: string;
  /** Before compression. */
  readonly bytes: number;
  readonly keys: number;
}

export interface NewChunk extends ChunkReference {
  readonly body: Uint8Array;
}

/** A chunk of at most `limits.checkpointChunkBytesMax`. */
export function newChunk({ body, keys }: { readonly body: Uint8Array; readonly keys: number }): NewChunk {
  return { id: hash("sha256", body, "hex"), bytes: body.length, keys, body };
}

/** What a list shows. */
export interface CheckpointSummary extends Omit<CheckpointManifest, "parts"> {
  readonly parts: number;
  /** Of all its chunks, before compression; one that older checkpoints have too is counted like the others. */
  readonly bytes: number;
  readonly keys: number;
}

/** One that cannot be read is listed too, so that whoever skips it can say so. */
export type CheckpointEntry = {
  readonly id: number;
  readonly kind: CheckpointKind;
  /** Of a savepoint, also of one that cannot be read: `unreadable-17` where nothing tells its name any more. */
  readonly name: string | null;
} & ({ readonly summary: CheckpointSummary } | { readonly fault: CheckpointFault });

export interface StoredCheckpoint {
  readonly manifest: CheckpointManifest;
  /**
   * The chunks of the parts (of all, if none are named): part by part, and in each part in the order they apply. A few are held
   * at once, and each is what its id says. CheckpointFault for one that is not there, or damaged.
   */
  read(parts?: readonly CheckpointPart[]): AsyncIterable<PartChunk>;
}

export interface PartChunk {
  readonly part: CheckpointPart;
  readonly chunk: ChunkReference;
  readonly body: Uint8Array;
}

export interface Pruned {
  /** Ids of the checkpoints that are gone. */
  readonly checkpoints: readonly number[];
  /** How many chunks went with them. */
  readonly chunks: number;
}

export interface CheckpointStore {
  /** Where they lie, for people to read: `the folder /var/checkpoints`. */
  readonly place: string;
  /** The greatest id there is; 0 when there is none. The next checkpoint's is greater. */
  lastId(): Promise<number>;
  /**
   * All or nothing: the chunks, and the manifest that refers to them and to chunks saved earlier. Saving the same again (after
   * an answer was lost) changes nothing. CheckpointFault `checkpoint-missing` when an earlier chunk is not there any more;
   * UserErrors `bad-savepoint-name`, `savepoint-exists` and `checkpoint-too-large`.
   */
  save(manifest: CheckpointManifest, chunks: Iterable<NewChunk> | AsyncIterable<NewChunk>): Promise<void>;
  /** Newest first. */
  list(): Promise<readonly CheckpointEntry[]>;
  /** CheckpointFault when there is none, or its manifest cannot be read. */
  load(id: number): Promise<StoredCheckpoint>;
  /**
   * False when there is none of that id. Chunks that nothing refers to any more go with it, but for those that are spared: the
   * next checkpoint may build on them.
   */
  remove(id: number, options?: { readonly spared: ReadonlySet<string> }): Promise<boolean>;
  /** Keeps this many of the newest checkpoints (1 or more), and all savepoints. */
  prune(keep: number): Promise<Pruned>;
  /** One self-contained file, in pieces. CheckpointFault as in `load` and `read`. */
  export(id: number): AsyncIterable<Uint8Array>;
  /**
   * Saves what `export` gave, elsewhere or here, as a savepoint of this id and name. CheckpointFault when the file is not whole
   * or not ours; nothing is saved then.
   */
  import(
    file: AsyncIterable<Uint8Array>,
    as: { readonly id: number; readonly name: string },
  ): Promise<CheckpointManifest>;
}

/**
 * Why a checkpoint cannot be used; the one before it may be.
 * - `checkpoint-missing`: there is none, or a chunk it refers to is gone
 * - `checkpoint-torn`: what is there is not what was written
 * - `checkpoint-foreign`: written in a format that this version does not know
 */
export type CheckpointFaultCode = "checkpoint-missing" | "checkpoint-torn" | "checkpoint-foreign";

export class CheckpointFault extends UserError {
  override readonly name = "CheckpointFault";

  constructor(detail: UserErrorDetail & { readonly code: CheckpointFaultCode }) {
    super(detail);
  }
}
