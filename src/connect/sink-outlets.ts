/** All sinks of a job that take their time: values are handed over to each side by side. */

import type { Json } from "../core/event.ts";
import { limits } from "../core/limits.ts";
import { ownProperty } from "../core/own-property.ts";
import type { SinkWriter } from "../stream/sinks/sink-writer.ts";
import { IdempotentWriter } from "../stream/sinks/idempotent-writer.ts";
import { TwoPhaseWriter } from "../stream/sinks/two-phase-writer.ts";
import type { Barrier } from "./checkpoints/checkpointing.ts";
import type { EdgeStatus } from "./edge-status.ts";
import { failureAt } from "./job-failure.ts";
import type { PlannedSink } from "./plan.ts";
import { SinkOutlet } from "./sink-outlet.ts";
import type { JobClock } from "./system-clock.ts";

export interface SinkOutletsOptions {
  readonly sinks: readonly PlannedSink[];
  readonly clock: JobClock;
  readonly failed: (place: string, error: unknown) => void;
}

export class SinkOutlets {
  readonly #outlets: readonly SinkOutlet[];
  readonly #byName: ReadonlyMap<string, SinkOutlet>;

  constructor({ sinks, clock, failed }: SinkOutletsOptions) {
    this.#outlets = sinks.map(({ name, sink }) => {
      const writer = writerOf(sink, (error) => failed(placeOf(name), error));
      return new SinkOutlet({ name, writer, clock });
    });
    this.#byName = new Map(this.#outlets.map((outlet) => [outlet.name, outlet]));
  }

  named(name: string): SinkOutlet {
    return this.#byName.get(name)!;
  }

  /** Whether the task should let nothing more out before `handOver`. Asked after each record. */
  get haveMuch(): boolean {
    for (const outlet of this.#outlets) if (outlet.waiting >= limits.sinkBatchValuesMax) return true;
    return false;
  }

  get haveSome(): boolean {
    return this.#outlets.some(({ waiting }) => waiting > 0);
  }

  /** At the start, and after a failure; transactions by sink. */
  async recover(transactions: Readonly<Record<string, readonly Json[]>>): Promise<void> {
    await this.#each((outlet) => outlet.recover(ownProperty(transactions, outlet.name) ?? []));
  }

  /** Resolves when there is room for more everywhere. */
  async handOver(): Promise<void> {
    await this.#each((outlet) => outlet.handOver());
  }

  /** At a barrier: everything has been handed over. */
  cut(): Barrier["cuts"] {
    return this.#outlets.map((outlet) => ({ sink: outlet.name, cut: outlet.cut() }));
  }

  async close(): Promise<void> {
    await this.#each((outlet) => outlet.close());
  }

  status(): readonly EdgeStatus[] {
    return this.#outlets.map((outlet) => outlet.status());
  }

  async #each(call: (outlet: SinkOutlet) => Promise<void>): Promise<void> {
    await Promise.all(
      this.#outlets.map((outlet) =>
        call(outlet).catch((error: unknown) => {
          throw failureAt(placeOf(outlet.name), error);
        }),
      ),
    );
  }
}

function placeOf(name: string): string {
  return `sink ${name}`;
}

function writerOf(sink: PlannedSink["sink"], failed: (error: unknown) => void): SinkWriter<unknown> {
  return "preCommit" in sink ? new TwoPhaseWriter({ sink, failed }) : new IdempotentWriter({ sink, failed });
}
