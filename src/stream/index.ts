/** The stream library's face: typed streams over keyed state and event time, synchronous, without a clock of its own. */

export type {
  BroadcastConnectedStream,
  BroadcastStream,
  DataStream,
  KeyedBroadcastConnectedStream,
  KeyedStream,
} from "./data-stream.ts";
export type { IdleElement, StreamElement, StreamRecord, WatermarkElement } from "./element.ts";
export { StreamEnvironment, type SourceStream } from "./environment.ts";
export type { EventTime } from "./event-clock.ts";
export type {
  AggregateFunction,
  FilterFunction,
  FlatMapFunction,
  MapFunction,
  OperatorContext,
  ReduceFunction,
  RichFunction,
  RuntimeContext,
} from "./functions.ts";
export type { StreamGraph } from "./graph.ts";
export type { KeySelector } from "./keyed-operator.ts";
export type { OperatorStatus } from "./operator.ts";
export type {
  BroadcastContext,
  BroadcastDescriptor,
  BroadcastProcessFunction,
  BroadcastReader,
  KeyedBroadcastContext,
  KeyedBroadcastProcessFunction,
  KeyedContext,
  KeyedProcessFunction,
  KeyedRuntimeContext,
  OnTimerContext,
  ProcessContext,
  ProcessFunction,
} from "./process-function.ts";
export { outputTag, type OutputTag } from "./side-output.ts";
export type { Sink, SinkFunction } from "./simple-operators.ts";
export type { TaskSnapshot } from "./snapshot.ts";
export type { SourceInput } from "./source-input.ts";
export type { SourceOptions } from "./source-operator.ts";
export {
  aggregatingState,
  listState,
  mapState,
  reducingState,
  valueState,
  type Codec,
  type MapKey,
  type StateDescriptor,
  type StateOptions,
} from "./state-descriptor.ts";
export type {
  AggregatingState,
  ListState,
  MapState,
  ReadOnlyMapState,
  ReducingState,
  ValueState,
} from "./state-kinds.ts";
export type { StateTtl } from "./state-ttl.ts";
export type { Task, TaskOptions, TaskStatus } from "./task.ts";
export {
  ascendingTimestamps,
  boundedOutOfOrderness,
  punctuatedWatermarks,
  type WatermarkGenerator,
  type WatermarkStrategy,
} from "./watermark-strategy.ts";
export type { ValveStatus } from "./watermark-valve.ts";
