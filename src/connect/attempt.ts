/**
 * One life of a job's task, from a checkpoint or from the beginning, until its input ends, it is stopped, or something fails: splits
 * are read ahead, their batches go through the task one after the other, and what comes out goes on to sinks. All that touches the
 * task is one loop. Mutable.
 */

import { setImmediate as turn } from "node:timers/promises";
import type { ExecutionMode, StreamEnvironment, Task, TaskSnapshot } from "../stream/index.ts";
import type { Checkpointing, TakenCheckpoint } from "./checkpointing.ts";
import { failureAt, type JobFailure } from "./job-failure.ts";
import type { JobSnapshot } from "./job-snapshot.ts";
import type { PlannedSource } from "./plan.ts";
import type { SinkOutlets } from "./sink-outlets.ts";
import { SplitReaders, type Split } from "./split-readers.ts";
import type { JobClock } from "./system-clock.ts";
import { Wake } from "./wake.ts";

export interface AttemptOptions {
  readonly env: StreamEnvironment;
  readonly mode: ExecutionMode;
  readonly parallelism: number;
  readonly mayDropState: boolean;
  readonly creditsPerSplit: number;
  readonly sources: readonly PlannedSource[];
  readonly sinks: SinkOutlets;
  readonly checkpointing: Checkpointing;
  readonly clock: JobClock;
  /** Those that are wanted; whoever takes one removes it from there. */
  readonly savepoints: SavepointRequest[];
}

export interface SavepointRequest {
  /** The job ends with it: what is open stays open, in the savepoint. */
  readonly thenStop: boolean;
  readonly taken: (savepoint: JobSnapshot) => void;
}

/** What an attempt goes on from: null for the beginning. */
export interface Start {
  readonly snapshot: JobSnapshot | null;
  readonly isStored: boolean;
}

/** `stopped`: by a savepoint. */
export type AttemptEnd = "finished" | "stopped" | "canceled";

/** How often processing time goes on, and idle splits are looked for, while nothing comes. */
const TICK_MS = 20;

export class Attempt {
  readonly #options: AttemptOptions;
  readonly #snapshot: JobSnapshot | null;
  readonly #isFirst: boolean;
  readonly #wake = new Wake();
  readonly #timers = new Set<() => void>();
  #task: Task | null = null;
  #readers: SplitReaders | null = null;
  #failure: JobFailure | null = null;
  #isCanceled = false;
  #isCheckpointDue = false;
  /** The one that is in progress; never rejects. */
  #checkpoint: Promise<void> = Promise.resolve();

  /** `isStored`: whether the store has what it goes on from. */
  constructor(options: AttemptOptions, { snapshot, isStored }: Start) {
    this.#options = options;
    this.#snapshot = snapshot;
    this.#isFirst = !isStored;
  }

  get task(): Task | null {
    return this.#task;
  }

  get readers(): SplitReaders | null {
    return this.#readers;
  }

  /** JobFailure for whatever fails. In the end nothing is left of it but the sinks. */
  async run(): Promise<AttemptEnd> {
    let end: AttemptEnd;
    try {
      end = await this.#live();
    } catch (error) {
      await this.#letGo().catch(() => undefined); // what failed first is what is told
      if (error instanceof Canceled) return "canceled";
      throw failureAt("the job", error);
    }
    await this.#letGo();
    return end;
  }

  /** Somebody has asked for a savepoint. */
  look(): void {
    this.#wake.call();
  }

  cancel(): void {
    this.#isCanceled = true;
    this.#wake.call();
  }

  /** Something outside of the loop has failed. */
  fail(place: string, error: unknown): void {
    this.#failure ??= failureAt(place, error);
    this.#wake.call();
  }

  async #live(): Promise<AttemptEnd> {
    const { sinks, checkpointing, mode } = this.#options;
    await this.#until(sinks.recover(this.#snapshot?.sinks ?? {}));
    const task = (this.#task = this.#createTask());
    const readers = (this.#readers = await this.#until(this.#createReaders(task)));
    // Whatever happens before the first interval is over, it is from here that all begins again, sinks too.
    if (checkpointing.areKept && this.#isFirst) await this.#until(this.#takeCheckpoint(task, readers));
    readers.start();
    if (mode === "streaming") this.#tick();
    this.#checkpointAfter(checkpointing.intervalMs);
    if (await this.#loop(task, readers)) return "stopped";
    await this.#inTask("the end of the input", () => task.end());
    await this.#conclude(task, readers);
    return "finished";
  }

  #createTask(): Task {
    const { env, sinks, mode, parallelism, mayDropState, clock } = this.#options;
    return env.createTask({
      mode,
      parallelism,
      mayDropState,
      ...(this.#snapshot === null ? { processingTime: clock.now() } : { snapshot: this.#snapshot.task }),
      outputs: (sink) => {
        const outlet = sinks.named(sink);
        return (value) => outlet.take(value);
      },
    });
  }

  #createReaders(task: Task): Promise<SplitReaders> {
    const { sources, creditsPerSplit, clock } = this.#options;
    return SplitReaders.of({
      sources,
      progress: this.#snapshot?.sources ?? {},
      task,
      credits: creditsPerSplit,
      clock,
      arrived: () => this.#wake.call(),
      failed: (place, error) => this.fail(place, error),
    });
  }

  /** Until the input has ended (false), or a savepoint was taken to stop with (true). */
  async #loop(task: Task, readers: SplitReaders): Promise<boolean> {
    for (;;) {
      this.#check();
      await this.#advanceTime(task, readers);
      if (await this.#takeWhatIsDue(task, readers)) return true;
      const split = readers.next();
      if (split !== null) {
        await this.#takeFrom(split, readers);
        await turn(); // timers, files and sockets have theirs, also where there is always another batch
      } else if (readers.areAllEnded) {
        return false;
      } else {
        await this.#wake.called();
      }
    }
  }

  async #advanceTime(task: Task, readers: SplitReaders): Promise<void> {
    const { mode, clock } = this.#options;
    if (mode === "batch") return;
    const now = clock.now();
    await this.#inTask("processing time", () => {
      task.advanceProcessingTime(now);
      for (const { input } of readers.silent()) input.markIdle();
    });
  }

  async #takeFrom(split: Split, readers: SplitReaders): Promise<void> {
    const { reader, input } = split;
    if (!reader.hasBatch) {
      await this.#inTask(`${reader.place}, at its end`, () => input.end());
      readers.ended(split);
      return;
    }
    const batch = reader.take();
    const { values, timestamps } = batch;
    for (let i = 0; i < values.length; i++) {
      try {
        input.push(values[i], timestamps?.[i]);
      } catch (error) {
        throw failureAt(`${reader.place}, record ${i + 1} from there`, error);
      }
      if (this.#options.sinks.haveMuch) await this.#handOver();
    }
    reader.taken(batch);
    await this.#handOver();
  }

  async #inTask(place: string, action: () => void): Promise<void> {
    try {
      action();
    } catch (error) {
      throw failureAt(place, error);
    }
    await this.#handOver();
  }

  /** What the task has let out; nothing more goes into it before all sinks have room. */
  async #handOver(): Promise<void> {
    const { sinks } = this.#options;
    if (sinks.haveSome) await this.#until(sinks.handOver());
  }

  /** Whether it was a savepoint to stop with. */
  async #takeWhatIsDue(task: Task, readers: SplitReaders): Promise<boolean> {
    const { checkpointing, savepoints } = this.#options;
    if (checkpointing.isInProgress || (savepoints.length === 0 && !this.#isCheckpointDue)) return false;
    const isLast = savepoints.some(({ thenStop }) => thenStop);
    const taken = this.#takeCheckpoint(task, readers);
    const last = isLast ? await this.#until(taken) : null;
    if (last !== null) await this.#until(last.committed);
    return last !== null;
  }

  /** The task has done all that there was to do. */
  async #conclude(task: Task, readers: SplitReaders): Promise<void> {
    await this.#until(this.#checkpoint);
    let last: TakenCheckpoint | null = null;
    while (last === null) last = await this.#until(this.#takeCheckpoint(task, readers));
    await this.#until(last.committed);
  }

  /** Catches what all has become by now; the loop may go on while it is stored. Null where it was not, and that is tolerable. */
  #takeCheckpoint(task: Task, readers: SplitReaders): Promise<TakenCheckpoint | null> {
    const { checkpointing, sinks, savepoints, clock } = this.#options;
    const began = clock.now();
    this.#isCheckpointDue = false;
    const taken = checkpointing.complete({ task: stateOf(task), sources: readers.progress(), cuts: sinks.cut() });
    const wanted = savepoints.splice(0);
    this.#checkpoint = taken.then(
      (checkpoint) => {
        if (checkpoint === null) savepoints.unshift(...wanted);
        else for (const savepoint of wanted) savepoint.taken(checkpoint.snapshot);
        this.#checkpointAfter(checkpointing.pauseMs(clock.now() - began));
        this.#wake.call();
      },
      (error: unknown) => {
        savepoints.unshift(...wanted);
        this.fail("the checkpoint", error);
      },
    );
    return taken;
  }

  #checkpointAfter(ms: number | null): void {
    if (ms === null) return;
    this.#later(ms, () => {
      this.#isCheckpointDue = true;
      this.#wake.call();
    });
  }

  #tick(): void {
    this.#later(TICK_MS, () => {
      this.#wake.call();
      this.#tick();
    });
  }

  #later(ms: number, call: () => void): void {
    const callOff = this.#options.clock.after(ms, () => {
      this.#timers.delete(callOff);
      call();
    });
    this.#timers.add(callOff);
  }

  /** Waits for it, but no longer than until the job is canceled or fails. */
  async #until<R>(work: Promise<R>): Promise<R> {
    const results: R[] = [];
    work.then(
      (result) => {
        results.push(result);
        this.#wake.call();
      },
      (error: unknown) => this.fail("the job", error),
    );
    for (;;) {
      this.#check();
      if (results.length > 0) return results[0]!;
      await this.#wake.called();
    }
  }

  #check(): void {
    if (this.#failure !== null) throw this.#failure;
    if (this.#isCanceled) throw new Canceled();
  }

  async #letGo(): Promise<void> {
    for (const callOff of this.#timers) callOff();
    this.#timers.clear();
    this.#readers?.stop();
    await this.#checkpoint;
    this.#task?.close();
  }
}

/** How it is let go from wherever it waits. */
class Canceled extends Error {}

function stateOf(task: Task): TaskSnapshot {
  try {
    return task.snapshot();
  } catch (error) {
    throw failureAt("the state of the task", error);
  }
}
