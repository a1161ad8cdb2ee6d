/** A stream whose records belong to keys: what follows has state, timers and windows by key. */

import type { Json } from "../../core/event.ts";
import type { AggregateFunction, ReduceFunction } from "../functions/aggregate-function.ts";
import { isBroadcast, KeyedBroadcastConnectedStream, type BroadcastStream } from "./broadcast-streams.ts";
import { KeyedConnectedStreams } from "./connected-streams.ts";
import { countWindows } from "./count-windows.ts";
import type { DataStream, Transformation } from "./data-stream.ts";
import { badArgument, checkFactory, checkFunction, checkRichFunction, made } from "../functions/function-checks.ts";
import { IntervalJoin } from "./interval-join.ts";
import type { KeySelector } from "../graph/key-selector.ts";
import {
  keyedFilter,
  keyedFlatMap,
  keyedMap,
  type KeyedFilterFunction,
  type KeyedFlatMapFunction,
  type KeyedMapFunction,
} from "../functions/keyed-functions.ts";
import { KeyedProcessOperator } from "../operators/keyed-process-operator.ts";
import type { OperatorSetup } from "../operators/operator.ts";
import type { Addition } from "../graph/origin.ts";
import { byKey } from "../graph/partition.ts";
import type { KeyedProcessFunction } from "../functions/process-function.ts";
import { rollingAggregate, rollingReduce } from "../functions/rolling.ts";
import type { StreamEnd } from "./stream-end.ts";
import { SummableStream } from "./summable-stream.ts";
import type { TotalOptions } from "../functions/totals.ts";
import type { KeyedTwo } from "./two-streams.ts";
import type { WindowAssigner } from "../windows/window-assigner.ts";
import { WindowedStream, type WindowSource } from "./windowed-stream.ts";

export class KeyedStream<T, K extends Json> extends SummableStream<T> {
  readonly #end: StreamEnd;
  readonly #key: KeySelector<T, K>;

  constructor(end: StreamEnd, key: KeySelector<T, K>) {
    super();
    this.#end = end;
    this.#key = key;
  }

  /** `open` is given what has the key's state. */
  map<R>(map: KeyedMapFunction<T, R>): DataStream<R> {
    this.#checkFunction("map", map);
    return this.#keyed("map", (setup) => keyedMap(map, setup));
  }

  /** `open` is given what has the key's state. */
  filter<S extends T>(filter: (value: T) => value is S): DataStream<S>;
  filter(filter: KeyedFilterFunction<T>): DataStream<T>;
  filter(filter: KeyedFilterFunction<T>): DataStream<T> {
    this.#checkFunction("filter", filter);
    return this.#keyed("filter", (setup) => keyedFilter(filter, setup));
  }

  /** `open` is given what has the key's state. */
  flatMap<R>(flatMap: KeyedFlatMapFunction<T, R>): DataStream<R> {
    this.#checkFunction("flatMap", flatMap);
    return this.#keyed("flatMap", (setup) => keyedFlatMap(flatMap, setup));
  }

  /** `make` is called for each subtask; state belongs to the key of the record or timer at hand. */
  process<R>(make: () => KeyedProcessFunction<K, T, R>): DataStream<R> {
    checkFactory({ operator: this.placeOf("process"), value: make });
    return this.#keyed("process", (setup) => made(make, setup, "processElement"));
  }

  /** What the key's records have come to so far, after each of them; with a codec, where they are no JSON. */
  reduce(reduce: ReduceFunction<T>, { codec }: TotalOptions<T> = {}): DataStream<T> {
    checkFunction({ operator: this.placeOf("reduce"), value: reduce, expected: "a function that makes one of two" });
    return this.#keyed("reduce", () => rollingReduce(reduce, codec));
  }

  window(assigner: WindowAssigner<T>): WindowedStream<T, K> {
    return new WindowedStream(this.#source(), { assigner });
  }

  /**
   * Windows of so many records of a key; with `every`, of the last `size` records each time that so many have come.
   * UserError `bad-argument`.
   */
  countWindow(size: number, every?: number): WindowedStream<T, K> {
    return new WindowedStream<T, K>(this.#source(), countWindows({ size, every }));
  }

  /** With a stream by the same key, state and timers are the key's, whichever it came from. */
  connect<B>(other: KeyedStream<B, K>): KeyedConnectedStreams<T, B, K>;
  connect<B>(side: BroadcastStream<B>): KeyedBroadcastConnectedStream<T, K, B>;
  connect<B>(
    other: KeyedStream<B, K> | BroadcastStream<B>,
  ): KeyedConnectedStreams<T, B, K> | KeyedBroadcastConnectedStream<T, K, B> {
    if (isBroadcast(other)) return new KeyedBroadcastConnectedStream(this.#end, { key: this.#key, side: other });
    return new KeyedConnectedStreams(this.#beside(other, "connect"));
  }

  /** Each record with those of another stream by the same key that are not too far away in event time. */
  intervalJoin<B>(other: KeyedStream<B, K>): IntervalJoin<T, B, K> {
    return new IntervalJoin(this.#beside(other, "intervalJoin"));
  }

  /** An operator of one's own, with state and timers by key. */
  transform<R>(transformation: Transformation<R>): DataStream<R> {
    return this.#add(transformation);
  }

  protected override total<Acc, Out>(kind: string, aggregate: AggregateFunction<T, Acc, Out>): DataStream<Out> {
    return this.#keyed(kind, () => rollingAggregate(aggregate));
  }

  protected override placeOf(kind: string): string {
    return `${kind} behind ${this.#end.origin.name}`;
  }

  protected override optionsOf(options: TotalOptions<T>): TotalOptions<T> {
    return options;
  }

  #source(): WindowSource<T, K> {
    return { place: this.#end.origin.name, key: this.#key, add: (addition) => this.#add(addition) };
  }

  #beside<B>(other: KeyedStream<B, K>, kind: string): KeyedTwo<T, B, K> {
    if (other instanceof KeyedStream) {
      return {
        ends: { first: this.#end, second: other.#end },
        keys: { first: this.#key, second: other.#key },
      };
    }
    throw badArgument({ operator: this.placeOf(kind), value: other, expected: "a stream by key" });
  }

  #checkFunction(kind: "map" | "filter" | "flatMap", value: unknown): void {
    checkRichFunction({ operator: this.placeOf(kind), value, methods: [kind] });
  }

  #keyed<R>(kind: string, functionOf: (setup: OperatorSetup) => KeyedProcessFunction<K, T, R>): DataStream<R> {
    return this.#add({
      kind,
      create: (setup) => new KeyedProcessOperator(setup, { key: this.#key, function: functionOf(setup) }),
    });
  }

  #add<R>(addition: Omit<Addition, "partition">): DataStream<R> {
    return this.#end.add({ ...addition, partition: byKey(this.#key) });
  }
}
