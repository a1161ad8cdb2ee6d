/** What a trigger is handed: a view of one window of one key, moved from window to window. */

import { UserError } from "../../core/errors.ts";
import type { OperatorSetup } from "../operators/operator.ts";
import { bindMethods } from "../functions/bound-methods.ts";
import { checkTimer } from "../functions/runtime-context.ts";
import type { StateDescriptor } from "../state/state-descriptor.ts";
import type { StateTable } from "../state/state-table.ts";
import type { TimeDomain, TimerQueue } from "../time/timer-queue.ts";
import type { MergeContext, MergingState } from "./trigger.ts";
import type { WindowCell } from "./window-cell.ts";
import type { Window } from "./window.ts";

export interface TriggerCallSetup<C> {
  readonly setup: OperatorSetup;
  readonly time: TimeDomain;
  readonly states: StateTable;
  readonly eventTimers: TimerQueue<WindowCell<C>>;
  readonly processingTimers: TimerQueue<WindowCell<C>>;
  /** When the window is cleared away, in its own time. */
  readonly cleanUpTime: (cell: WindowCell<C>) => number;
}

export class TriggerCall<C> implements MergeContext {
  watermark = Number.NEGATIVE_INFINITY;
  readonly windowTime: TimeDomain;
  readonly #setup: TriggerCallSetup<C>;
  #current: WindowCell<C> | null = null;
  #merged: readonly WindowCell<C>[] = [];

  constructor(setup: TriggerCallSetup<C>) {
    this.windowTime = setup.time;
    this.#setup = setup;
    bindMethods(this);
  }

  of(cell: WindowCell<C>, merged: readonly WindowCell<C>[] = []): this {
    this.#current = cell;
    this.#merged = merged;
    this.#setup.states.current = cell;
    return this;
  }

  /** No window is at hand any more. */
  leave(): void {
    this.#current = null;
    this.#setup.states.current = null;
  }

  get window(): Window {
    return this.#cell.window;
  }

  get processingTime(): number {
    return this.#setup.setup.clock.now;
  }

  state<S>(descriptor: StateDescriptor<S>): S {
    return this.#setup.states.get(descriptor);
  }

  clearState(): void {
    this.#setup.states.clear(this.#cell);
  }

  mergeState(descriptor: StateDescriptor<MergingState>): void {
    this.#setup.states.merge(descriptor, { from: this.#merged, to: this.#cell });
  }

  registerEventTimeTimer(at: number): void {
    this.#check(at);
    this.#setup.eventTimers.set(this.#cell, at);
  }

  deleteEventTimeTimer(at: number): void {
    if (!this.#isCleanUp("event", at)) this.#setup.eventTimers.delete(this.#cell, at);
  }

  registerProcessingTimeTimer(at: number): void {
    this.#check(at);
    this.#setup.processingTimers.set(this.#cell, at);
  }

  deleteProcessingTimeTimer(at: number): void {
    if (!this.#isCleanUp("processing", at)) this.#setup.processingTimers.delete(this.#cell, at);
  }

  get #cell(): WindowCell<C> {
    if (this.#current !== null) return this.#current;
    throw new UserError({
      code: "outside-window",
      message: `${this.#setup.setup.name}: a window or its timers were asked for by a trigger while no window is at hand`,
      hint: "they belong to the record or timer that the trigger is told of: use them before it returns",
    });
  }

  /** The timer that clears the window away is not the trigger's to delete. */
  #isCleanUp(domain: TimeDomain, at: number): boolean {
    return domain === this.windowTime && at === this.#setup.cleanUpTime(this.#cell);
  }

  #check(at: number): void {
    checkTimer(at, { operator: this.#setup.setup.name, key: this.#cell.key.key });
  }
}
