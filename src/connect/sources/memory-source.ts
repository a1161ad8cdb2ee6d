/** Sources out of values that the program has: an array, or anything that can be iterated, also asynchronously. */

import { setImmediate as turn } from "node:timers/promises";
import { UserError } from "../../core/errors.ts";
import { limits } from "../../core/limits.ts";
import type { Source, SourceBatch } from "../../stream/index.ts";

/** What gives the same values each time: an array, or a function that begins anew. */
export type Iteration<T> = Iterable<T> | AsyncIterable<T> | (() => Iterable<T> | AsyncIterable<T>);

/** Bounded; the position is the index. */
export function fromArray<T>(values: readonly T[]): Source<T, number> {
  return {
    does: `array of ${values.length}`,
    boundedness: "bounded",
    isReplayable: true,
    splits: () => ["0"],
    async *read({ from }) {
      for (let at = from ?? 0; at < values.length; at += limits.sourceBatchRecordsMax) {
        const end = Math.min(at + limits.sourceBatchRecordsMax, values.length);
        yield { values: values.slice(at, end), position: end };
      }
    },
  };
}

/**
 * Bounded, unless it says otherwise; the position is how many values have been read. What is an iterator itself, as a running
 * generator is, is read once: give the function that makes it. UserError `not-replayable` where it would have to be read again.
 */
export function fromIterable<T>(
  iteration: Iteration<T>,
  { boundedness = "bounded" }: Partial<Pick<Source<T>, "boundedness">> = {},
): Source<T, number> {
  const isReplayable = isRepeatable(iteration);
  let hasBegun = false;
  return {
    does: "iterable",
    boundedness,
    isReplayable,
    splits: () => ["0"],
    read({ from }) {
      if (!isReplayable && (hasBegun || from !== null)) throw notReplayable();
      hasBegun = true;
      return readFrom(typeof iteration === "function" ? iteration() : iteration, from ?? 0);
    },
  };
}

async function* readFrom<T>(
  iterable: Iterable<T> | AsyncIterable<T>,
  skipped: number,
): AsyncGenerator<SourceBatch<T, number>> {
  let position = 0;
  const batches = Symbol.asyncIterator in iterable ? asTheyCome(iterable) : inBatches(iterable);
  for await (const values of batches) {
    const fresh = values.slice(Math.max(0, skipped - position));
    position += values.length;
    if (fresh.length > 0) yield { values: fresh, position };
  }
}

function* inBatches<T>(values: Iterable<T>): Generator<readonly T[]> {
  let batch: T[] = [];
  for (const value of values) {
    batch.push(value);
    if (batch.length < limits.sourceBatchRecordsMax) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** A value that has come does not wait for the next one; those that are there at once go together. */
async function* asTheyCome<T>(values: AsyncIterable<T>): AsyncGenerator<readonly T[]> {
  const iterator = values[Symbol.asyncIterator]();
  const next = (): Promise<IteratorResult<T>> => {
    const coming = iterator.next();
    coming.catch(() => undefined); // it is asked for before anybody waits for it
    return coming;
  };
  try {
    let coming = next();
    for (;;) {
      const first = await coming;
      if (first.done === true) return;
      const batch = [first.value];
      coming = next();
      for (const over = turn(null); batch.length < limits.sourceBatchRecordsMax; coming = next()) {
        const another = await Promise.race([coming, over]);
        if (another === null || another.done === true) break;
        batch.push(another.value);
      }
      yield batch;
    }
  } finally {
    await iterator.return?.();
  }
}

function isRepeatable<T>(iteration: Iteration<T>): boolean {
  return typeof iteration === "function" || !("next" in iteration);
}

function notReplayable(): UserError {
  return new UserError({
    code: "not-replayable",
    message:
      "an iterator was to be read again, or on from a checkpoint, and it is under way; expected what can be read anew",
    hint: "`fromIterable(() => generator())` makes it anew each time",
  });
}
