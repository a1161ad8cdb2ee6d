/** An idempotent sink that may be away for a moment: what it refuses is written again, a few times, before that is a failure. */

import type { IdempotentSink } from "../../stream/sinks/two-phase-sink.ts";

export interface RetryingSinkOptions<T> {
  readonly sink: IdempotentSink<T>;
  /** How often the same is written, the first time included. */
  readonly attempts: number;
  /** Resolves when attempt number `attempt` (1, 2, ...) may be followed by the next; rejects when nothing is to follow. */
  readonly beforeRetry: (attempt: number, error: unknown) => Promise<void>;
}

export function retryingSink<T>({ sink, attempts, beforeRetry }: RetryingSinkOptions<T>): IdempotentSink<T> {
  return {
    async write(values) {
      for (let attempt = 1; ; attempt++) {
        try {
          await sink.write(values);
          return;
        } catch (error) {
          if (attempt === attempts) throw error;
          await beforeRetry(attempt, error);
        }
      }
    },
    close: () => sink.close(),
  };
}
