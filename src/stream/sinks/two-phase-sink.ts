/**
 * Where values of a stream leave for the world, in the two ways in which each of them counts once: a sink to which the same may be
 * said again, and a sink with transactions that become visible with a checkpoint, in two phases. Ports; nothing here does I/O.
 */

import type { Json } from "../../core/event.ts";

/** A sink that knows a value when it comes again: by a key, or because it says what is and not what was added. */
export interface IdempotentSink<T> {
  /** Resolves when they are durable. After a failure the same are given again, with more behind them, and change nothing. */
  write(values: readonly T[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * A sink whose transactions survive a crash between their two phases: prepared transactions of Postgres, transactions of Kafka,
 * files that are renamed. A `Transaction` is the handle by which one is found again, also by another process; checkpoints have it.
 * Any call may fail, and its outcome is unknown then: what was open is given up, and `commit`, `abort` and `recover` are called again.
 */
export interface TwoPhaseSink<T, Transaction extends Json = Json> {
  /** One at a time is open: begun, and not pre-committed. Its handle is one that no other transaction has, or had. */
  begin(): Promise<Transaction>;
  /** Into the open transaction, behind what it has. */
  write(transaction: Transaction, values: readonly T[]): Promise<void>;
  /** Phase one, once: from now on it is durable, invisible, and certain to be committed or aborted when we say so. */
  preCommit(transaction: Transaction): Promise<void>;
  /** Phase two of one that was pre-committed. Committing again what is committed changes nothing. */
  commit(transaction: Transaction): Promise<void>;
  /** Of one that is open or pre-committed. Aborting again what is gone changes nothing. */
  abort(transaction: Transaction): Promise<void>;
  /**
   * At the start, and after a failure: commits those that the checkpoint names which we go on from (they may be committed already),
   * and aborts every other transaction of this sink's name, open ones too, whichever process began it.
   */
  recover(pending: readonly Transaction[]): Promise<RecoveredTransactions>;
  close(): Promise<void>;
}

/** How many `recover` found, and what became of them; those that were over before do not count. */
export interface RecoveredTransactions {
  readonly committed: number;
  readonly aborted: number;
}
