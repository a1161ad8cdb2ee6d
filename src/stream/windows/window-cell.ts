/** One window of one key: what it holds, its trigger's state and its own, and its timers. Mutable. */

import type { KeyScope } from "../state/key-scope.ts";
import { emptyScope, isScopeEmpty, NO_SLOTS, type StateScope } from "../state/state-table.ts";
import type { LiveTimers, TimerScope } from "../time/timer-heap.ts";
import type { Window } from "./window.ts";

/** Of a window that goes when no record has come for long. */
export interface Expiry {
  /** The latest time of its records. */
  newest: number;
  /** The timer that looks whether it is to go; records do not move it. */
  dueAt: number;
}

/** The state that it is the scope of is its trigger's. */
export class WindowCell<C> implements TimerScope, StateScope {
  window: Window;
  /** Undefined when there is nothing in it: it is new, or has been purged. */
  contents: C | undefined = undefined;
  slots = NO_SLOTS;
  unclaimed: StateScope["unclaimed"] = null;
  eventTimers: LiveTimers = null;
  processingTimers: LiveTimers = null;
  expiry: Expiry | null = null;
  readonly key: KeyScope<WindowCells<C>>;
  readonly ordinal: number;
  #windowState: StateScope | null = null;

  constructor({ key, window, ordinal }: { key: KeyScope<WindowCells<C>>; window: Window; ordinal: number }) {
    this.window = window;
    this.key = key;
    this.ordinal = ordinal;
  }

  get group(): number {
    return this.key.group;
  }

  get keyOrdinal(): number {
    return this.key.keyOrdinal;
  }

  /** Whether nothing is in it, and nobody remembers anything of it; timers aside. */
  get isBlank(): boolean {
    const state = this.#windowState;
    return this.contents === undefined && isScopeEmpty(this) && (state === null || isScopeEmpty(state));
  }

  /** Made when the window's function is first called: most windows go with their first firing. */
  get windowState(): StateScope {
    return (this.#windowState ??= emptyScope());
  }
}

/** A key's windows by their ends. Nearly all keys have one at a time, and a map for one costs more than the window. */
export class WindowCells<C> {
  #only: WindowCell<C> | null = null;
  #several: Map<number, WindowCell<C>> | null = null;

  get isEmpty(): boolean {
    return this.#only === null && this.#several === null;
  }

  all(): Iterable<WindowCell<C>> {
    if (this.#several !== null) return this.#several.values();
    return this.#only === null ? [] : [this.#only];
  }

  endingAt(end: number): WindowCell<C> | undefined {
    if (this.#several !== null) return this.#several.get(end);
    return this.#only?.window.end === end ? this.#only : undefined;
  }

  add(cell: WindowCell<C>): void {
    if (this.#several !== null) {
      this.#several.set(cell.window.end, cell);
    } else if (this.#only === null) {
      this.#only = cell;
    } else {
      this.#several = new Map([this.#only, cell].map((one) => [one.window.end, one]));
      this.#only = null;
    }
  }

  delete(cell: WindowCell<C>): void {
    if (this.#several === null) {
      this.#only = null;
      return;
    }
    this.#several.delete(cell.window.end);
    if (this.#several.size > 1) return;
    for (const last of this.#several.values()) this.#only = last;
    this.#several = null;
  }
}
