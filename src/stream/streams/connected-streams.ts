/** Two streams of different kinds in one operator: what comes from each goes its own way, over state that both share (S11.30). */

import type { Json } from "../../core/event.ts";
import type {
  CoFlatMapFunction,
  CoMapFunction,
  CoProcessFunction,
  KeyedCoProcessFunction,
} from "../functions/co-functions.ts";
import { flatMappingBoth, mappingBoth } from "../functions/co-map.ts";
import { CoProcessOperator, KeyedCoProcessOperator } from "../operators/co-process-operator.ts";
import type { DataStream } from "./data-stream.ts";
import { checkFactory, checkFunction, checkRichFunction, checkUnshared, made } from "../functions/function-checks.ts";
import type { CheckpointedFunction } from "../functions/functions.ts";
import type { KeySelector } from "../graph/key-selector.ts";
import type { Operator, OperatorSetup } from "../operators/operator.ts";
import { byKey } from "../graph/partition.ts";
import type { KeyedRuntimeContext } from "../functions/process-function.ts";
import type { KeyedTwo, TwoEnds } from "./two-streams.ts";

export class ConnectedStreams<A, B> {
  readonly #ends: TwoEnds;

  constructor(ends: TwoEnds) {
    this.#ends = ends;
  }

  map<R>(map: CoMapFunction<A, B, R> & Partial<CheckpointedFunction>): DataStream<R> {
    this.#checkMethods("map", map);
    return this.#add("map", (setup) => new CoProcessOperator(setup, mappingBoth(checkUnshared(map, setup))));
  }

  flatMap<R>(flatMap: CoFlatMapFunction<A, B, R> & Partial<CheckpointedFunction>): DataStream<R> {
    this.#checkMethods("flatMap", flatMap);
    return this.#add(
      "flatMap",
      (setup) => new CoProcessOperator(setup, flatMappingBoth(checkUnshared(flatMap, setup), setup)),
    );
  }

  /** `make` is called for each subtask. */
  process<R>(make: () => CoProcessFunction<A, B, R>): DataStream<R> {
    checkFactory({ operator: placeOf("process", this.#ends), value: make });
    return this.#add(
      "process",
      (setup) => new CoProcessOperator(setup, made(make, setup, "processElement1", "processElement2")),
    );
  }

  /** Both by the same key: state and timers belong to it, whichever stream it came from. */
  keyBy<K extends Json>(first: KeySelector<A, K>, second: KeySelector<B, NoInfer<K>>): KeyedConnectedStreams<A, B, K> {
    const operator = placeOf("keyBy", this.#ends);
    for (const value of [first, second]) checkFunction({ operator, value, expected: "a function that gives the key" });
    return new KeyedConnectedStreams({ ends: this.#ends, keys: { first, second } });
  }

  #checkMethods(kind: "map" | "flatMap", value: object): void {
    checkRichFunction({ operator: placeOf(kind, this.#ends), value, methods: [`${kind}1`, `${kind}2`] });
  }

  #add<R>(kind: string, create: (setup: OperatorSetup) => Operator<A, R>): DataStream<R> {
    const { first, second } = this.#ends;
    const besides = [second.origin.edgeBeside(first.origin, { isSecond: true })];
    return first.add({ kind, does: doing(kind), besides, create });
  }
}

export class KeyedConnectedStreams<A, B, K extends Json> {
  readonly #streams: KeyedTwo<A, B, K>;

  constructor(streams: KeyedTwo<A, B, K>) {
    this.#streams = streams;
  }

  /** `open` is given what has the key's state. */
  map<R>(map: CoMapFunction<A, B, R, KeyedRuntimeContext>): DataStream<R> {
    this.#checkMethods("map", map);
    return this.#add("map", (setup) => mappingBoth(checkUnshared(map, setup)));
  }

  /** `open` is given what has the key's state. */
  flatMap<R>(flatMap: CoFlatMapFunction<A, B, R, KeyedRuntimeContext>): DataStream<R> {
    this.#checkMethods("flatMap", flatMap);
    return this.#add("flatMap", (setup) => flatMappingBoth(checkUnshared(flatMap, setup), setup));
  }

  /** `make` is called for each subtask. */
  process<R>(make: () => KeyedCoProcessFunction<K, A, B, R>): DataStream<R> {
    checkFactory({ operator: placeOf("process", this.#streams.ends), value: make });
    return this.#add("process", (setup) => made(make, setup, "processElement1", "processElement2"));
  }

  #checkMethods(kind: "map" | "flatMap", value: object): void {
    checkRichFunction({ operator: placeOf(kind, this.#streams.ends), value, methods: [`${kind}1`, `${kind}2`] });
  }

  #add<R>(kind: string, functionOf: (setup: OperatorSetup) => KeyedCoProcessFunction<K, A, B, R>): DataStream<R> {
    const {
      ends: { first, second },
      keys,
    } = this.#streams;
    return first.add({
      kind,
      does: doing(kind),
      partition: byKey(keys.first),
      besides: [second.origin.edgeBeside(first.origin, { partition: byKey(keys.second), isSecond: true })],
      create: (setup) => new KeyedCoProcessOperator(setup, { keys, function: functionOf(setup) }),
    });
  }
}

function doing(kind: string): string {
  return `${kind} of two streams`;
}

function placeOf(kind: string, { first, second }: TwoEnds): string {
  return `${kind} behind ${first.origin.name} and ${second.origin.name}`;
}
