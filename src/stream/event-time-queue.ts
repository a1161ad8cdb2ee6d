/** Events that wait for the watermark, released in the order of event time, ties in the order of arrival (S1.3). */

import { compareEvents, type Event } from "../core/event.ts";
import { PriorityQueue } from "./priority-queue.ts";

export class EventTimeQueue {
  readonly #queue = new PriorityQueue<Event>(compareEvents);

  get size(): number {
    return this.#queue.size;
  }

  push(event: Event): void {
    this.#queue.push(event);
  }

  /** The next event that no earlier one can precede any more: its time is at most the watermark + 1 ms (S1.4). */
  next(watermark: number): Event | undefined {
    const event = this.#queue.peek();
    return event !== undefined && event.time <= watermark + 1 ? this.#queue.pop() : undefined;
  }

  /** Those waiting, in the order of release. */
  waiting(): Event[] {
    return [...this.#queue.items()].sort(compareEvents);
  }
}
