/** Gives records new timestamps and a new event time in the middle of a graph; what time it was before ends here. */

import { END_OF_TIME, timeFromSnapshot, timeToSnapshot } from "../../core/time.ts";
import { EventClock, type EventTime } from "../time/event-clock.ts";
import { Operator, type OperatorSetup } from "./operator.ts";
import type { TimeProgress } from "../task/outlet.ts";
import type { OperatorSnapshot } from "../task/snapshot.ts";

export class WatermarkAssigner<T> extends Operator<T, T> {
  readonly #time: EventClock<T>;

  constructor(setup: OperatorSetup, eventTime: EventTime<T>) {
    super(setup);
    this.#time = new EventClock({ place: setup.name, mode: setup.mode }, eventTime);
  }

  override record(value: T, given: number): void {
    const timestamp = this.#time.timestampOf(value, given);
    this.next.record(value, timestamp);
    if (this.#time.onRecord(value, timestamp)) this.next.watermark(this.#time.watermark);
  }

  /** Only the end of the stream is the end for both. */
  override watermark(watermark: number): void {
    if (watermark === END_OF_TIME && this.#time.advanceTo(watermark)) this.next.watermark(watermark);
  }

  override advanceProcessingTime(now: number): void {
    if (this.#time.onProcessingTime(now)) this.next.watermark(this.#time.watermark);
  }

  override timeAfter({ idle }: TimeProgress): TimeProgress {
    return { watermark: this.#time.watermark, idle };
  }

  override snapshot(): OperatorSnapshot {
    return { watermark: timeToSnapshot(this.#time.watermark), generator: this.#time.snapshot() };
  }

  override restore({ watermark, generator = null }: OperatorSnapshot): void {
    if (watermark !== undefined) this.#time.restore({ watermark: timeFromSnapshot(watermark), generator });
  }
}
