/** The machine's clock and its timers: the one place that reads the time. */

/** Wall-clock time in epoch milliseconds, and what comes later by itself. */
export interface JobClock {
  now(): number;
  /** Calls it once, so many milliseconds later; gives the function that calls it off. */
  after(ms: number, call: () => void): () => void;
}

/** A timer for longer would go off at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** Its timers keep the process going, since a job that waits for one is not over. */
export const systemClock: JobClock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, Math.min(ms, TIMER_MS_MAX));
    return () => clearTimeout(timer);
  },
};
