/** What a window function is handed: a view of one window of one key at one firing, moved from window to window. */

import { UserError } from "../core/errors.ts";
import type { Json } from "../core/event.ts";
import type { OperatorSetup } from "./operator.ts";
import { ElementContext } from "./runtime-context.ts";
import type { StateDescriptor } from "./state-descriptor.ts";
import type { StateTable } from "./state-table.ts";
import type { WindowCell } from "./window-cell.ts";
import type { WindowContext } from "./window-function.ts";
import { maxTimestamp, type Window } from "./window.ts";

export interface WindowCallSetup {
  readonly setup: OperatorSetup;
  /** Null where windows merge. */
  readonly windowStates: StateTable | null;
  readonly globalStates: StateTable;
}

export class WindowCall<K extends Json, C, Out> extends ElementContext<Out> implements WindowContext<K, Out> {
  readonly #setup: WindowCallSetup;
  #cell!: WindowCell<C>;
  firedAt = 0;

  constructor(setup: WindowCallSetup) {
    super(setup.setup);
    this.#setup = setup;
  }

  /** `at` is the moment of the firing. */
  of(cell: WindowCell<C>, at: number): this {
    this.#cell = cell;
    this.firedAt = at;
    const end = maxTimestamp(cell.window);
    this.timestamp = end === Infinity ? at : end;
    if (this.#setup.windowStates !== null) this.#setup.windowStates.current = cell.windowState;
    return this;
  }

  get key(): K {
    return this.#cell.key.key as K;
  }

  get window(): Window {
    return this.#cell.window;
  }

  windowState<S>(descriptor: StateDescriptor<S>): S {
    const { windowStates, setup } = this.#setup;
    if (windowStates !== null) return windowStates.get(descriptor);
    throw new UserError({
      code: "state-of-merging-windows",
      message: `${setup.name}: state \`${descriptor.name}\` was asked for by window, and these windows merge`,
      hint: "use `globalState`, which is the key's",
    });
  }

  globalState<S>(descriptor: StateDescriptor<S>): S {
    return this.#setup.globalStates.get(descriptor);
  }
}
