/** Whether, and after what wait, what has failed is made anew from its last checkpoint; the strategies are Flink's. */

import { unreachable } from "./assert.ts";

export type RestartStrategy =
  /** The first failure is the last. */
  | { readonly kind: "none" }
  /** So many times in all, so long after each failure. */
  | { readonly kind: "fixedDelay"; readonly attempts: number; readonly delayMs: number }
  /** As long as no more than so many failures come in any stretch of time that long. */
  | {
      readonly kind: "failureRate";
      readonly failuresMax: number;
      readonly intervalMs: number;
      readonly delayMs: number;
    }
  /** Always; each wait is twice the one before, up to a bound, and after so long without a failure it is the first one again. */
  | { readonly kind: "exponential"; readonly initialMs: number; readonly maxMs: number; readonly resetMs: number };

/** The failures there have been. Mutable. */
export class Failures {
  readonly #strategy: RestartStrategy;
  #at: number[] = [];
  #waitMs = 0;

  constructor(strategy: RestartStrategy) {
    this.#strategy = strategy;
  }

  /** One more; gives how long to wait before the restart, or null when there is to be none. */
  failed(now: number): number | null {
    const strategy = this.#strategy;
    const last = this.#at.at(-1);
    this.#at.push(now);
    switch (strategy.kind) {
      case "none":
        return null;
      case "fixedDelay":
        return this.#at.length <= strategy.attempts ? strategy.delayMs : null;
      case "failureRate":
        this.#at = this.#at.filter((at) => now - at < strategy.intervalMs);
        return this.#at.length <= strategy.failuresMax ? strategy.delayMs : null;
      case "exponential": {
        const isCalm = last === undefined || now - last >= strategy.resetMs;
        this.#at = [now];
        this.#waitMs = isCalm ? strategy.initialMs : Math.min(this.#waitMs * 2, strategy.maxMs);
        return this.#waitMs;
      }
      default:
        return unreachable(strategy);
    }
  }
}
