/** One window of one key: what it holds, its trigger's state and its own, and its timers. Mutable. */

import type { KeyScope } from "./keyed-state.ts";
import { emptyScope, type StateScope } from "./state-table.ts";
import type { LiveTimers, TimerScope } from "./timer-heap.ts";
import type { Window } from "./window.ts";

/** A key's windows by their ends. */
export type Windows<C> = Map<number, WindowCell<C>>;

export class WindowCell<C> implements TimerScope {
  window: Window;
  /** Undefined when there is nothing in it: it is new, or has been purged. */
  contents: C | undefined = undefined;
  readonly triggerState: StateScope = emptyScope();
  readonly windowState: StateScope = emptyScope();
  eventTimers: LiveTimers = null;
  processingTimers: LiveTimers = null;
  readonly key: KeyScope<Windows<C>>;
  readonly group: number;
  readonly keyOrdinal: number;
  readonly ordinal: number;

  constructor({ key, window, ordinal }: { key: KeyScope<Windows<C>>; window: Window; ordinal: number }) {
    this.window = window;
    this.key = key;
    this.group = key.group;
    this.keyOrdinal = key.keyOrdinal;
    this.ordinal = ordinal;
  }
}
