/**
 * Timers of event time, one per owner: the earliest deadline of a key. Setting an earlier one does not search for the later
 * one: that one is passed over when it comes up, since the owner then has another time (or none).
 */

import { PriorityQueue } from "./priority-queue.ts";

/** Whoever waits for time; `timerAt` is the time its live timer is set to, `Infinity` without one. */
export interface TimerOwner {
  timerAt: number;
}

interface Timer<T> {
  readonly at: number;
  readonly owner: T;
}

export class Timers<T extends TimerOwner> {
  readonly #queue = new PriorityQueue<Timer<T>>((a, b) => a.at - b.at);

  /** Sets the owner's timer, unless it has one that is as early. */
  set(owner: T, at: number): void {
    if (at >= owner.timerAt) return;
    owner.timerAt = at;
    this.#queue.push({ at, owner });
  }

  /** The next owner whose timer is due at `time`; its timer is used up. */
  nextDue(time: number): T | undefined {
    for (let timer = this.#queue.peek(); timer !== undefined && timer.at <= time; timer = this.#queue.peek()) {
      this.#queue.pop();
      if (timer.owner.timerAt !== timer.at) continue;
      timer.owner.timerAt = Infinity;
      return timer.owner;
    }
    return undefined;
  }
}
