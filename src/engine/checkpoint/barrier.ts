/**
 * A barrier: the place between two records of which a checkpoint is taken. Where shards work ahead of the engine, it is sent to them
 * behind the records that they have been sent; they capture there what they have by key, and the engine the rest when it comes there.
 * Mutable.
 */

import { assert } from "../../core/assert.ts";
import type { SinkCut } from "../../stream/sinks/sink-writer.ts";
import type { CapturePlan } from "./capture-plan.ts";
import type { CheckpointWriter } from "./checkpoint-writer.ts";
import type { MachineCapture } from "./machine.ts";
import type { Clock } from "../ports.ts";
import type { ShardNote } from "../shards/shard-snapshot.ts";

/** What there was at a barrier. */
export interface CapturedState {
  /** The next record to read; the state is that of all records below. */
  readonly offset: number;
  /** Epoch milliseconds. */
  readonly takenAt: number;
  /** For which the engine applied no record. */
  readonly pauseMs: number;
  readonly capture: MachineCapture;
  /** Who encodes it. */
  readonly writer: CheckpointWriter;
  /** Of what becomes visible elsewhere with a checkpoint; null where nothing does. */
  readonly cut: SinkCut | null;
}

export interface BarrierOptions {
  readonly clock: Clock;
  /** Asked when shards are told: they may have been made anew while the barrier waited. */
  readonly writer: () => CheckpointWriter;
  /** The offset after the last record applied. */
  readonly applied: () => number;
  /** In the same moment as the state. UserError when there can be no checkpoint now. */
  readonly cut: () => SinkCut | null;
}

export class Barrier {
  /** Null when the engine will never come there: it begins again at an earlier place. Rejects where `cut` throws. */
  readonly captured: Promise<CapturedState | null>;
  readonly #options: BarrierOptions;
  #resolve: (captured: CapturedState | null) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #announced: { readonly writer: CheckpointWriter; readonly plan: CapturePlan } | null = null;

  constructor(options: BarrierOptions) {
    this.#options = options;
    this.captured = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** To the shards, if there are any: they are behind what they were sent before. */
  announce(): Promise<readonly ShardNote[]> {
    const writer = this.#options.writer();
    const plan = writer.plan();
    this.#announced = { writer, plan };
    return writer.announce(plan);
  }

  /** The engine has come there. */
  pass(notes: readonly ShardNote[]): void {
    assert(this.#announced !== null, "shards come first");
    const { writer, plan } = this.#announced;
    const { clock, applied, cut } = this.#options;
    const takenAt = clock.now();
    const capture = writer.capture(plan, notes);
    try {
      this.#resolve({ offset: applied(), takenAt, pauseMs: clock.now() - takenAt, capture, writer, cut: cut() });
    } catch (error) {
      writer.failed(capture);
      this.#reject(error);
    }
  }

  drop(): void {
    this.#resolve(null);
  }
}
