/**
 * What records are read from outside of the graph: parts that are read side by side, in batches, each from a position where it can
 * be read from again. `execute` of `tripline/connect` reads it; a task by itself knows nothing of it.
 */

import type { Json } from "../../core/event.ts";

/** Whether the source has an end. */
export type Boundedness = "bounded" | "unbounded";

/** `P` is a position: JSON that is kept in checkpoints, and handed back when reading goes on from one. */
export interface Source<T, P extends Json = Json> {
  /** For the graph and for messages: `NDJSON file payments.ndjson`. */
  readonly does: string;
  readonly boundedness: Boundedness;
  /** False: what has been read cannot be read again, so a restart misses what was on its way. */
  readonly isReplayable: boolean;
  /** The parts that are read side by side, by name: the source's partitions. The same ones at each start. */
  splits(): readonly string[] | Promise<readonly string[]>;
  /** Reading from one position gives the same records each time, in the same order. It is over where the split is. */
  read(request: ReadRequest<P>): AsyncIterable<SourceBatch<T, P>>;
}

export interface ReadRequest<P extends Json = Json> {
  readonly split: string;
  /** Where reading goes on; null for the beginning. */
  readonly from: P | null;
  /** Nobody wants to read any more: what waits for the world gives up. */
  readonly signal: AbortSignal;
}

/** A checkpoint is taken between two batches, so a source keeps them small: hundreds of records rather than millions. */
export interface SourceBatch<T, P extends Json = Json> {
  readonly values: readonly T[];
  /** Of each value, epoch milliseconds. Without them a value has the time at which it is taken, unless the graph's source has a `timestamp`. */
  readonly timestamps?: readonly number[];
  /** Behind these records. */
  readonly position: P;
}
