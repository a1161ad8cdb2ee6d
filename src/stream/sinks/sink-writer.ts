/**
 * How whoever takes checkpoints drives a sink, the same for both kinds: values in between, a cut at each barrier, word when the
 * checkpoint is complete, and a new beginning at the last one after any failure.
 */

import type { Json } from "../../core/event.ts";

export interface SinkWriter<T> {
  /** Before anything else, and again after a failure: `transactions` are those that the checkpoint names; none without one. */
  recover(transactions: readonly Json[]): Promise<void>;
  /**
   * In order. Resolves when there is room for more. Rejects when the sink has failed: what was added since the last complete
   * checkpoint is to be added again, after `recover`. Until then `add` and `cut` fail the same.
   */
  add(values: readonly T[]): Promise<void>;
  /** At a barrier, in the moment in which state is captured: what was added before belongs to this checkpoint. */
  cut(): SinkCut;
  status(): SinkStatus;
  /** What is open is given up; what complete checkpoints name is committed first, if that can be. */
  close(): Promise<void>;
}

export interface SinkCut {
  /**
   * To be awaited before the checkpoint is saved, which has to name them: the transactions of this cut, and of those before it that
   * are not known to be committed. What was added before the cut is safe then, whether the checkpoint is completed or not.
   */
  readonly preCommitted: Promise<readonly Json[]>;
  /**
   * The checkpoint is durable: its transactions are committed. Nobody has to wait for it but who is done after it; when it rejects,
   * they are committed by the next `recover`. Not called for a checkpoint that failed, whose transactions are those of the next.
   */
  complete(): Promise<void>;
}

export interface SinkStatus {
  /** What the sink failed with; null while it works. */
  readonly failure: unknown;
  /** Values that were added and have not been handed to the sink. */
  readonly waiting: number;
  /** Transactions that are being filled: 0 or 1. */
  readonly open: number;
  /** Pre-committed, and not known to be committed. */
  readonly prepared: number;
  /** Since the start. */
  readonly committed: number;
  readonly aborted: number;
}
