/** Runs a function over two connected streams, without keys or by key. */

import type { Json } from "../../core/event.ts";
import type { CoProcessFunction, KeyedCoProcessFunction } from "../functions/co-functions.ts";
import type { KeysOfTwo, KeySelector } from "../graph/key-selector.ts";
import { KeyedFunctionOperator } from "./keyed-process-operator.ts";
import type { OperatorSetup } from "./operator.ts";
import { ContextualOperator } from "./process-operator.ts";

export class CoProcessOperator<A, B, Out> extends ContextualOperator<A, Out> {
  readonly #function: CoProcessFunction<A, B, Out>;

  constructor(setup: OperatorSetup, userFunction: CoProcessFunction<A, B, Out>) {
    super(setup, userFunction);
    this.#function = userFunction;
  }

  override record(value: A, timestamp: number): void {
    this.context.timestamp = timestamp;
    this.#function.processElement1(value, this.context);
  }

  override second(value: B, timestamp: number): void {
    this.context.timestamp = timestamp;
    this.#function.processElement2(value, this.context);
  }
}

export interface KeyedCoProcess<K extends Json, A, B, Out> {
  readonly keys: KeysOfTwo<K, A, B>;
  readonly function: KeyedCoProcessFunction<K, A, B, Out>;
}

export class KeyedCoProcessOperator<K extends Json, A, B, Out> extends KeyedFunctionOperator<K, A, Out> {
  readonly #function: KeyedCoProcessFunction<K, A, B, Out>;
  readonly #keyOfSecond: KeySelector<B, K>;

  constructor(setup: OperatorSetup, { keys, function: userFunction }: KeyedCoProcess<K, A, B, Out>) {
    super(setup, { key: keys.first, function: userFunction });
    this.#function = userFunction;
    this.#keyOfSecond = keys.second;
  }

  protected override process(value: A, timestamp: number): void {
    this.context.timestamp = timestamp;
    this.#function.processElement1(value, this.context);
  }

  override second(value: B, timestamp: number): void {
    this.keys.enter(this.#keyOfSecond(value));
    this.context.timestamp = timestamp;
    this.#function.processElement2(value, this.context);
    this.keys.leave();
  }
}
