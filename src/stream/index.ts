/** The stream library's face: typed streams over keyed state and event time, synchronous, without a clock of its own. */

export type {
  BroadcastConnectedStream,
  BroadcastStream,
  KeyedBroadcastConnectedStream,
} from "./streams/broadcast-streams.ts";
export type {
  CoFlatMapFunction,
  CoMapFunction,
  CoProcessFunction,
  KeyedCoProcessFunction,
} from "./functions/co-functions.ts";
export type { ConnectedStreams, KeyedConnectedStreams } from "./streams/connected-streams.ts";
export type { DataStream, PartitionedStream, Transformation } from "./streams/data-stream.ts";
export type { IdleElement, StreamElement, StreamRecord, WatermarkElement } from "./graph/element.ts";
export type { Connector, ExternalSink } from "./graph/connector.ts";
export { StreamEnvironment, type ConnectedSourceOptions, type SourceStream } from "./streams/environment.ts";
export type { EventTime } from "./time/event-clock.ts";
export type { AggregateFunction, ReduceFunction } from "./functions/aggregate-function.ts";
export type { Codec } from "./state/codec.ts";
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
} from "./functions/functions.ts";
export type { StreamGraph } from "./graph/graph.ts";
export type { IntervalJoin, IntervalJoined } from "./streams/interval-join.ts";
export type { JoinContext, ProcessJoinFunction } from "./functions/join-function.ts";
export type {
  CoGroupedStreams,
  CoGroupedWindows,
  CoGroupFunction,
  JoinedStreams,
  JoinedWindows,
  KeyedFirst,
} from "./streams/joined-streams.ts";
export type { CodecsOfTwo, Tagged, ValuesOfTwo } from "./functions/tagged.ts";
export type { KeySelector } from "./graph/key-selector.ts";
export type { KeyedFilterFunction, KeyedFlatMapFunction, KeyedMapFunction } from "./functions/keyed-functions.ts";
export type { KeyedStream } from "./streams/keyed-stream.ts";
export type { ExecutionMode, OperatorStatus } from "./operators/operator.ts";
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
} from "./functions/process-function.ts";
export { jsonCodec, type Migrate } from "./state/serializer.ts";
export { outputTag, type OutputTag } from "./graph/side-output.ts";
export type { Sink, SinkFunction } from "./operators/simple-operators.ts";
export type { TaskSnapshot } from "./task/snapshot.ts";
export type { Boundedness, ReadRequest, Source, SourceBatch } from "./graph/source.ts";
export type { SummableStream } from "./streams/summable-stream.ts";
export type { ExtremeOptions, FieldOf, Ordered, TotalOptions, ValueOf } from "./functions/totals.ts";
export type { SourceInput } from "./task/source-input.ts";
export type { SourceOptions } from "./operators/source-operator.ts";
export {
  aggregatingState,
  listState,
  mapState,
  reducingState,
  valueState,
  type MapKey,
  type StateDescriptor,
  type StateOptions,
} from "./state/state-descriptor.ts";
export type {
  AggregatingState,
  ListState,
  MapState,
  ReadOnlyMapState,
  ReducingState,
  ValueState,
} from "./state/state-kinds.ts";
export type { StateTtl } from "./state/state-ttl.ts";
export type { Task, TaskOptions, TaskStatus } from "./task/task.ts";
export type { TimeDomain } from "./time/timer-queue.ts";
export {
  ascendingTimestamps,
  boundedOutOfOrderness,
  punctuatedWatermarks,
  type WatermarkGenerator,
  type WatermarkStrategy,
} from "./time/watermark-strategy.ts";
export type { IdempotentSink, RecoveredTransactions, TwoPhaseSink } from "./sinks/two-phase-sink.ts";
export type { ValveStatus } from "./time/watermark-valve.ts";
export { calendarDays, type CalendarDaysOptions } from "./windows/calendar-days.ts";
export { continuousEventTimeTrigger, continuousProcessingTimeTrigger } from "./windows/continuous-trigger.ts";
export { deltaTrigger, type DeltaTriggerOptions } from "./windows/delta-trigger.ts";
export {
  countEvictor,
  deltaEvictor,
  timeEvictor,
  type DeltaEvictorOptions,
  type Evictor,
  type EvictorContext,
  type EvictorOptions,
  type WindowElement,
} from "./windows/evictor.ts";
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
} from "./windows/trigger.ts";
export { timeoutTrigger, type TimeoutOptions } from "./windows/timeout-trigger.ts";
export { slidingWindows, type SlidingOptions } from "./windows/sliding-windows.ts";
export {
  globalWindows,
  sessionWindows,
  tumblingWindows,
  type GlobalOptions,
  type SessionOptions,
  type TumblingOptions,
} from "./windows/window-assigners.ts";
export type { ProcessWindowFunction, WindowContext } from "./windows/window-function.ts";
export { closingTime, GLOBAL_WINDOW, maxTimestamp, type Window } from "./windows/window.ts";
export type { WindowAssigner } from "./windows/window-assigner.ts";
export type { WindowedStream } from "./streams/windowed-stream.ts";
