/** The small functions that users give: plain ones, or, where they need a beginning and an end, objects with `open` and `close`. */

import type { Json } from "../core/event.ts";
import type { StateDescriptor } from "./state-descriptor.ts";

/** What every function may have: called once before the first element, and once after the last. */
export interface RichFunction<Context = OperatorContext> {
  open?(context: Context): void;
  close?(): void;
}

/** What a function can know about where it runs. */
export interface RuntimeContext {
  readonly operator: string;
  readonly subtask: number;
  readonly parallelism: number;
  readonly processingTime: number;
}

/** Of functions without keys; there is one of each. */
export interface OperatorContext extends RuntimeContext {
  /** One for all records; part of snapshots. */
  operatorState<S>(descriptor: StateDescriptor<S>): S;
}

export type MapFunction<T, R> = ((value: T) => R) | (RichFunction & { map(value: T): R });
export type FilterFunction<T> = ((value: T) => boolean) | (RichFunction & { filter(value: T): boolean });
export type FlatMapFunction<T, R> = ((value: T) => Iterable<R>) | (RichFunction & { flatMap(value: T): Iterable<R> });

/** Makes one value of two, and changes neither; associative. */
export type ReduceFunction<T> = (a: T, b: T) => T;

/** Turns what is no JSON into JSON, and back. */
export interface Codec<T> {
  encode(value: T): Json;
  decode(json: Json): T;
}

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
