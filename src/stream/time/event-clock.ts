/** Event time as one partition, or one place in the graph, makes it of its records: timestamps, and a watermark that only moves on. */

import { UserError } from "../../core/errors.ts";
import type { Json } from "../../core/event.ts";
import { BEGINNING_OF_TIME } from "../../core/time.ts";
import type { ExecutionMode } from "../operators/operator.ts";
import type { WatermarkGenerator, WatermarkStrategy } from "./watermark-strategy.ts";

/** How a stream comes by its event time. */
export interface EventTime<T> {
  /** The time of a record; `given` is the one that it came with, if any. Without it, records keep that one. */
  readonly timestamp?: (value: T, given: number | undefined) => number;
  /** Without it, only explicit watermarks count, and until the first the stream is idle. */
  readonly watermarks?: WatermarkStrategy<T>;
}

export class EventClock<T> {
  readonly #place: string;
  readonly #timestamp: EventTime<T>["timestamp"];
  readonly #generator: WatermarkGenerator<T> | null;
  watermark = BEGINNING_OF_TIME;

  constructor({ place, mode }: { place: string; mode: ExecutionMode }, { timestamp, watermarks }: EventTime<T>) {
    this.#place = place;
    this.#timestamp = timestamp;
    this.#generator = mode === "batch" ? null : (watermarks?.createGenerator() ?? null);
  }

  /** UserError `bad-timestamp` for what is no time. */
  timestampOf(value: T, given: number | undefined): number {
    const timestamp = this.#timestamp === undefined ? given : this.#timestamp(value, given);
    if (Number.isSafeInteger(timestamp)) return timestamp as number;
    throw new UserError({
      code: "bad-timestamp",
      message: `${this.#place}: the time of a record is ${String(timestamp)}; expected whole epoch milliseconds`,
      hint:
        this.#timestamp === undefined
          ? "push records with their time, or give the source a `timestamp`"
          : "filter such records out before, or let `timestamp` give them a time",
    });
  }

  /** Whether the record moved the watermark. */
  onRecord(value: T, timestamp: number): boolean {
    return this.#generator !== null && this.advanceTo(this.#generator.onRecord(value, timestamp));
  }

  onProcessingTime(now: number): boolean {
    const watermark = this.#generator?.onProcessingTime?.(now);
    return watermark !== undefined && this.advanceTo(watermark);
  }

  advanceTo(watermark: number): boolean {
    if (Number.isNaN(watermark)) {
      throw new UserError({
        code: "bad-watermark",
        message: `${this.#place}: the watermark is not a number; expected epoch milliseconds`,
        hint: "-Infinity says nothing yet, Infinity is the end",
      });
    }
    if (watermark <= this.watermark) return false;
    this.watermark = watermark;
    return true;
  }

  snapshot(): Json {
    return this.#generator?.snapshot?.() ?? null;
  }

  restore({ watermark, generator }: { watermark: number; generator: Json }): void {
    this.watermark = watermark;
    this.#generator?.restore?.(generator);
  }
}
