/** How many values become one: by a function of two, or over an accumulator. */

import type { Codec } from "../state/codec.ts";

/** Makes one value of two, and changes neither; associative. */
export type ReduceFunction<T> = (a: T, b: T) => T;

export interface AggregateFunction<In, Acc, Out> {
  createAccumulator(): Acc;
  /** The accumulator with the value in it; it may be the same object. */
  add(value: In, accumulator: Acc): Acc;
  getResult(accumulator: Acc): Out;
  /**
   * Two as one: what `a` has, and then what `b` has. It may change `a` and give it back, but never change or keep `b`. Windows
   * that merge need it; sliding windows keep one accumulator for each pane if they have it.
   */
  merge?(a: Acc, b: Acc): Acc;
  /** For accumulators that are no JSON, in snapshots. */
  readonly codec?: Codec<Acc>;
}
