/** A job's checkpoints: how they are named, kept, counted and found again. Mutable. */

import type { Json } from "../../core/event.ts";
import type { SinkCut } from "../../stream/sinks/sink-writer.ts";
import { JOB_SNAPSHOT_FORMAT, type JobSnapshot } from "./job-snapshot.ts";
import { failureAt } from "../job-failure.ts";
import { newestWhole, type PassedOver, type SnapshotStore } from "./snapshot-store.ts";
import type { JobClock } from "../system-clock.ts";

export interface CheckpointOptions {
  readonly store: SnapshotStore;
  /** From the beginning of one to the next, milliseconds. Default: 10,000. */
  readonly intervalMs?: number;
  /** From the end of one to the beginning of the next, milliseconds. Default: 0. */
  readonly minPauseMs?: number;
  /** So many that cannot be stored, one after the other, do not make the job fail. Default: 0. */
  readonly tolerableFailures?: number;
}

export interface CheckpointStatus {
  readonly completed: number;
  readonly failed: number;
  readonly isInProgress: boolean;
  /** The last that was completed: its number, and how long it took. */
  readonly last: { readonly id: number; readonly durationMs: number } | null;
}

export interface TakenCheckpoint {
  readonly snapshot: JobSnapshot;
  /** Its transactions are, in all sinks; when it rejects, the next `recover` commits them. */
  readonly committed: Promise<void>;
}

/** What is caught at a barrier; sinks go on to make their part ready. */
export interface Barrier extends Pick<JobSnapshot, "task" | "sources"> {
  readonly cuts: readonly { readonly sink: string; readonly cut: SinkCut }[];
}

export class Checkpointing {
  readonly intervalMs: number | null;
  readonly #minPauseMs: number;
  readonly #store: SnapshotStore | null;
  readonly #tolerableFailures: number;
  readonly #clock: JobClock;
  #nextId = 1;
  #completed = 0;
  #failed = 0;
  #failedInARow = 0;
  #isInProgress = false;
  #last: CheckpointStatus["last"] = null;

  /** Without options nothing is kept: there are savepoints, and the end. */
  constructor(options: CheckpointOptions | null, clock: JobClock) {
    this.#store = options?.store ?? null;
    this.intervalMs = options === null ? null : (options.intervalMs ?? 10_000);
    this.#minPauseMs = options?.minPauseMs ?? 0;
    this.#tolerableFailures = options?.tolerableFailures ?? 0;
    this.#clock = clock;
  }

  get areKept(): boolean {
    return this.#store !== null;
  }

  get isInProgress(): boolean {
    return this.#isInProgress;
  }

  /** Numbers go on behind those that are there. */
  async open(): Promise<void> {
    const ids = (await this.#store?.list()) ?? [];
    this.#nextId = (ids.at(-1) ?? 0) + 1;
  }

  /** What to go on from; null without a store, and in an empty one. */
  async newest(passedOver: PassedOver): Promise<JobSnapshot | null> {
    return this.#store === null ? null : newestWhole(this.#store, passedOver);
  }

  /** Null when it could not be stored, and that may be. */
  async complete({ task, sources, cuts }: Barrier): Promise<TakenCheckpoint | null> {
    const id = this.#nextId++;
    const began = this.#clock.now();
    this.#isInProgress = true;
    try {
      const ready = await Promise.all(cuts.map((cut) => readyTransactions(cut)));
      const snapshot = { format: JOB_SNAPSHOT_FORMAT, id, task, sources, sinks: Object.fromEntries(ready) };
      if (!(await this.#isStored(snapshot))) return null;
      this.#completed++;
      this.#last = { id, durationMs: this.#clock.now() - began };
      return { snapshot, committed: commitAll(cuts) };
    } finally {
      this.#isInProgress = false;
    }
  }

  /** Before the next one, after one that took so long; null where none is asked for. */
  pauseMs(tookMs: number): number | null {
    return this.intervalMs === null ? null : Math.max(this.intervalMs - tookMs, this.#minPauseMs);
  }

  status(): CheckpointStatus {
    return {
      completed: this.#completed,
      failed: this.#failed,
      isInProgress: this.#isInProgress,
      last: this.#last,
    };
  }

  async #isStored(snapshot: JobSnapshot): Promise<boolean> {
    try {
      await this.#store?.write(snapshot);
      this.#failedInARow = 0;
      return true;
    } catch (error) {
      this.#failed++;
      if (++this.#failedInARow > this.#tolerableFailures) throw failureAt(`checkpoint ${snapshot.id}`, error);
      return false;
    }
  }
}

function commitAll(cuts: Barrier["cuts"]): Promise<void> {
  const committed = Promise.all(cuts.map(({ cut }) => cut.complete())).then(() => undefined);
  committed.catch(() => undefined); // where nobody waits for it, the sink's own word of it is heard
  return committed;
}

async function readyTransactions({ sink, cut }: Barrier["cuts"][number]): Promise<readonly [string, readonly Json[]]> {
  try {
    return [sink, await cut.preCommitted];
  } catch (error) {
    throw failureAt(`sink ${sink}`, error);
  }
}
