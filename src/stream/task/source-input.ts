/** The way into one partition of a task's source. */

import { END_OF_TIME } from "../../core/time.ts";
import { deliver, type StreamElement } from "../graph/element.ts";
import type { Gate } from "./gate.ts";
import type { Partition } from "../operators/source-operator.ts";

export class SourceInput<T> {
  readonly #partition: Partition<T>;
  readonly #gate: Gate;

  constructor({ partition, gate }: { partition: Partition<T>; gate: Gate }) {
    this.#partition = partition;
    this.#gate = gate;
  }

  /** UserError `bad-timestamp`, `stream-ended`: then nothing has happened. A failure further on is the task's end. */
  push(value: T, timestamp?: number): void {
    const time = this.#partition.check(value, timestamp);
    this.#gate.enter();
    try {
      this.#partition.take(value, time);
    } catch (error) {
      this.#gate.fail(error);
      throw error;
    }
    this.#gate.leave();
  }

  /** No record at or before it will come any more. */
  advanceWatermark(watermark: number): void {
    this.#gate.run(() => this.#partition.advanceTo(watermark));
  }

  /** Silent for now: it holds time back no longer, until it speaks again. */
  markIdle(): void {
    this.#gate.run(() => this.#partition.markIdle());
  }

  /** No record will come any more. */
  end(): void {
    this.advanceWatermark(END_OF_TIME);
  }

  /** What another task has let out (`DataStream.elements`). */
  accept(element: StreamElement<T>): void {
    deliver(element, {
      record: (value, timestamp) => this.push(value, timestamp),
      watermark: (watermark) => this.advanceWatermark(watermark),
      idle: (idle) => {
        if (idle) this.markIdle();
      },
    });
  }
}
