/**
 * A fold: what an aggregate keeps of the values that it has seen, each taken in once, so that the events themselves need
 * not be kept. Two of one kind become one, for the panes of sliding windows and for sessions that grow together (S10.8).
 */

import type { Json } from "../core/event.ts";
import type { Value } from "./types.ts";

export interface ValueFold<Acc = unknown> {
  create(): Acc;
  /** May change the accumulator that it is given, and gives it back. */
  add(accumulator: Acc, value: Value): Acc;
  /** Both as one, `earlier` before `later`: may change `earlier`, never `later`. */
  merge(earlier: Acc, later: Acc): Acc;
  /** Whether the order in which values come makes a difference. */
  readonly dependsOnOrder?: true;
  /** For snapshots, at any moment. */
  encode(accumulator: Acc): Json;
  decode(json: Json): Acc;
  /** Whether values have been left out, because there is a limit. */
  isCut?(accumulator: Acc): boolean;
}

/** What a call such as `avg(x)` comes to. Several may look at one accumulator: `percentile(x, 50)` and `percentile(x, 99)`. */
export interface Aggregate<Acc = unknown> {
  readonly fold: ValueFold<Acc>;
  /** So far; nothing of it changes with the accumulator. */
  result(this: void, accumulator: Acc): Value;
}
