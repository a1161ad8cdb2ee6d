/** Runs functions by key, with the state and timers of each key. */

import type { Json } from "../../core/event.ts";
import { checkUncheckpointed } from "../functions/function-checks.ts";
import type { RichFunction } from "../functions/functions.ts";
import type { KeySelector } from "../graph/key-selector.ts";
import { KeyedOperator } from "./keyed-operator.ts";
import type { KeyScope } from "../state/key-scope.ts";
import type { KeyedState } from "../state/keyed-state.ts";
import type { OperatorSetup } from "./operator.ts";
import type { KeyedProcessFunction, KeyedRuntimeContext, OnTimerContext } from "../functions/process-function.ts";
import { checkTimer, ElementContext, KeyedRuntime } from "../functions/runtime-context.ts";
import type { KeySnapshot, OperatorSnapshot } from "../task/snapshot.ts";
import type { StateDescriptor } from "../state/state-descriptor.ts";
import type { TimeDomain, TimerQueue } from "../time/timer-queue.ts";

/** What operators by key share whose function has timers, and is handed a context. */
export abstract class KeyedFunctionOperator<K extends Json, In, Out> extends KeyedOperator<In, Out, KeyScope> {
  protected readonly context: KeyedElementContext<K, Out>;
  readonly #function: KeyedFunction<K, Out>;

  constructor(
    setup: OperatorSetup,
    { key, function: userFunction }: { readonly key: KeySelector<In, K>; readonly function: KeyedFunction<K, Out> },
    createContext = (keyed: Keyed): KeyedElementContext<K, Out> => new KeyedElementContext(setup, keyed),
  ) {
    super(setup, key);
    this.#function = checkUncheckpointed(userFunction, setup);
    const timers = { event: this.eventTimers, processing: this.processingTimers };
    this.context = createContext({ keys: this.keys, timers });
  }

  override watermark(watermark: number): void {
    this.context.watermark = watermark;
    super.watermark(watermark);
  }

  protected override onEventTime(scope: KeyScope, at: number): void {
    this.#onTimer("event", { scope, at });
  }

  protected override onProcessingTime(scope: KeyScope, at: number): void {
    this.#onTimer("processing", { scope, at });
  }

  protected override keyScopeOf(scope: KeyScope): KeyScope {
    return scope;
  }

  #onTimer(timeDomain: TimeDomain, { scope, at }: { scope: KeyScope; at: number }): void {
    this.keys.enterScope(scope);
    this.context.timestamp = at;
    this.context.timeDomain = timeDomain;
    this.#function.onTimer?.(at, this.context);
    this.keys.leave();
  }

  override open(): void {
    this.#function.open?.(new KeyedRuntime(this.setup, this.keys));
  }

  override close(): void {
    this.#function.close?.();
  }

  override restore(snapshot: OperatorSnapshot): void {
    super.restore(snapshot);
    this.context.watermark = this.currentWatermark;
  }

  protected override keyFromSnapshot(scope: KeyScope, snapshot: KeySnapshot): void {
    super.keyFromSnapshot(scope, snapshot);
    this.restoreTimers(scope, snapshot.timers);
  }
}

/** What it has of its function, whatever that does with records. */
interface KeyedFunction<K extends Json, Out> extends RichFunction<KeyedRuntimeContext> {
  onTimer?(at: number, context: OnTimerContext<K, Out>): void;
}

export interface KeyedProcess<K extends Json, In, Out> {
  readonly key: KeySelector<In, K>;
  readonly function: KeyedProcessFunction<K, In, Out>;
}

export class KeyedProcessOperator<K extends Json, In, Out> extends KeyedFunctionOperator<K, In, Out> {
  readonly #function: KeyedProcessFunction<K, In, Out>;

  constructor(
    setup: OperatorSetup,
    process: KeyedProcess<K, In, Out>,
    createContext?: (keyed: Keyed) => KeyedElementContext<K, Out>,
  ) {
    super(setup, process, createContext);
    this.#function = process.function;
  }

  protected override process(value: In, timestamp: number): void {
    this.context.timestamp = timestamp;
    this.#function.processElement(value, this.context);
  }
}

/** What a context needs of its operator. */
export interface Keyed {
  readonly keys: KeyedState;
  readonly timers: Readonly<Record<TimeDomain, TimerQueue<KeyScope>>>;
}

export class KeyedElementContext<K extends Json, Out> extends ElementContext<Out> implements OnTimerContext<K, Out> {
  timeDomain: TimeDomain = "event";
  readonly #keyed: Keyed;

  constructor(setup: OperatorSetup, keyed: Keyed) {
    super(setup);
    this.#keyed = keyed;
  }

  get key(): K {
    return this.#keyed.keys.current.key as K;
  }

  state<S>(descriptor: StateDescriptor<S>): S {
    return this.#keyed.keys.table.get(descriptor);
  }

  registerEventTimeTimer(at: number): void {
    this.#register("event", at);
  }

  deleteEventTimeTimer(at: number): void {
    this.#keyed.timers.event.delete(this.#keyed.keys.current, at);
  }

  registerProcessingTimeTimer(at: number): void {
    this.#register("processing", at);
  }

  deleteProcessingTimeTimer(at: number): void {
    this.#keyed.timers.processing.delete(this.#keyed.keys.current, at);
  }

  #register(domain: TimeDomain, at: number): void {
    const { current } = this.#keyed.keys;
    checkTimer(at, { operator: this.setup.name, key: current.key });
    this.#keyed.timers[domain].set(current, at);
  }
}
