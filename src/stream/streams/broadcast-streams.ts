/** Streams that go to every subtask of what they are connected with, which keeps what they say as broadcast state (S11.20). */

import type { Json } from "../../core/event.ts";
import type { DeclaredBroadcasts } from "../state/broadcast-state.ts";
import type { DataStream } from "./data-stream.ts";
import { checkFactory, made } from "../functions/function-checks.ts";
import type { KeySelector } from "../graph/key-selector.ts";
import { KeyedBroadcastOperator } from "../operators/keyed-broadcast-operator.ts";
import type { Origin } from "../graph/origin.ts";
import { byKey } from "../graph/partition.ts";
import type { BroadcastProcessFunction, KeyedBroadcastProcessFunction } from "../functions/process-function.ts";
import { BroadcastProcessOperator } from "../operators/process-operator.ts";
import type { StreamEnd } from "./stream-end.ts";

/** A stream on its way to every subtask; `connect` takes it. */
export interface BroadcastStream<B> {
  readonly origin: Origin;
  readonly declared: DeclaredBroadcasts;
  /** Only for the compiler. */
  readonly carries?: () => B;
}

export function isBroadcast<B>(stream: BroadcastStream<B> | object): stream is BroadcastStream<B> {
  return typeof stream === "object" && stream !== null && "declared" in stream;
}

export class BroadcastConnectedStream<T, B> {
  readonly #end: StreamEnd;
  readonly #side: BroadcastStream<B>;

  constructor(end: StreamEnd, side: BroadcastStream<B>) {
    this.#end = end;
    this.#side = side;
  }

  /** `make` is called for each subtask. */
  process<R>(make: () => BroadcastProcessFunction<T, B, R>): DataStream<R> {
    const { origin, declared } = this.#side;
    checkFactory({ operator: `process behind ${this.#end.origin.name}`, value: make });
    return this.#end.add({
      kind: "process",
      besides: [origin.edgeBeside(this.#end.origin, SECOND_TO_ALL)],
      create(setup) {
        const of = made(make, setup, "processElement", "processBroadcastElement");
        return new BroadcastProcessOperator(setup, { function: of, declared });
      },
    });
  }
}

export class KeyedBroadcastConnectedStream<T, K extends Json, B> {
  readonly #end: StreamEnd;
  readonly #key: KeySelector<T, K>;
  readonly #side: BroadcastStream<B>;

  constructor(end: StreamEnd, { key, side }: { key: KeySelector<T, K>; side: BroadcastStream<B> }) {
    this.#end = end;
    this.#key = key;
    this.#side = side;
  }

  /** `make` is called for each subtask. */
  process<R>(make: () => KeyedBroadcastProcessFunction<K, T, B, R>): DataStream<R> {
    const { origin, declared } = this.#side;
    const key = this.#key;
    checkFactory({ operator: `process behind ${this.#end.origin.name}`, value: make });
    return this.#end.add({
      kind: "process",
      partition: byKey(key),
      besides: [origin.edgeBeside(this.#end.origin, SECOND_TO_ALL)],
      create(setup) {
        const of = made(make, setup, "processElement", "processBroadcastElement");
        return new KeyedBroadcastOperator(setup, { key, function: of, declared });
      },
    });
  }
}

const SECOND_TO_ALL = { partition: { kind: "broadcast" }, isSecond: true } as const;
