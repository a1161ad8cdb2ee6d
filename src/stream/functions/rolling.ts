/** What the records of a key have come to so far, without windows, after each of them. */

import type { Json } from "../../core/event.ts";
import type { AggregateFunction, ReduceFunction } from "./aggregate-function.ts";
import type { Codec } from "../state/codec.ts";
import type { KeyedProcessFunction } from "./process-function.ts";
import { aggregatingState, reducingState, type StateDescriptor } from "../state/state-descriptor.ts";
import type { AggregatingState } from "../state/state-kinds.ts";

export function rollingReduce<K extends Json, T>(
  reduce: ReduceFunction<T>,
  codec: Codec<T> | undefined,
): KeyedProcessFunction<K, T, T> {
  return rolling(reducingState<T>({ name: "total", reduce, ...(codec === undefined ? {} : { codec }) }));
}

export function rollingAggregate<K extends Json, T, Acc, Out>(
  aggregate: AggregateFunction<T, Acc, Out>,
): KeyedProcessFunction<K, T, Out> {
  return rolling(aggregatingState({ name: "total", aggregate }));
}

function rolling<K extends Json, T, Out>(
  total: StateDescriptor<AggregatingState<T, Out>>,
): KeyedProcessFunction<K, T, Out> {
  return {
    processElement(value, context) {
      const state = context.state(total);
      state.add(value);
      context.collect(state.get()!);
    },
  };
}
