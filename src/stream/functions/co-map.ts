/** `map` and `flatMap` of two connected streams, as functions that process both. */

import type { CoFlatMapFunction, CoMapFunction } from "./co-functions.ts";
import { checkIterable } from "./function-checks.ts";
import type { CheckpointedFunction, RichFunction } from "./functions.ts";
import type { OperatorSetup } from "../operators/operator.ts";
import type { ProcessContext } from "./process-function.ts";

type Collecting<R> = Pick<ProcessContext<R>, "collect">;

/** With or without keys. */
export interface ProcessingBoth<A, B, R, Context> extends RichFunction<Context> {
  processElement1(value: A, context: Collecting<R>): void;
  processElement2(value: B, context: Collecting<R>): void;
}

export function mappingBoth<A, B, R, Context>(map: CoMapFunction<A, B, R, Context>): ProcessingBoth<A, B, R, Context> {
  return {
    ...lifeOf(map),
    processElement1: (value, context) => context.collect(map.map1(value)),
    processElement2: (value, context) => context.collect(map.map2(value)),
  };
}

export function flatMappingBoth<A, B, R, Context>(
  flatMap: CoFlatMapFunction<A, B, R, Context>,
  setup: OperatorSetup,
): ProcessingBoth<A, B, R, Context> {
  const collectAll = (results: Iterable<R>, context: Collecting<R>): void => {
    for (const result of checkIterable(results, setup)) context.collect(result);
  };
  return {
    ...lifeOf(flatMap),
    processElement1: (value, context) => collectAll(flatMap.flatMap1(value), context),
    processElement2: (value, context) => collectAll(flatMap.flatMap2(value), context),
  };
}

type Life<Context> = RichFunction<Context> & Partial<CheckpointedFunction>;

function lifeOf<Context>(userFunction: Life<Context>): Life<Context> {
  const { initializeState, snapshotState } = userFunction;
  return {
    open: (context) => userFunction.open?.(context),
    close: () => userFunction.close?.(),
    ...(initializeState === undefined ? {} : { initializeState: initializeState.bind(userFunction) }),
    ...(snapshotState === undefined ? {} : { snapshotState: snapshotState.bind(userFunction) }),
  };
}
