/**
 * Timers of one time domain: one per scope (a key, or a window of a key) and timestamp, deletable. They fire in the order of
 * time; those of one time by key group, then by the order in which keys and windows came, so that no snapshot changes it.
 */

import { UserError } from "../core/errors.ts";
import { limits } from "../core/limits.ts";
import { END_OF_TIME } from "../core/time.ts";
import { PriorityQueue } from "./priority-queue.ts";

export type TimeDomain = "event" | "processing";

export interface TimerScope {
  readonly group: number;
  /** When the key came, among the operator's keys. */
  readonly keyOrdinal: number;
  /** When the scope came, among the key's. */
  readonly ordinal: number;
  /** Live timers by timestamp. */
  readonly timers: Record<TimeDomain, Map<number, Timer<TimerScope>> | null>;
}

interface Timer<S> {
  readonly at: number;
  readonly scope: S;
}

/** Below so many, deleted timers wait in the queue until their time comes. */
const COMPACTED_FROM = 1000;

export class TimerQueue<S extends TimerScope> {
  readonly #domain: TimeDomain;
  #queue = new PriorityQueue<Timer<S>>(compareTimers);
  #live = 0;

  constructor(domain: TimeDomain) {
    this.#domain = domain;
  }

  /** How many are set. */
  get size(): number {
    return this.#live;
  }

  /** Sets a timer, unless there is one. */
  set(scope: S, at: number): void {
    const timers = (scope.timers[this.#domain] ??= new Map());
    if (timers.has(at)) return;
    const timer = { at, scope };
    timers.set(at, timer);
    this.#queue.push(timer);
    this.#live++;
  }

  delete(scope: S, at: number): void {
    const timers = scope.timers[this.#domain];
    if (timers === null || !timers.delete(at)) return;
    if (timers.size === 0) scope.timers[this.#domain] = null;
    this.#live--;
    this.#compact();
  }

  /** Deletes all timers of the scope. */
  clear(scope: S): void {
    this.#live -= scope.timers[this.#domain]?.size ?? 0;
    scope.timers[this.#domain] = null;
    this.#compact();
  }

  /** Fires what is due at `time`, also what is set meanwhile. */
  advance(time: number, fire: (scope: S, at: number) => void): void {
    let allowed = time === END_OF_TIME ? this.#queue.size + limits.timersSetAtTheEndMax : Infinity;
    for (let timer = this.#queue.peek(); timer !== undefined && timer.at <= time; timer = this.#queue.peek()) {
      this.#queue.pop();
      const { at, scope } = timer;
      const timers = scope.timers[this.#domain];
      if (timers?.get(at) !== timer) continue;
      timers.delete(at);
      if (timers.size === 0) scope.timers[this.#domain] = null;
      this.#live--;
      if (allowed-- === 0) throw endless();
      fire(scope, at);
    }
  }

  /** Deleted timers are passed over when they come up; when they are most of the queue, it is made anew. */
  #compact(): void {
    if (this.#queue.size < COMPACTED_FROM || this.#queue.size < 2 * this.#live) return;
    const queue = new PriorityQueue<Timer<S>>(compareTimers);
    for (const timer of this.#queue.items()) {
      if (timer.scope.timers[this.#domain]?.get(timer.at) === timer) queue.push(timer);
    }
    this.#queue = queue;
  }
}

function compareTimers({ at, scope }: Timer<TimerScope>, other: Timer<TimerScope>): number {
  return (
    at - other.at ||
    scope.group - other.scope.group ||
    scope.keyOrdinal - other.scope.keyOrdinal ||
    scope.ordinal - other.scope.ordinal
  );
}

function endless(): UserError {
  return new UserError({
    code: "endless-timers",
    message: `at the end of time, timers have set more than ${limits.timersSetAtTheEndMax} further timers`,
    hint: "a timer that sets itself again should stop when the watermark is the end of time",
  });
}
