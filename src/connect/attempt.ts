/**
 * One life of a job's task, from a checkpoint or from the beginning, until its input ends, it is stopped, or something fails: splits
 * are read ahead, their batches go through the task one after the other, and what comes out goes on to sinks. All that touches the
 * task is one loop. Mutable.
 */

import { setImmediate as turn } from "node:timers/promises";
import type { ExecutionMode, StreamEnvironment, TaskSnapshot } from "../stream/index.ts";
import type { Checkpointing, TakenCheckpoint } from "./checkpoints/checkpointing.ts";
import { SingleRun, type GraphRun } from "./graph-run.ts";
import { Canceled, Interruptible } from "./interruptible.ts";
import { failureAt } from "./job-failure.ts";
import type { JobSnapshot } from "./checkpoints/job-snapshot.ts";
import type { PlannedSource } from "./plan.ts";
import type { SinkOutlets } from "./sink-outlets.ts";
import { SplitReaders, type Split } from "./split-readers.ts";
import type { JobClock } from "./system-clock.ts";
import { Timers } from "./timers.ts";
import { Crew, type WorkersOptions } from "./workers/crew.ts";

export interface AttemptOptions {
  readonly env: StreamEnvironment;
  readonly mode: ExecutionMode;
  readonly parallelism: number;
  /** Null where all is done in this thread. */
  readonly workers: WorkersOptions | null;
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

interface CheckpointRequest {
  readonly run: GraphRun;
  readonly readers: SplitReaders;
  /** How many of the savepoints that are wanted it is. */
  readonly serves: number;
}

interface CaughtCheckpoint {
  /** Null where it was not stored, and that is tolerable. */
  readonly stored: Promise<TakenCheckpoint | null>;
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
  readonly #waiting = new Interruptible();
  readonly #timers: Timers;
  #run: GraphRun | null = null;
  #readers: SplitReaders | null = null;
  #isCheckpointDue = false;
  #callOffCheckpoint: () => void = () => undefined;
  /** The one that is in progress; never rejects. */
  #checkpoint: Promise<void> = Promise.resolve();

  /** `isStored`: whether the store has what it goes on from. */
  constructor(options: AttemptOptions, { snapshot, isStored }: Start) {
    this.#options = options;
    this.#snapshot = snapshot;
    this.#isFirst = !isStored;
    this.#timers = new Timers(options.clock);
  }

  get graphRun(): GraphRun | null {
    return this.#run;
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
    this.#waiting.call();
  }

  cancel(): void {
    this.#waiting.cancel();
  }

  /** Something outside of the loop has failed. */
  fail(place: string, error: unknown): void {
    this.#waiting.fail(place, error);
  }

  async #live(): Promise<AttemptEnd> {
    const { sinks, checkpointing, mode } = this.#options;
    await this.#waiting.until(sinks.recover(this.#snapshot?.sinks ?? {}));
    const run = (this.#run = await this.#waiting.until(this.#start()));
    const readers = (this.#readers = await this.#waiting.until(this.#createReaders(run)));
    // Whatever happens before the first interval is over, it is from here that all begins again, sinks too.
    if (checkpointing.areKept && this.#isFirst) await this.#storeCheckpoint({ run, readers, serves: 0 });
    else this.#checkpointAfter(checkpointing.intervalMs);
    readers.start();
    if (mode === "streaming") this.#timers.every(TICK_MS, () => this.#waiting.call());
    if (await this.#loop(run, readers)) return "stopped";
    await this.#inTask("the end of the input", () => run.end());
    await this.#conclude(run, readers);
    return "finished";
  }

  async #start(): Promise<GraphRun> {
    const { env, sinks, mode, parallelism, workers, mayDropState, clock } = this.#options;
    const task = {
      mode,
      parallelism,
      mayDropState,
      ...(this.#snapshot === null ? { processingTime: clock.now() } : { snapshot: this.#snapshot.task }),
      outputs: (sink: string) => {
        const outlet = sinks.named(sink);
        return (value: unknown) => outlet.take(value);
      },
    };
    if (workers === null) return new SingleRun(env.createTask(task));
    const failed = (error: unknown): void => this.fail("a worker thread", error);
    return await Crew.start({ graph: env.graph, workers, task, arrived: () => this.#waiting.call(), failed });
  }

  #createReaders(run: GraphRun): Promise<SplitReaders> {
    const { sources, creditsPerSplit, clock } = this.#options;
    return SplitReaders.of({
      sources,
      progress: this.#snapshot?.sources ?? {},
      run,
      credits: creditsPerSplit,
      clock,
      arrived: () => this.#waiting.call(),
      failed: (place, error) => this.fail(place, error),
    });
  }

  /** Until the input has ended (false), or a savepoint was taken to stop with (true). */
  async #loop(run: GraphRun, readers: SplitReaders): Promise<boolean> {
    for (;;) {
      this.#waiting.check();
      await this.#advanceTime(run, readers);
      if (await this.#takeWhatIsDue(run, readers)) return true;
      const hasStepped = await this.#step(run);
      const split = run.hasRoom ? readers.next() : null;
      if (split !== null) await this.#takeFrom(split, readers);
      run.flush();
      if (hasStepped || split !== null) {
        await turn(); // timers, files and sockets have theirs, also where there is always another batch
      } else if (readers.areAllEnded) {
        return false;
      } else {
        await this.#waiting.called();
      }
    }
  }

  /** Whether something came from other threads. */
  async #step(run: GraphRun): Promise<boolean> {
    let hasStepped = false;
    await this.#inTask("what came from a worker thread", () => (hasStepped = run.step()));
    return hasStepped;
  }

  async #advanceTime(run: GraphRun, readers: SplitReaders): Promise<void> {
    const { mode, clock } = this.#options;
    if (mode === "batch") return;
    const now = clock.now();
    await this.#inTask("processing time", () => {
      run.advanceProcessingTime(now);
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
    const takenAt = this.#options.clock.now();
    for (let i = 0; i < values.length; i++) {
      try {
        input.push(values[i], timestamps?.[i] ?? takenAt);
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
    if (sinks.haveSome) await this.#waiting.until(sinks.handOver());
  }

  /** Whether it was a savepoint to stop with. */
  async #takeWhatIsDue(run: GraphRun, readers: SplitReaders): Promise<boolean> {
    const { checkpointing, savepoints } = this.#options;
    if (checkpointing.isInProgress || (savepoints.length === 0 && !this.#isCheckpointDue)) return false;
    const isLast = savepoints.some(({ thenStop }) => thenStop);
    const request = { run, readers, serves: savepoints.length };
    if (!isLast) {
      await this.#takeCheckpoint(request);
      return false;
    }
    const last = await this.#storeCheckpoint(request);
    if (last !== null) await this.#waiting.until(last.committed);
    return last !== null;
  }

  /** All input has gone in. */
  async #conclude(run: GraphRun, readers: SplitReaders): Promise<void> {
    const { savepoints } = this.#options;
    await this.#waiting.until(this.#checkpoint);
    let last: TakenCheckpoint | null = null;
    while (last === null) last = await this.#storeCheckpoint({ run, readers, serves: savepoints.length });
    await this.#waiting.until(last.committed);
  }

  /** Null where it was not stored, and that is tolerable. */
  async #storeCheckpoint(request: CheckpointRequest): Promise<TakenCheckpoint | null> {
    const { stored } = await this.#takeCheckpoint(request);
    return await this.#waiting.until(stored);
  }

  /** Catches what all has become by now; the loop may go on while it is stored. */
  async #takeCheckpoint({ run, readers, serves }: CheckpointRequest): Promise<CaughtCheckpoint> {
    const { checkpointing, sinks, savepoints, clock } = this.#options;
    const began = clock.now();
    this.#isCheckpointDue = false;
    await this.#bringToRest(run);
    const task = await this.#waiting.until(stateOf(run));
    const stored = checkpointing.complete({ task, sources: readers.progress(), cuts: sinks.cut() });
    this.#checkpoint = stored.then(
      (checkpoint) => {
        if (checkpoint !== null) {
          for (const savepoint of savepoints.splice(0, serves)) savepoint.taken(checkpoint.snapshot);
        }
        this.#checkpointAfter(checkpointing.pauseMs(clock.now() - began));
        this.#waiting.call();
      },
      (error: unknown) => this.fail("the checkpoint", error),
    );
    return { stored };
  }

  /** Until nothing is on its way between threads; what comes of it goes on to the sinks. */
  async #bringToRest(run: GraphRun): Promise<void> {
    while (!(await this.#waiting.until(run.isAtRest()))) while (await this.#step(run));
  }

  /** Instead of what was due before: a savepoint has come between. */
  #checkpointAfter(ms: number | null): void {
    this.#callOffCheckpoint();
    if (ms === null) return;
    this.#callOffCheckpoint = this.#timers.after(ms, () => {
      this.#isCheckpointDue = true;
      this.#waiting.call();
    });
  }

  async #letGo(): Promise<void> {
    this.#timers.callOffAll();
    this.#readers?.stop();
    await this.#checkpoint;
    await this.#run?.close();
  }
}

async function stateOf(run: GraphRun): Promise<TaskSnapshot> {
  try {
    return await run.snapshot();
  } catch (error) {
    throw failureAt("the state of the task", error);
  }
}
