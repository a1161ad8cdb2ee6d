/** Process functions: what users write who need state, timers, side outputs or a broadcast side. Each subtask has its own. */

import type { Json } from "../../core/event.ts";
import type { RichFunction, RuntimeContext, UnkeyedFunction } from "./functions.ts";
import type { OutputTag } from "../graph/side-output.ts";
import type { StateDescriptor } from "../state/state-descriptor.ts";
import type { MapState, ReadOnlyMapState } from "../state/state-kinds.ts";
import type { TimeDomain } from "../time/timer-queue.ts";

/** While an element is being processed. */
export interface ProcessContext<Out> {
  /** The event time of what is being processed, which what is collected takes on. */
  readonly timestamp: number;
  readonly watermark: number;
  readonly processingTime: number;
  collect(this: void, value: Out): void;
  sideOutput<X>(this: void, tag: OutputTag<X>, value: NoInfer<X>): void;
}

export interface ProcessFunction<In, Out> extends UnkeyedFunction {
  processElement(value: In, context: ProcessContext<Out>): void;
}

/** Handles on state that look at the key at hand. */
export interface KeyedRuntimeContext extends RuntimeContext {
  state<S>(this: void, descriptor: StateDescriptor<S>): S;
}

export interface KeyedContext<K, Out> extends ProcessContext<Out> {
  readonly key: K;
  state<S>(this: void, descriptor: StateDescriptor<S>): S;
  /** One timer per key and timestamp: setting it again changes nothing. */
  registerEventTimeTimer(this: void, at: number): void;
  deleteEventTimeTimer(this: void, at: number): void;
  registerProcessingTimeTimer(this: void, at: number): void;
  deleteProcessingTimeTimer(this: void, at: number): void;
}

export interface OnTimerContext<K, Out> extends KeyedContext<K, Out> {
  readonly timeDomain: TimeDomain;
}

export interface KeyedProcessFunction<K extends Json, In, Out> extends RichFunction<KeyedRuntimeContext> {
  processElement(value: In, context: KeyedContext<K, Out>): void;
  /** What it collects has the timer's time. */
  onTimer?(at: number, context: OnTimerContext<K, Out>): void;
}

/** Broadcast state is declared by descriptors of map state. */
export type BroadcastDescriptor<K, V> = StateDescriptor<MapState<K, V>>;

export interface BroadcastReader {
  broadcastState<K, V>(this: void, descriptor: BroadcastDescriptor<K, V>): ReadOnlyMapState<K, V>;
}

export interface BroadcastContext<Out> extends ProcessContext<Out> {
  broadcastState<K, V>(this: void, descriptor: BroadcastDescriptor<K, V>): MapState<K, V>;
}

export interface KeyedBroadcastContext<K, Out> extends BroadcastContext<Out> {
  /** Calls the function for every key of this subtask that has the state. */
  applyToKeyedState<S>(this: void, descriptor: StateDescriptor<S>, apply: (key: K, state: S) => void): void;
}

/** Without keys: read-only broadcast state on the one side, which the other side writes. */
export interface BroadcastProcessFunction<In, B, Out> extends UnkeyedFunction {
  processElement(value: In, context: ProcessContext<Out> & BroadcastReader): void;
  /** Every subtask sees every broadcast element, and must come to the same broadcast state. */
  processBroadcastElement(value: B, context: BroadcastContext<Out>): void;
}

export interface KeyedBroadcastProcessFunction<K extends Json, In, B, Out> extends RichFunction<KeyedRuntimeContext> {
  processElement(value: In, context: KeyedContext<K, Out> & BroadcastReader): void;
  processBroadcastElement(value: B, context: KeyedBroadcastContext<K, Out>): void;
  onTimer?(at: number, context: OnTimerContext<K, Out> & BroadcastReader): void;
}
