/**
 * Watermarks: how far event time has come. A watermark W says that no event at or before W will come any more; one that
 * does is late. It starts before all time, and never goes back.
 */

import { BEGINNING_OF_TIME } from "../core/time.ts";

export type WatermarkStrategy =
  /** The greatest event time seen − the bound − 1 ms; `ascending` is a bound of 0. */
  | { readonly kind: "bounded"; readonly outOfOrdernessMs: number }
  /** Events that carry a watermark say so. */
  | { readonly kind: "punctuated" };

/** The watermark of one partition. Mutable: it only moves on. */
export class PartitionWatermark {
  #current = BEGINNING_OF_TIME;

  get current(): number {
    return this.#current;
  }

  /** An event was seen; `carries` is true for a punctuated stream's marker. */
  observe(strategy: WatermarkStrategy, time: number, carries: boolean): void {
    if (strategy.kind === "bounded") this.advanceTo(time - strategy.outOfOrdernessMs - 1);
    else if (carries) this.advanceTo(time);
  }

  advanceTo(watermark: number): void {
    if (watermark > this.#current) this.#current = watermark;
  }
}

/** The least of the inputs' watermarks; one that has had nothing yet is idle and holds nothing back (S1.6). */
export function combinedWatermark(watermarks: Iterable<number>): number {
  let least = Number.POSITIVE_INFINITY;
  let any = false;
  for (const watermark of watermarks) {
    if (watermark === BEGINNING_OF_TIME) continue;
    any = true;
    if (watermark < least) least = watermark;
  }
  return any ? least : BEGINNING_OF_TIME;
}
