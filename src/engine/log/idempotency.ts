/**
 * Requests with an `Idempotency-Key`: how much of each is in the log. It is written down with the records, in their
 * transaction, so that a request that is sent again goes on where the log has it, whatever died in between.
 */

import type { Json } from "../../core/event.ts";

/** A key is its sender's, and means something on one stream. */
export interface RequestKey {
  /** Names the sender: of its token, what may be stored. */
  readonly token: string;
  readonly stream: string;
  readonly key: string;
}

export interface TakenLines extends RequestKey {
  /** Lines (or documents) from the beginning of the body that are in the log, or were answered otherwise. */
  readonly lines: number;
  /** Of those lines, so that another body under the same key is told from a repetition. */
  readonly digest: string;
  /** What was answered for them. */
  readonly answer: Json;
  /** Epoch milliseconds. */
  readonly takenAt: number;
}

export interface RequestKeys {
  find(key: RequestKey): Promise<TakenLines | null>;
  /** Forgets those that were last written down before this time; gives how many those were. */
  forget(options: { readonly before: number }): Promise<number>;
}
