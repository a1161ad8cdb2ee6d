/** `map`, `filter`, `flatMap`, `union` and sinks: a record in, and at once none, one or many out. */

import { checkIterable, checkUnshared } from "../functions/function-checks.ts";
import type { FilterFunction, FlatMapFunction, MapFunction, UnkeyedFunction } from "../functions/functions.ts";
import { Operator, type OperatorSetup } from "./operator.ts";
import { UnkeyedOperator } from "./unkeyed-operator.ts";

export class MapOperator<T, R> extends UnkeyedOperator<T, R> {
  readonly #map: (value: T) => R;

  constructor(setup: OperatorSetup, map: MapFunction<T, R>) {
    super(setup, richPartOf(setup, map));
    this.#map = typeof map === "function" ? map : (value) => map.map(value);
  }

  override record(value: T, timestamp: number): void {
    this.next.record(this.#map(value), timestamp);
  }
}

export class FilterOperator<T> extends UnkeyedOperator<T, T> {
  readonly #passes: (value: T) => boolean;

  constructor(setup: OperatorSetup, filter: FilterFunction<T>) {
    super(setup, richPartOf(setup, filter));
    this.#passes = typeof filter === "function" ? filter : (value) => filter.filter(value);
  }

  override record(value: T, timestamp: number): void {
    if (this.#passes(value)) this.next.record(value, timestamp);
  }
}

export class FlatMapOperator<T, R> extends UnkeyedOperator<T, R> {
  readonly #flatMap: (value: T) => Iterable<R>;

  constructor(setup: OperatorSetup, flatMap: FlatMapFunction<T, R>) {
    super(setup, richPartOf(setup, flatMap));
    this.#flatMap = typeof flatMap === "function" ? flatMap : (value) => flatMap.flatMap(value);
  }

  override record(value: T, timestamp: number): void {
    for (const result of checkIterable(this.#flatMap(value), this.setup)) this.next.record(result, timestamp);
  }
}

/** Several streams as one; what leads into it has joined their watermarks. */
export class UnionOperator<T> extends Operator<T, T> {
  override record(value: T, timestamp: number): void {
    this.next.record(value, timestamp);
  }
}

/** Where a stream leaves the graph: a function that takes each record, or one that wants to know of time as well. */
export type Sink<T> = ((value: T, timestamp: number) => void) | SinkFunction<T>;

export interface SinkFunction<T> extends UnkeyedFunction {
  record(value: T, timestamp: number): void;
  watermark?(watermark: number): void;
  idle?(idle: boolean): void;
}

export class SinkOperator<T> extends UnkeyedOperator<T, never> {
  readonly #sink: SinkFunction<T>;

  constructor(setup: OperatorSetup, sink: Sink<T>) {
    const rich = typeof sink === "function" ? { record: sink } : sink;
    super(setup, richPartOf(setup, rich));
    this.#sink = rich;
  }

  override record(value: T, timestamp: number): void {
    this.#sink.record(value, timestamp);
  }

  override watermark(watermark: number): void {
    this.#sink.watermark?.(watermark);
  }

  override idle(idle: boolean): void {
    this.#sink.idle?.(idle);
  }
}

function richPartOf(
  setup: OperatorSetup,
  userFunction: UnkeyedFunction | ((...values: never[]) => unknown),
): UnkeyedFunction {
  return typeof userFunction === "function" ? {} : checkUnshared(userFunction, setup);
}
