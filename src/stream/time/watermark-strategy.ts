/** Watermark strategies: how event time follows from the records of one partition (S11.2). */

import { durationText } from "../../core/duration.ts";
import type { Json } from "../../core/event.ts";
import { BEGINNING_OF_TIME } from "../../core/time.ts";
import { checkNonNegativeDuration } from "../checks.ts";

export interface WatermarkStrategy<T> {
  /** For the graph: `bounded 10s`. */
  readonly name: string;
  /** One for each partition. */
  createGenerator(): WatermarkGenerator<T>;
}

/** A watermark that does not go beyond the last one is passed over, so a generator need not remember it. */
export interface WatermarkGenerator<T> {
  onRecord(value: T, timestamp: number): number;
  /** For watermarks that go on without records. */
  onProcessingTime?(now: number): number;
  /** What a generator remembers, for snapshots. */
  snapshot?(): Json;
  restore?(state: Json): void;
}

/** Records may be up to so much behind the newest: the watermark is the greatest timestamp − `ms` − 1. */
export function boundedOutOfOrderness(ms: number): WatermarkStrategy<unknown> {
  checkNonNegativeDuration({
    what: "the bound of watermarks",
    value: ms,
    hint: "timestamps that never go back are `ascendingTimestamps()`",
  });
  return stateless(`bounded ${durationText(ms)}`, (_, timestamp) => timestamp - ms - 1);
}

/** Timestamps never go back: a bound of 0. */
export function ascendingTimestamps(): WatermarkStrategy<unknown> {
  return stateless("ascending", (_, timestamp) => timestamp - 1);
}

/** Some records carry a watermark: true for the record's own timestamp, a number for that time, false for none. */
export function punctuatedWatermarks<T>(
  watermarkOf: (value: T, timestamp: number) => number | boolean,
): WatermarkStrategy<T> {
  return stateless("punctuated", (value, timestamp) => {
    const watermark = watermarkOf(value, timestamp);
    if (typeof watermark === "number") return watermark;
    return watermark ? timestamp : BEGINNING_OF_TIME;
  });
}

function stateless<T>(name: string, onRecord: WatermarkGenerator<T>["onRecord"]): WatermarkStrategy<T> {
  return { name, createGenerator: () => ({ onRecord }) };
}
