/** The stream library's face: typed streams over keyed state and event time, synchronous, without a clock of its own. */

export type { BroadcastConnectedStream, BroadcastStream, KeyedBroadcastConnectedStream } from "./broadcast-streams.ts";
export type { CoFlatMapFunction, CoMapFunction, CoProcessFunction, KeyedCoProcessFunction } from "./co-functions.ts";
export type { ConnectedStreams, KeyedConnectedStreams } from "./connected-streams.ts";
export type { DataStream, PartitionedStream, Transformation } from "./data-stream.ts";
export type { IdleElement, StreamElement, StreamRecord, WatermarkElement } from "./element.ts";
export type { Connector, ExternalSink } from "./connector.ts";
export { StreamEnvironment, type ConnectedSourceOptions, type SourceStream } from "./environment.ts";
export type { EventTime } from "./event-clock.ts";
export type { AggregateFunction, ReduceFunction } from "./aggregate-function.ts";
export type { Codec } from "./codec.ts";
export type {
  CheckpointedFunction,
  FilterFunction,
  FlatMapFunction,
  MapFunction,
  OperatorContext,
  OperatorStateStore,
  RichFunction,
  RuntimeContext,
  StateInitializationContext,
  UnkeyedFunction,
} from "./functions.ts";
export type { StreamGraph } from "./graph.ts";
export type { IntervalJoin, IntervalJoined } from "./interval-join.ts";
export type { JoinContext, ProcessJoinFunction } from "./join-function.ts";
export type {
  CoGroupedStreams,
  CoGroupedWindows,
  CoGroupFunction,
  JoinedStreams,
  JoinedWindows,
  KeyedFirst,
} from "./joined-streams.ts";
export type { CodecsOfTwo, Tagged, ValuesOfTwo } from "./tagged.ts";
export type { KeySelector } from "./key-selector.ts";
export type { KeyedFilterFunction, KeyedFlatMapFunction, KeyedMapFunction } from "./keyed-functions.ts";
export type { KeyedStream } from "./keyed-stream.ts";
export type { ExecutionMode, OperatorStatus } from "./operator.ts";
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
export { jsonCodec, type Migrate } from "./serializer.ts";
export { outputTag, type OutputTag } from "./side-output.ts";
export type { Sink, SinkFunction } from "./simple-operators.ts";
export type { TaskSnapshot } from "./snapshot.ts";
export type { Boundedness, ReadRequest, Source, SourceBatch } from "./source.ts";
export type { SummableStream } from "./summable-stream.ts";
export type { ExtremeOptions, FieldOf, Ordered, TotalOptions, ValueOf } from "./totals.ts";
export type { SourceInput } from "./source-input.ts";
export type { SourceOptions } from "./source-operator.ts";
export {
  aggregatingState,
  listState,
  mapState,
  reducingState,
  valueState,
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
export type { TimeDomain } from "./timer-queue.ts";
export {
  ascendingTimestamps,
  boundedOutOfOrderness,
  punctuatedWatermarks,
  type WatermarkGenerator,
  type WatermarkStrategy,
} from "./watermark-strategy.ts";
export type { IdempotentSink, RecoveredTransactions, TwoPhaseSink } from "./two-phase-sink.ts";
export type { ValveStatus } from "./watermark-valve.ts";
export { calendarDays, type CalendarDaysOptions } from "./calendar-days.ts";
export { continuousEventTimeTrigger, continuousProcessingTimeTrigger } from "./continuous-trigger.ts";
export { deltaTrigger, type DeltaTriggerOptions } from "./delta-trigger.ts";
export {
  countEvictor,
  deltaEvictor,
  timeEvictor,
  type DeltaEvictorOptions,
  type Evictor,
  type EvictorContext,
  type EvictorOptions,
  type WindowElement,
} from "./evictor.ts";
export {
  countTrigger,
  endOfInputTrigger,
  eventTimeTrigger,
  processingTimeTrigger,
  purgingTrigger,
  type MergeContext,
  type MergingState,
  type Trigger,
  type TriggerContext,
  type TriggerResult,
} from "./trigger.ts";
export { timeoutTrigger, type TimeoutOptions } from "./timeout-trigger.ts";
export { slidingWindows, type SlidingOptions } from "./sliding-windows.ts";
export {
  globalWindows,
  sessionWindows,
  tumblingWindows,
  type GlobalOptions,
  type SessionOptions,
  type TumblingOptions,
} from "./window-assigners.ts";
export type { ProcessWindowFunction, WindowContext } from "./window-function.ts";
export { closingTime, GLOBAL_WINDOW, maxTimestamp, type Window } from "./window.ts";
export type { WindowAssigner } from "./window-assigner.ts";
export type { WindowedStream } from "./windowed-stream.ts";
