/** Streams as they are written down: each call adds an operator to the graph, and gives the stream that comes out of it. */

import { UserError } from "../core/errors.ts";
import type { Json } from "../core/event.ts";
import { checkBroadcasts, type DeclaredBroadcasts } from "./broadcast-state.ts";
import { checkCount, checkSeed } from "./checks.ts";
import { asElements, type StreamElement } from "./element.ts";
import { countEvictor } from "./evictor.ts";
import { EventTimeSorter } from "./event-time-sorter.ts";
import type { EventTime } from "./event-clock.ts";
import type { ExternalSink } from "./connector.ts";
import { externalSink, isExternalSink } from "./external-sink-operator.ts";
import type { Codec, FilterFunction, FlatMapFunction, MapFunction, ReduceFunction } from "./functions.ts";
import type { Edge } from "./graph-node.ts";
import type { Partition } from "./partition.ts";
import { KeyedBroadcastOperator } from "./keyed-broadcast-operator.ts";
import type { KeySelector } from "./key-selector.ts";
import type { Operator, OperatorSetup } from "./operator.ts";
import { KeyedProcessOperator } from "./keyed-process-operator.ts";
import { BroadcastProcessOperator, ProcessOperator } from "./process-operator.ts";
import type { Addition, Origin } from "./origin.ts";
import type {
  BroadcastProcessFunction,
  KeyedBroadcastProcessFunction,
  KeyedProcessFunction,
  ProcessFunction,
} from "./process-function.ts";
import { rollingReduce } from "./rolling-reduce.ts";
import type { OutputTag } from "./side-output.ts";
import {
  FilterOperator,
  FlatMapOperator,
  MapOperator,
  SinkOperator,
  UnionOperator,
  type Sink,
} from "./simple-operators.ts";
import { countTrigger, purgingTrigger } from "./trigger.ts";
import { WatermarkAssigner } from "./watermark-assigner.ts";
import { globalWindows } from "./window-assigners.ts";
import type { ValvePolicy } from "./watermark-valve.ts";
import { WindowedStream } from "./windowed-stream.ts";
import type { WindowAssigner } from "./window-assigner.ts";

export class DataStream<T> {
  readonly #origin: Origin;

  constructor(origin: Origin) {
    this.#origin = origin;
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
    return this.#add({ kind: "map", create: (setup) => new MapOperator(setup, map) });
  }

  filter<S extends T>(filter: (value: T) => value is S): DataStream<S>;
  filter(filter: FilterFunction<T>): DataStream<T>;
  filter(filter: FilterFunction<T>): DataStream<T> {
    return this.#add({ kind: "filter", create: (setup) => new FilterOperator(setup, filter) });
  }

  flatMap<R>(flatMap: FlatMapFunction<T, R>): DataStream<R> {
    return this.#add({ kind: "flatMap", create: (setup) => new FlatMapOperator(setup, flatMap) });
  }

  /** `make` is called for each subtask. */
  process<R>(make: () => ProcessFunction<T, R>): DataStream<R> {
    return this.#add({ kind: "process", create: (setup) => new ProcessOperator(setup, make()) });
  }

  /** All records of all streams; time is the least of theirs. */
  union(...others: readonly PartitionedStream<T>[]): DataStream<T> {
    return this.#add({ kind: "union", besides: this.#edgesFrom(others), create: (setup) => new UnionOperator(setup) });
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
    return this.#add({ ...transformation, parallelism: "single", besides: this.#edgesFrom(besides) });
  }

  /** Takes the operator out of the graph, and all that reads from it; a task follows by `update`. */
  remove(): void {
    this.#origin.remove();
  }

  /** A key is any JSON; records of equal keys come together, with state of their own. */
  keyBy<K extends Json>(key: KeySelector<T, K>): KeyedStream<T, K> {
    return new KeyedStream(this.#origin, key);
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

  connect<B>(side: BroadcastStream<B>): BroadcastConnectedStream<T, B> {
    return new BroadcastConnectedStream(this.#origin, side);
  }

  /** What the operator emits under the tag. */
  sideOutput<X>({ name }: OutputTag<X>): DataStream<X> {
    return new DataStream(this.#origin.sideOutput(name));
  }

  /** From here on, time goes by these timestamps and watermarks. */
  assignTimestampsAndWatermarks(eventTime: EventTime<T>): DataStream<T> {
    return this.#add({
      kind: "timestamps",
      does: `timestamps, watermarks ${eventTime.watermarks?.name ?? "none"}`,
      create: (setup) => new WatermarkAssigner(setup, eventTime),
    });
  }

  /** Calls the function for each record, or tells the object of time as well; `execute` writes to what takes its time. */
  sinkTo(sink: Sink<T> | ExternalSink<T>): DataStream<never> {
    if (isExternalSink(sink)) return this.#add(externalSink(sink));
    return this.#add({ kind: "sink", parallelism: 1, create: (setup) => new SinkOperator(setup, sink) });
  }

  /** Lets out all that flows as data: into another task, or into a test. */
  elements(take: (element: StreamElement<T>) => void): DataStream<never> {
    return this.sinkTo(asElements(take));
  }

  #edgesFrom(others: readonly PartitionedStream<T>[]): Edge[] {
    return others.map((other) => (other as DataStream<T>).#origin.edgeBeside(this.#origin));
  }

  #divided(partition: Partition): PartitionedStream<T> {
    return new DataStream<T>(this.#origin.divided(partition));
  }

  #add<R>(addition: Addition): DataStream<R> {
    return new DataStream(this.#origin.add(addition));
  }
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

/** A stream whose records belong to keys: what follows has state, timers and windows by key. */
export class KeyedStream<T, K extends Json> {
  readonly #origin: Origin;
  readonly #key: KeySelector<T, K>;

  constructor(origin: Origin, key: KeySelector<T, K>) {
    this.#origin = origin;
    this.#key = key;
  }

  /** `make` is called for each subtask; state belongs to the key of the record or timer at hand. */
  process<R>(make: () => KeyedProcessFunction<K, T, R>): DataStream<R> {
    return this.#add({
      kind: "process",
      create: (setup) => new KeyedProcessOperator(setup, { key: this.#key, function: make() }),
    });
  }

  /** What the key's records have come to so far, after each of them. */
  reduce(reduce: ReduceFunction<T>): DataStream<T> {
    return this.#add({
      kind: "reduce",
      create: (setup) => new KeyedProcessOperator(setup, { key: this.#key, function: rollingReduce(reduce) }),
    });
  }

  window(assigner: WindowAssigner<T>): WindowedStream<T, K> {
    return new WindowedStream({ add: (addition) => this.#add(addition), key: this.#key, assigner });
  }

  /**
   * Windows of so many records of a key; with `every`, of the last `size` records each time that so many have come.
   * UserError `bad-argument`.
   */
  countWindow(size: number, every?: number): WindowedStream<T, K> {
    const windows = this.window(globalWindows());
    checkCount({ what: "the size of count windows", value: size });
    if (every === undefined) return windows.trigger(purgingTrigger(countTrigger(size)));
    checkSlide(every, size);
    return windows.trigger(countTrigger(every)).evictor(countEvictor(size));
  }

  connect<B>(side: BroadcastStream<B>): KeyedBroadcastConnectedStream<T, K, B> {
    return new KeyedBroadcastConnectedStream(this.#origin, { key: this.#key, side });
  }

  /** An operator of one's own, with state and timers by key. */
  transform<R>(transformation: Transformation<R>): DataStream<R> {
    return this.#add(transformation);
  }

  #add<R>(addition: Omit<Addition, "partition">): DataStream<R> {
    return new DataStream(this.#origin.add({ ...addition, partition: byKey(this.#key) }));
  }
}

/** A stream on its way to every subtask; `connect` takes it. */
export interface BroadcastStream<B> {
  readonly origin: Origin;
  readonly declared: DeclaredBroadcasts;
  /** Only for the compiler. */
  readonly carries?: () => B;
}

export class BroadcastConnectedStream<T, B> {
  readonly #origin: Origin;
  readonly #side: BroadcastStream<B>;

  constructor(origin: Origin, side: BroadcastStream<B>) {
    this.#origin = origin;
    this.#side = side;
  }

  /** `make` is called for each subtask. */
  process<R>(make: () => BroadcastProcessFunction<T, B, R>): DataStream<R> {
    const { origin, declared } = this.#side;
    return new DataStream(
      this.#origin.add({
        kind: "process",
        besides: [origin.edgeBeside(this.#origin, SECOND_TO_ALL)],
        create: (setup) => new BroadcastProcessOperator(setup, { function: make(), declared }),
      }),
    );
  }
}

export class KeyedBroadcastConnectedStream<T, K extends Json, B> {
  readonly #origin: Origin;
  readonly #key: KeySelector<T, K>;
  readonly #side: BroadcastStream<B>;

  constructor(origin: Origin, { key, side }: { key: KeySelector<T, K>; side: BroadcastStream<B> }) {
    this.#origin = origin;
    this.#key = key;
    this.#side = side;
  }

  /** `make` is called for each subtask. */
  process<R>(make: () => KeyedBroadcastProcessFunction<K, T, B, R>): DataStream<R> {
    const { origin, declared } = this.#side;
    return new DataStream(
      this.#origin.add({
        kind: "process",
        partition: byKey(this.#key),
        besides: [origin.edgeBeside(this.#origin, SECOND_TO_ALL)],
        create: (setup) => new KeyedBroadcastOperator(setup, { key: this.#key, function: make(), declared }),
      }),
    );
  }
}

function checkSlide(every: number, size: number): void {
  checkCount({ what: "the `every` of count windows", value: every });
  if (every <= size) return;
  throw new UserError({
    code: "bad-argument",
    message: `the \`every\` of count windows, ${every}, is greater than their size, ${size}`,
    hint: "records between two windows would be in none: make `every` at most the size",
  });
}

function byKey<T, K extends Json>(key: KeySelector<T, K>): Partition {
  return { kind: "key", key };
}

/** A broadcast side. */
const SECOND_TO_ALL = { partition: { kind: "broadcast" }, isSecond: true } as const;
