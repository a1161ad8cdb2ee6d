/**
 * A priority queue for items that come nearly in their order, as events do in that of their times: what is in order with items
 * before it makes a run with them, and the least is at the head of a run. What fits no run goes to a heap. Mutable.
 */

import { Queue } from "../../core/queue.ts";
import { PriorityQueue } from "./priority-queue.ts";

/** Sources that are ahead of others make a run each; many heads to look at would cost as much as the heap. */
const RUNS_MAX = 4;

export class NearlyOrderedQueue<T> {
  readonly #compare: (a: T, b: T) => number;
  readonly #runs: readonly Queue<T>[] = Array.from({ length: RUNS_MAX }, () => new Queue<T>());
  readonly #heap: PriorityQueue<T>;
  #size = 0;
  /** Where the least item is; null when that has to be found out again. */
  #front: Queue<T> | PriorityQueue<T> | null = null;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
    this.#heap = new PriorityQueue(compare);
  }

  get size(): number {
    return this.#size;
  }

  /** The least. */
  get first(): T | undefined {
    if (this.#size === 0) return undefined;
    this.#front ??= this.#findFront();
    return this.#front.first;
  }

  /** All items, in no particular order. */
  *items(): Iterable<T> {
    for (const run of this.#runs) yield* run;
    yield* this.#heap.items();
  }

  push(item: T): void {
    this.#size++;
    this.#front = null;
    for (const run of this.#runs) {
      const { last } = run;
      if (last === undefined || this.#compare(last, item) <= 0) return run.push(item);
    }
    this.#heap.push(item);
  }

  /** Takes the least. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const front = this.#front ?? this.#findFront();
    this.#size--;
    this.#front = null;
    return front.shift();
  }

  #findFront(): Queue<T> | PriorityQueue<T> {
    let front: Queue<T> | PriorityQueue<T> = this.#heap;
    let least = this.#heap.first;
    for (const run of this.#runs) {
      const { first } = run;
      if (first === undefined || (least !== undefined && this.#compare(least, first) <= 0)) continue;
      front = run;
      least = first;
    }
    return front;
  }
}
