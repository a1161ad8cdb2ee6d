/**
 * Timers of one time domain: one per scope (a key, or a window of a key) and timestamp, deletable. They fire in the order of
 * time; those of one time by key group, then by the order in which keys and windows came, so that no snapshot changes it (S11.5).
 */

import { UserError } from "../../core/errors.ts";
import { Timer, TimerHeap, type LiveTimers, type TimerScope } from "./timer-heap.ts";

export type TimeDomain = "event" | "processing";

export interface Firing<S> {
  /** The scope is about to lose a timer that is due. */
  readonly due: (scope: S) => void;
  readonly fire: (scope: S, at: number) => void;
  readonly furtherMax: number;
}

export class TimerQueue<S extends TimerScope> {
  readonly #domain: TimeDomain;
  readonly #heap = new TimerHeap();

  constructor(domain: TimeDomain) {
    this.#domain = domain;
  }

  /** How many are set. */
  get size(): number {
    return this.#heap.size;
  }

  isDue(time: number): boolean {
    return this.#heap.size > 0 && this.#heap.firstTime <= time;
  }

  /** When the next one fires; null when none is set. */
  get next(): number | null {
    return this.#heap.size === 0 ? null : this.#heap.firstTime;
  }

  /** The scope's timers, the earliest first. */
  timesOf(scope: TimerScope): number[] {
    const live = this.#liveOf(scope);
    if (live === null) return [];
    return live instanceof Timer ? [this.#heap.timeOf(live)] : [...live.keys()].sort((a, b) => a - b);
  }

  /** Sets a timer, unless there is one. */
  set(scope: S, at: number): void {
    const live = this.#liveOf(scope);
    if (live === null) {
      this.#keep(scope, this.#added(scope, at));
    } else if (!(live instanceof Timer)) {
      if (!live.has(at)) live.set(at, this.#added(scope, at));
    } else if (this.#heap.timeOf(live) !== at) {
      const first: [number, Timer] = [this.#heap.timeOf(live), live];
      this.#keep(scope, new Map([first, [at, this.#added(scope, at)]]));
    }
  }

  /** Makes this the scope's only timer, as for a deadline that moves. */
  setOnly(scope: S, at: number): void {
    const live = this.#liveOf(scope);
    if (live instanceof Timer) {
      this.#heap.move(live, at);
    } else {
      if (live !== null) this.clear(scope);
      this.#keep(scope, this.#added(scope, at));
    }
  }

  delete(scope: S, at: number): void {
    const live = this.#liveOf(scope);
    if (live === null) return;
    const timer = live instanceof Timer ? live : live.get(at);
    if (timer === undefined || this.#heap.timeOf(timer) !== at) return;
    this.#heap.remove(timer);
    this.#forget(scope, at);
  }

  /** Deletes all timers of the scope. */
  clear(scope: S): void {
    const live = this.#liveOf(scope);
    if (live instanceof Timer) this.#heap.remove(live);
    else if (live !== null) for (const timer of live.values()) this.#heap.remove(timer);
    this.#keep(scope, null);
  }

  /** Fires what is due at `time`, also what is set meanwhile. UserError `endless-timers` when that is more than `furtherMax`. */
  advance(time: number, { due, fire, furtherMax }: Firing<S>): void {
    const heap = this.#heap;
    let allowed = heap.size + furtherMax;
    while (heap.size > 0) {
      const at = heap.firstTime;
      if (at > time) return;
      if (allowed-- === 0) throw endless(furtherMax);
      const timer = heap.first;
      const scope = timer.scope as S;
      due(scope);
      heap.remove(timer);
      this.#forget(scope, at);
      fire(scope, at);
    }
  }

  #added(scope: S, at: number): Timer {
    const timer = new Timer(scope);
    this.#heap.add(timer, at);
    return timer;
  }

  /** The timer has left the heap. */
  #forget(scope: S, at: number): void {
    const live = this.#liveOf(scope);
    if (!(live instanceof Map)) return this.#keep(scope, null);
    live.delete(at);
    if (live.size > 1) return;
    for (const last of live.values()) this.#keep(scope, last);
  }

  #liveOf(scope: TimerScope): LiveTimers {
    return this.#domain === "event" ? scope.eventTimers : scope.processingTimers;
  }

  #keep(scope: S, live: LiveTimers): void {
    if (this.#domain === "event") scope.eventTimers = live;
    else scope.processingTimers = live;
  }
}

function endless(furtherMax: number): UserError {
  return new UserError({
    code: "endless-timers",
    message: `at the end of time, timers have set more than ${furtherMax} further timers`,
    hint: "a timer that sets itself again should stop when the watermark is the end of time",
  });
}
