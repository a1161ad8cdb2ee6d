/** A source for tests: batches that are given, each behind a step that the test may wait in, fail in, or count. */

import { setImmediate as turn } from "node:timers/promises";
import type { Source } from "../../src/stream/index.ts";

export interface BatchedOptions<T> {
  readonly splits: Readonly<Record<string, readonly (readonly T[])[]>>;
  /** Before each batch. Default: everybody else has a turn. */
  readonly before?: (split: string, batch: number) => Promise<void>;
  /** What comes after the last batch; default: the end. */
  readonly atEnd?: (signal: AbortSignal) => Promise<void>;
}

export function batched<T>({ splits, before = async () => turn(), atEnd }: BatchedOptions<T>): Source<T, number> {
  return {
    does: "batches of a test",
    boundedness: atEnd === undefined ? "bounded" : "unbounded",
    isReplayable: true,
    splits: () => Object.keys(splits),
    async *read({ split, from, signal }) {
      const batches = splits[split]!;
      for (let at = from ?? 0; at < batches.length; at++) {
        await before(split, at);
        yield { values: batches[at]!, position: at + 1 };
      }
      await atEnd?.(signal);
    },
  };
}

/** Of a source that is silent from then on, until nobody wants to read any more. */
export function silence(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
