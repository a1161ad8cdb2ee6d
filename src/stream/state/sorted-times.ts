/** Times in order, each once: those of an interval are found without looking at the others. Mutable. */

import { lowerBound } from "./lower-bound.ts";

export class SortedTimes {
  readonly #times: number[];

  constructor(times: Iterable<number>) {
    this.#times = [...times].sort((a, b) => a - b);
  }

  get isEmpty(): boolean {
    return this.#times.length === 0;
  }

  add(time: number): void {
    const index = this.#indexFrom(time);
    if (this.#times[index] !== time) this.#times.splice(index, 0, time);
  }

  delete(time: number): void {
    const index = this.#indexFrom(time);
    if (this.#times[index] === time) this.#times.splice(index, 1);
  }

  /** Both ends included. */
  within(from: number, to: number): readonly number[] {
    return this.#times.slice(this.#indexFrom(from), this.#indexFrom(to + 1));
  }

  /** How many are earlier. */
  #indexFrom(time: number): number {
    return lowerBound(this.#times.length, (index) => this.#times[index]! < time);
  }
}
