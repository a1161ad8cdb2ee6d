/** The aggregates of a window rule: each different one once, all of them folded together. */

import type { Json } from "../core/event.ts";
import type { Compiled, EvalContext, Value } from "./types.ts";
import type { ValueFold, WindowFold } from "./window-fold.ts";

/**
 * The accumulator holds one accumulator for each aggregate; what goes in are the values of their arguments for one event,
 * what comes out is `WindowFiring.results`.
 */
export interface WindowAggregates extends WindowFold<readonly Value[], readonly unknown[], readonly Value[]> {
  /** Each aggregate as text, in a fixed order: rules that have the same ones can go on with each other's accumulators. */
  readonly names: readonly string[];
  /** The arguments' values for the event at hand. An evictor keeps these in place of the event. */
  read(context: EvalContext): readonly Value[];
}

interface Aggregate {
  readonly name: string;
  readonly argument: Compiled;
  readonly fold: ValueFold;
}

export function combined(aggregates: readonly Aggregate[]): WindowAggregates {
  const folds = aggregates.map(({ fold }) => fold);
  return {
    names: aggregates.map(({ name }) => name),
    read: (context) => aggregates.map(({ argument }) => argument(context)),
    createAccumulator: () => folds.map((fold) => fold.createAccumulator()),
    add: (values, accumulator) => folds.map((fold, i) => fold.add(values[i]!, accumulator[i])),
    merge: (earlier, later) => folds.map((fold, i) => fold.merge(earlier[i], later[i])),
    getResult: (accumulator) => folds.map((fold, i) => fold.getResult(accumulator[i])),
    codec: {
      encode: (accumulator) => folds.map((fold, i) => fold.codec.encode(accumulator[i])),
      decode: (json) => folds.map((fold, i) => fold.codec.decode((json as readonly Json[])[i]!)),
    },
  };
}
