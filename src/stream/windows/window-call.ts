/** Calls a window function: for one window of one key at a time, with a context that is moved from window to window. */

import { UserError } from "../../core/errors.ts";
import type { Json } from "../../core/event.ts";
import type { EvictorContext } from "./evictor.ts";
import { checkUncheckpointed } from "../functions/function-checks.ts";
import type { OperatorSetup } from "../operators/operator.ts";
import { ElementContext, OperatorRuntime } from "../functions/runtime-context.ts";
import type { StateDescriptor } from "../state/state-descriptor.ts";
import type { StateScope, StateTable } from "../state/state-table.ts";
import type { ProcessWindowFunction, WindowContext } from "./window-function.ts";
import { maxTimestamp, type Window } from "./window.ts";

/** One window of one key, as far as its function is concerned. */
export interface CalledWindow {
  readonly key: { readonly key: Json };
  readonly window: Window;
  readonly windowState: StateScope;
}

interface States {
  /** Null where windows merge. */
  readonly windowStates: StateTable | null;
  readonly globalStates: StateTable;
}

export interface WindowCallerSetup<K extends Json, E, Out> extends States {
  readonly setup: OperatorSetup;
  readonly function: ProcessWindowFunction<K, E, Out>;
}

export class WindowCaller<K extends Json, E, Out> {
  readonly #setup: WindowCallerSetup<K, E, Out>;
  readonly #context: WindowCallContext<K, Out>;

  constructor(setup: WindowCallerSetup<K, E, Out>) {
    checkUncheckpointed(setup.function, setup.setup);
    this.#setup = setup;
    this.#context = new WindowCallContext(setup.setup, setup);
  }

  set watermark(watermark: number) {
    this.#context.watermark = watermark;
  }

  open(): void {
    this.#setup.function.open?.(new OperatorRuntime(this.#setup.setup));
  }

  close(): void {
    this.#setup.function.close?.();
  }

  /** `at` is the moment of the firing. */
  fire(
    window: CalledWindow,
    { at, elements }: { at: number; elements: (context: EvictorContext) => readonly E[] },
  ): void {
    this.#enter(window, at);
    this.#setup.function.process(elements(this.#context), this.#context);
    this.#leave();
  }

  clear(window: CalledWindow, at: number): void {
    if (this.#setup.function.clear === undefined) return;
    this.#enter(window, at);
    this.#setup.function.clear(this.#context);
    this.#leave();
  }

  #enter(window: CalledWindow, at: number): void {
    this.#context.of(window, at);
    if (this.#setup.windowStates !== null) this.#setup.windowStates.current = window.windowState;
  }

  #leave(): void {
    if (this.#setup.windowStates !== null) this.#setup.windowStates.current = null;
  }
}

class WindowCallContext<K extends Json, Out> extends ElementContext<Out> implements WindowContext<K, Out> {
  readonly #states: States;
  #window!: CalledWindow;
  firedAt = 0;

  constructor(setup: OperatorSetup, states: States) {
    super(setup);
    this.#states = states;
  }

  of(window: CalledWindow, at: number): void {
    this.#window = window;
    this.firedAt = at;
    const end = maxTimestamp(window.window);
    this.timestamp = end === Infinity ? at : end;
  }

  get key(): K {
    return this.#window.key.key as K;
  }

  get window(): Window {
    return this.#window.window;
  }

  windowState<S>(descriptor: StateDescriptor<S>): S {
    const { windowStates } = this.#states;
    if (windowStates !== null) return windowStates.get(descriptor);
    throw new UserError({
      code: "state-of-merging-windows",
      message: `${this.setup.name}: state \`${descriptor.name}\` was asked for by window, and these windows merge`,
      hint: "use `globalState`, which is the key's",
    });
  }

  globalState<S>(descriptor: StateDescriptor<S>): S {
    return this.#states.globalStates.get(descriptor);
  }
}
