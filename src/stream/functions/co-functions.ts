/** Functions over two connected streams: what comes from each goes its own way, over state that both share. */

import type { Json } from "../../core/event.ts";
import type { OperatorContext, RichFunction, UnkeyedFunction } from "./functions.ts";
import type { KeyedContext, KeyedRuntimeContext, OnTimerContext, ProcessContext } from "./process-function.ts";

export interface CoMapFunction<A, B, R, Context = OperatorContext> extends RichFunction<Context> {
  map1(value: A): R;
  map2(value: B): R;
}

export interface CoFlatMapFunction<A, B, R, Context = OperatorContext> extends RichFunction<Context> {
  flatMap1(value: A): Iterable<R>;
  flatMap2(value: B): Iterable<R>;
}

/** Each subtask has its own. */
export interface CoProcessFunction<A, B, Out> extends UnkeyedFunction {
  processElement1(value: A, context: ProcessContext<Out>): void;
  processElement2(value: B, context: ProcessContext<Out>): void;
}

/** State and timers belong to the key, whichever stream it came from. Each subtask has its own. */
export interface KeyedCoProcessFunction<K extends Json, A, B, Out> extends RichFunction<KeyedRuntimeContext> {
  processElement1(value: A, context: KeyedContext<K, Out>): void;
  processElement2(value: B, context: KeyedContext<K, Out>): void;
  /** What it collects has the timer's time. */
  onTimer?(at: number, context: OnTimerContext<K, Out>): void;
}
