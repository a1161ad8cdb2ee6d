/**
 * A fold: what an aggregate keeps of the events of a window, each taken in once, so that the events themselves need not
 * be kept. Two folds of one kind become one, for the panes of sliding windows and for sessions that grow together.
 */

import type { Json } from "../core/event.ts";
import type { Value } from "./types.ts";

export interface WindowFold<In, Acc, Out> {
  createAccumulator(): Acc;
  /** May change the accumulator that it is given, and gives it back. */
  add(value: In, accumulator: Acc): Acc;
  /** Both as one, `earlier` before `later`: may change `earlier`, never `later`. */
  merge(earlier: Acc, later: Acc): Acc;
  /** What it has come to so far; nothing of it changes with the accumulator. */
  getResult(accumulator: Acc): Out;
  /** For snapshots, at any moment. */
  readonly codec: {
    readonly encode: (accumulator: Acc) => Json;
    readonly decode: (json: Json) => Acc;
  };
}

/** The fold of one aggregate: of the values that its argument has for each event. */
export type ValueFold<Acc = unknown> = WindowFold<Value, Acc, Value>;
