/** Streams as they are written down: each call adds an operator to the graph, and gives the stream that comes out of it. */

import type { Json } from "../../core/event.ts";
import { checkBroadcasts, type DeclaredBroadcasts } from "../state/broadcast-state.ts";
import { BroadcastConnectedStream, isBroadcast, type BroadcastStream } from "./broadcast-streams.ts";
import { checkSeed } from "../checks.ts";
import { ConnectedStreams } from "./connected-streams.ts";
import type { ExternalSink } from "../graph/connector.ts";
import { countWindows } from "./count-windows.ts";
import { asElements, type StreamElement } from "../graph/element.ts";
import type { EventTime } from "../time/event-clock.ts";
import { EventTimeSorter } from "../operators/event-time-sorter.ts";
import { externalSink, isExternalSink } from "../operators/external-sink-operator.ts";
import { badArgument, checkFactory, checkFunction, checkRichFunction, made } from "../functions/function-checks.ts";
import type { Codec } from "../state/codec.ts";
import type { FilterFunction, FlatMapFunction, MapFunction } from "../functions/functions.ts";
import type { Edge } from "../graph/graph-node.ts";
import { CoGroupedStreams, JoinedStreams } from "./joined-streams.ts";
import type { KeySelector } from "../graph/key-selector.ts";
import { KeyedStream } from "./keyed-stream.ts";
import type { Operator, OperatorSetup } from "../operators/operator.ts";
import type { Origin } from "../graph/origin.ts";
import type { Partition } from "../graph/partition.ts";
import type { ProcessFunction } from "../functions/process-function.ts";
import { ProcessOperator } from "../operators/process-operator.ts";
import type { OutputTag } from "../graph/side-output.ts";
import {
  FilterOperator,
  FlatMapOperator,
  MapOperator,
  SinkOperator,
  UnionOperator,
  type Sink,
} from "../operators/simple-operators.ts";
import type { StreamEnd } from "./stream-end.ts";
import type { IdempotentSink, TwoPhaseSink } from "../sinks/two-phase-sink.ts";
import { WatermarkAssigner } from "../operators/watermark-assigner.ts";
import type { ValvePolicy } from "../time/watermark-valve.ts";
import type { WindowAssigner } from "../windows/window-assigner.ts";
import { WindowedStream, type WindowSource } from "./windowed-stream.ts";

export class DataStream<T> {
  readonly #origin: Origin;
  readonly #end: StreamEnd;

  constructor(origin: Origin) {
    this.#origin = origin;
    this.#end = { origin, add: (addition) => new DataStream(origin.add(addition)) };
  }

  /** The operator's. */
  get name(): string {
    return this.#origin.name;
  }

  /** Names the operator that the stream comes from: for the graph, for messages, and for snapshots, which find state by it. */
  named(name: string): this {
    this.#origin.rename(name);
    return this;
  }

  /**
   * How many subtasks the operator has that the stream comes from; without it, one that has keys or reads a divided stream has
   * as many as the task, and any other as many as what it reads (S11.23). UserError `bad-argument`.
   */
  setParallelism(parallelism: number): this {
    this.#origin.setParallelism(parallelism);
    return this;
  }

  map<R>(map: MapFunction<T, R>): DataStream<R> {
    this.#checkFunction("map", map);
    return this.#end.add({ kind: "map", create: (setup) => new MapOperator(setup, map) });
  }

  filter<S extends T>(filter: (value: T) => value is S): DataStream<S>;
  filter(filter: FilterFunction<T>): DataStream<T>;
  filter(filter: FilterFunction<T>): DataStream<T> {
    this.#checkFunction("filter", filter);
    return this.#end.add({ kind: "filter", create: (setup) => new FilterOperator(setup, filter) });
  }

  flatMap<R>(flatMap: FlatMapFunction<T, R>): DataStream<R> {
    this.#checkFunction("flatMap", flatMap);
    return this.#end.add({ kind: "flatMap", create: (setup) => new FlatMapOperator(setup, flatMap) });
  }

  /** `make` is called for each subtask. */
  process<R>(make: () => ProcessFunction<T, R>): DataStream<R> {
    checkFactory({ operator: this.#placeOf("process"), value: make });
    return this.#end.add({
      kind: "process",
      create: (setup) => new ProcessOperator(setup, made(make, setup, "processElement")),
    });
  }

  /** All records of all streams; time is the least of theirs. */
  union(...others: readonly PartitionedStream<T>[]): DataStream<T> {
    return this.#end.add({
      kind: "union",
      besides: this.#edgesFrom(others, "union"),
      create: (setup) => new UnionOperator(setup),
    });
  }

  /**
   * Records of this stream and the others in the order of event time, as far as watermarks let them; time is the least of theirs,
   * and waits for a stream that is behind. What is late comes when it comes.
   */
  inEventTime(others: readonly DataStream<T>[] = [], codec?: Codec<T>): DataStream<T> {
    return this.transform({
      kind: "inEventTime",
      does: "in the order of event time",
      besides: others,
      timePolicy: "least",
      create: (setup) => new EventTimeSorter(setup, codec),
    });
  }

  /** An operator of one's own; it may read other streams besides. */
  transform<R>({
    besides = [],
    ...transformation
  }: Transformation<R> & {
    readonly besides?: readonly DataStream<T>[];
    readonly timePolicy?: ValvePolicy;
  }): DataStream<R> {
    return this.#end.add({
      ...transformation,
      parallelism: "single",
      besides: this.#edgesFrom(besides, transformation.kind),
    });
  }

  /** Takes the operator out of the graph, and all that reads from it; a task follows by `update`. */
  remove(): void {
    this.#origin.remove();
  }

  /** A key is any JSON; records of equal keys come together, with state of their own. */
  keyBy<K extends Json>(key: KeySelector<T, K>): KeyedStream<T, K> {
    checkFunction({ operator: this.#placeOf("keyBy"), value: key, expected: "a function that gives a record's key" });
    return new KeyedStream(this.#end, key);
  }

  /** Windows of all records, in one place: as those by key, with the key `null` (S11.34). */
  windowAll(assigner: WindowAssigner<T>): WindowedStream<T, null> {
    return new WindowedStream(allOf(this.#end), { assigner });
  }

  /** Windows of so many records; with `every`, of the last `size` each time that so many have come. UserError `bad-argument`. */
  countWindowAll(size: number, every?: number): WindowedStream<T, null> {
    return new WindowedStream<T, null>(allOf(this.#end), countWindows({ size, every }));
  }

  /** To all subtasks of what reads it, in turn (S11.24). */
  rebalance(): PartitionedStream<T> {
    return this.#divided({ kind: "rebalance" });
  }

  /** In turn to those few subtasks of what reads it that are each subtask's share. */
  rescale(): PartitionedStream<T> {
    return this.#divided({ kind: "rescale" });
  }

  /** Without a pattern, but the same for the same seed. UserError `bad-argument`. */
  shuffle({ seed = 0 }: { readonly seed?: number } = {}): PartitionedStream<T> {
    checkSeed({ what: "the `seed` of `shuffle`", value: seed });
    return this.#divided({ kind: "shuffle", seed });
  }

  /** All to the first subtask of what reads it. */
  global(): PartitionedStream<T> {
    return this.#divided({ kind: "global" });
  }

  /** To the subtask of the same number; UserError `unequal-parallelism` in `createTask` where there are not equally many. */
  forward(): PartitionedStream<T> {
    return this.#divided({ kind: "forward" });
  }

  /** To the subtask, of `parallelism` many, that the function names for the key. */
  partitionCustom<K>(partition: (key: K, parallelism: number) => number, key: (value: T) => K): PartitionedStream<T> {
    const operator = this.#placeOf("partitionCustom");
    checkFunction({ operator, value: partition, expected: "a function that gives a subtask" });
    checkFunction({ operator, value: key, expected: "a function that gives a key" });
    const subtaskOf = (value: unknown, parallelism: number): number => partition(key(value as T), parallelism);
    return this.#divided({ kind: "custom", subtaskOf });
  }

  /**
   * To every subtask of what reads it; with descriptors (`mapState`), of what it is connected with, and they are the state that
   * it may write there.
   */
  broadcast(): PartitionedStream<T>;
  broadcast(...declared: DeclaredBroadcasts): BroadcastStream<T>;
  broadcast(...declared: DeclaredBroadcasts): BroadcastStream<T> | PartitionedStream<T> {
    if (declared.length === 0) return this.#divided({ kind: "broadcast" });
    checkBroadcasts(declared);
    return { origin: this.#origin, declared };
  }

  /** Another stream, of records of another kind, beside this one. */
  connect<B>(other: PartitionedStream<B>): ConnectedStreams<T, B>;
  connect<B>(side: BroadcastStream<B>): BroadcastConnectedStream<T, B>;
  connect<B>(
    other: PartitionedStream<B> | BroadcastStream<B>,
  ): ConnectedStreams<T, B> | BroadcastConnectedStream<T, B> {
    if (isBroadcast(other)) return new BroadcastConnectedStream(this.#end, other);
    return new ConnectedStreams({ first: this.#end, second: this.#endOf(other, "connect") });
  }

  /** Every pair of records of both streams that have equal keys, and are in the same window (S11.35). */
  join<B>(other: PartitionedStream<B>): JoinedStreams<T, B> {
    return new JoinedStreams({ first: this.#end, second: this.#endOf(other, "join") });
  }

  /** The records of both streams that have equal keys, and are in the same window, together (S11.35). */
  coGroup<B>(other: PartitionedStream<B>): CoGroupedStreams<T, B> {
    return new CoGroupedStreams({ first: this.#end, second: this.#endOf(other, "coGroup") });
  }

  /** What the operator emits under the tag. */
  sideOutput<X>({ name }: OutputTag<X>): DataStream<X> {
    return new DataStream(this.#origin.sideOutput(name));
  }

  /** From here on, time goes by these timestamps and watermarks. */
  assignTimestampsAndWatermarks(eventTime: EventTime<T>): DataStream<T> {
    return this.#end.add({
      kind: "timestamps",
      does: `timestamps, watermarks ${eventTime.watermarks?.name ?? "none"}`,
      create: (setup) => new WatermarkAssigner(setup, eventTime),
    });
  }

  /** Calls the function for each record, or tells the object of time as well; `execute` writes to what takes its time. */
  sinkTo(sink: Sink<T> | IdempotentSink<T>): DataStream<never>;
  sinkTo(sink: TwoPhaseSink<T>): DataStream<never>;
  sinkTo(sink: Sink<T> | ExternalSink<T>): DataStream<never>;
  sinkTo(sink: Sink<T> | ExternalSink<T>): DataStream<never> {
    if (isExternalSink(sink)) return this.#end.add({ ...externalSink(sink), parallelism: "single" });
    checkRichFunction({ operator: this.#placeOf("sinkTo"), value: sink, methods: ["record"] });
    return this.#end.add({ kind: "sink", parallelism: 1, create: (setup) => new SinkOperator(setup, sink) });
  }

  /** Lets out all that flows as data: into another task, or into a test. */
  elements(take: (element: StreamElement<T>) => void): DataStream<never> {
    const create = (setup: OperatorSetup): Operator<T, never> => new SinkOperator(setup, asElements(take));
    return this.#end.add({ kind: "sink", parallelism: "single", create });
  }

  #endOf<X>(stream: PartitionedStream<X>, kind: string): StreamEnd {
    if (stream instanceof DataStream) return stream.#end;
    throw badArgument({ operator: this.#placeOf(kind), value: stream, expected: "a stream" });
  }

  #placeOf(kind: string): string {
    return `${kind} behind ${this.#origin.name}`;
  }

  #checkFunction(kind: "map" | "filter" | "flatMap", value: unknown): void {
    checkRichFunction({ operator: this.#placeOf(kind), value, methods: [kind] });
  }

  #edgesFrom(others: readonly PartitionedStream<T>[], kind: string): Edge[] {
    return others.map((other) => this.#endOf(other, kind).origin.edgeBeside(this.#origin));
  }

  #divided(partition: Partition): PartitionedStream<T> {
    return new DataStream<T>(this.#origin.divided(partition));
  }
}

function allOf<T>(end: StreamEnd): WindowSource<T, null> {
  return {
    place: end.origin.name,
    key: () => null,
    add: (addition) => end.add({ ...addition, partition: { kind: "global" }, isKeyed: true, parallelism: "single" }),
  };
}

/** A stream on its way to the subtasks of the next operator: what is said of the operator behind it has been said before. */
export type PartitionedStream<T> = Omit<DataStream<T>, "named" | "setParallelism" | "remove" | "sideOutput">;

/** How an operator of one's own comes into a graph. */
export interface Transformation<R> {
  /** `map` names it `map-1`, unless it has a name. */
  readonly kind: string;
  readonly name?: string;
  /** What the graph says of it. */
  readonly does: string;
  create(setup: OperatorSetup): Operator<never, R>;
}
