/** `reduce` by key without windows: what the records have come to so far, after each of them. */

import type { Json } from "../core/event.ts";
import type { ReduceFunction } from "./functions.ts";
import type { KeyedProcessFunction } from "./process-function.ts";
import { reducingState } from "./state-descriptor.ts";

export function rollingReduce<K extends Json, T>(reduce: ReduceFunction<T>): KeyedProcessFunction<K, T, T> {
  const total = reducingState<T>({ name: "total", reduce });
  return {
    processElement(value, context) {
      const state = context.state(total);
      state.add(value);
      context.collect(state.get()!);
    },
  };
}
