/** Timers of a clock, to be called off together. Mutable. */

import type { JobClock } from "./system-clock.ts";

export class Timers {
  readonly #clock: JobClock;
  readonly #pending = new Set<() => void>();

  constructor(clock: JobClock) {
    this.#clock = clock;
  }

  /** Calls it once, so many milliseconds later; gives the function that calls it off. */
  after(ms: number, call: () => void): () => void {
    const callOff = this.#clock.after(ms, () => {
      this.#pending.delete(callOff);
      call();
    });
    this.#pending.add(callOff);
    return () => {
      this.#pending.delete(callOff);
      callOff();
    };
  }

  /** Calls it again and again. */
  every(ms: number, call: () => void): void {
    this.after(ms, () => {
      this.every(ms, call);
      call();
    });
  }

  callOffAll(): void {
    for (const callOff of this.#pending) callOff();
    this.#pending.clear();
  }
}
