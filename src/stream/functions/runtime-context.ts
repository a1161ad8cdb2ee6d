/** What functions are handed: the contexts that operators open them with, and that they process elements in. */

import { UserError } from "../../core/errors.ts";
import type { Json } from "../../core/event.ts";
import { bindMethods } from "./bound-methods.ts";
import type { RuntimeContext, StateInitializationContext } from "./functions.ts";
import type { KeyedState } from "../state/keyed-state.ts";
import type { OperatorSetup } from "../operators/operator.ts";
import type { ProcessingClock } from "../task/processing-clock.ts";
import type { OperatorState } from "../state/operator-state.ts";
import type { KeyedRuntimeContext, ProcessContext } from "./process-function.ts";
import type { OutputTag } from "../graph/side-output.ts";
import type { StateDescriptor } from "../state/state-descriptor.ts";
import type { ListState, MapState } from "../state/state-kinds.ts";

export class OperatorRuntime implements RuntimeContext {
  readonly operator: string;
  readonly subtask: number;
  readonly parallelism: number;
  readonly #clock: ProcessingClock;

  constructor({ name, subtask, parallelism, clock }: OperatorSetup) {
    this.operator = name;
    this.subtask = subtask;
    this.parallelism = parallelism;
    this.#clock = clock;
    bindMethods(this);
  }

  get processingTime(): number {
    return this.#clock.now;
  }
}

export class KeyedRuntime extends OperatorRuntime implements KeyedRuntimeContext {
  readonly #keys: Pick<KeyedState, "table">;

  constructor(setup: OperatorSetup, keys: Pick<KeyedState, "table">) {
    super(setup);
    this.#keys = keys;
  }

  state<S>(descriptor: StateDescriptor<S>): S {
    return this.#keys.table.get(descriptor);
  }
}

export class UnkeyedRuntime extends OperatorRuntime implements StateInitializationContext {
  isRestored = false;
  readonly #state: OperatorState;

  constructor(setup: OperatorSetup, state: OperatorState) {
    super(setup);
    this.#state = state;
  }

  operatorState<S>(descriptor: StateDescriptor<S>): S {
    return this.#state.operatorState(descriptor);
  }

  splitListState<T>(descriptor: StateDescriptor<ListState<T>>): ListState<T> {
    return this.#state.splitListState(descriptor);
  }

  unionListState<T>(descriptor: StateDescriptor<ListState<T>>): ListState<T> {
    return this.#state.unionListState(descriptor);
  }

  broadcastState<K, V>(descriptor: StateDescriptor<MapState<K, V>>): MapState<K, V> {
    return this.#state.broadcastState(descriptor);
  }
}

/** What all elements' contexts share. One per operator, moved from element to element: it is no function's to keep. */
export class ElementContext<Out> implements ProcessContext<Out> {
  timestamp = 0;
  watermark = Number.NEGATIVE_INFINITY;
  protected readonly setup: OperatorSetup;

  constructor(setup: OperatorSetup) {
    this.setup = setup;
    bindMethods(this);
  }

  get processingTime(): number {
    return this.setup.clock.now;
  }

  collect(value: Out): void {
    this.setup.next.record(value, this.timestamp);
  }

  sideOutput<X>(tag: OutputTag<X>, value: X): void {
    this.setup.sideOutput(tag.name).record(value, this.timestamp);
  }
}

/** UserError `bad-timer` for what is no time. */
export function checkTimer(at: number, { operator, key }: { operator: string; key: Json }): void {
  if (Number.isSafeInteger(at)) return;
  throw new UserError({
    code: "bad-timer",
    message: `${operator}: a timer of the key ${JSON.stringify(key)} was set to ${at}; expected whole epoch milliseconds`,
    hint: "a record has its event time as `context.timestamp`",
  });
}
