/** How long something has gone on in all, also while it still does. Mutable. */

import type { JobClock } from "./system-clock.ts";

export class Stopwatch {
  readonly #clock: Pick<JobClock, "now">;
  #ms = 0;
  #since: number | null = null;

  constructor(clock: Pick<JobClock, "now">) {
    this.#clock = clock;
  }

  get ms(): number {
    return this.#ms + this.runningMs;
  }

  /** Since it was started last; 0 while it stands. */
  get runningMs(): number {
    return this.#since === null ? 0 : this.#clock.now() - this.#since;
  }

  start(): void {
    this.#since ??= this.#clock.now();
  }

  stop(): void {
    this.#ms = this.ms;
    this.#since = null;
  }
}
