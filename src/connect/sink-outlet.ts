/**
 * Between the task and one sink: values that the task lets out wait here, until they are handed to what drives the sink, which says
 * when there is room for more. Mutable.
 */

import type { Json } from "../core/event.ts";
import { limits } from "../core/limits.ts";
import type { EdgeStatus } from "./edge-status.ts";
import type { SinkCut, SinkWriter } from "../stream/sinks/sink-writer.ts";
import { Stopwatch } from "./stopwatch.ts";
import type { JobClock } from "./system-clock.ts";

export class SinkOutlet {
  readonly name: string;
  readonly #writer: SinkWriter<unknown>;
  readonly #backpressured: Stopwatch;
  #values: unknown[] = [];
  #records = 0;

  constructor({ name, writer, clock }: { name: string; writer: SinkWriter<unknown>; clock: JobClock }) {
    this.name = name;
    this.#writer = writer;
    this.#backpressured = new Stopwatch(clock);
  }

  /** Values that the task has let out, and nobody has handed over. */
  get waiting(): number {
    return this.#values.length;
  }

  /** At the start, and after a failure: what waits is forgotten, since it will come again. */
  recover(transactions: readonly Json[]): Promise<void> {
    this.#values = [];
    return this.#writer.recover(transactions);
  }

  take(value: unknown): void {
    this.#values.push(value);
  }

  /** Resolves when there is room for more. */
  async handOver(): Promise<void> {
    const values = this.#values;
    if (values.length === 0) return;
    this.#values = [];
    this.#records += values.length;
    this.#backpressured.start();
    try {
      await this.#writer.add(values);
    } finally {
      this.#backpressured.stop();
    }
  }

  /** At a barrier, when everything has been handed over, and may still be waiting for room. */
  cut(): SinkCut {
    return this.#writer.cut();
  }

  close(): Promise<void> {
    return this.#writer.close();
  }

  status(): EdgeStatus {
    const queued = this.#values.length + this.#writer.status().waiting;
    return {
      from: "task",
      to: this.name,
      records: this.#records,
      queued,
      credits: Math.max(0, limits.sinkWaitingValuesMax - queued),
      backpressuredMs: this.#backpressured.ms,
    };
  }
}
