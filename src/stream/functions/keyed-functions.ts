/** `map`, `filter` and `flatMap` by key: what their functions keep belongs to the key of the record at hand. */

import type { Json } from "../../core/event.ts";
import { checkIterable, checkUncheckpointed, checkUnshared } from "./function-checks.ts";
import type { RichFunction } from "./functions.ts";
import type { OperatorSetup } from "../operators/operator.ts";
import type { KeyedContext, KeyedProcessFunction, KeyedRuntimeContext } from "./process-function.ts";

type KeyedRichFunction = RichFunction<KeyedRuntimeContext>;

export type KeyedMapFunction<T, R> = ((value: T) => R) | (KeyedRichFunction & { map(value: T): R });
export type KeyedFilterFunction<T> = ((value: T) => boolean) | (KeyedRichFunction & { filter(value: T): boolean });
export type KeyedFlatMapFunction<T, R> =
  ((value: T) => Iterable<R>) | (KeyedRichFunction & { flatMap(value: T): Iterable<R> });

export function keyedMap<K extends Json, T, R>(
  map: KeyedMapFunction<T, R>,
  setup: OperatorSetup,
): KeyedProcessFunction<K, T, R> {
  const mapped = typeof map === "function" ? map : (value: T) => map.map(value);
  return processing(map, setup, (value, context) => context.collect(mapped(value)));
}

export function keyedFilter<K extends Json, T>(
  filter: KeyedFilterFunction<T>,
  setup: OperatorSetup,
): KeyedProcessFunction<K, T, T> {
  const passes = typeof filter === "function" ? filter : (value: T) => filter.filter(value);
  return processing(filter, setup, (value, context) => {
    if (passes(value)) context.collect(value);
  });
}

export function keyedFlatMap<K extends Json, T, R>(
  flatMap: KeyedFlatMapFunction<T, R>,
  setup: OperatorSetup,
): KeyedProcessFunction<K, T, R> {
  const results = typeof flatMap === "function" ? flatMap : (value: T) => flatMap.flatMap(value);
  return processing(flatMap, setup, (value, context) => {
    for (const result of checkIterable(results(value), setup)) context.collect(result);
  });
}

function processing<K extends Json, T, R>(
  given: object,
  setup: OperatorSetup,
  processElement: (value: T, context: KeyedContext<K, R>) => void,
): KeyedProcessFunction<K, T, R> {
  if (typeof given === "function") return { processElement };
  const rich: KeyedRichFunction = checkUncheckpointed(checkUnshared(given, setup), setup);
  return { open: (context) => rich.open?.(context), close: () => rich.close?.(), processElement };
}
