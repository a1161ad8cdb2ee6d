/** A job that runs: its attempts, one after another as the restart strategy allows, and what it can be asked and told meanwhile. Mutable. */

import { UserError } from "../core/errors.ts";
import { Failures, type RestartStrategy } from "../core/restart-strategy.ts";
import type { ExecutionMode, TaskStatus } from "../stream/index.ts";
import { Attempt, type AttemptEnd, type AttemptOptions, type SavepointRequest, type Start } from "./attempt.ts";
import type { CheckpointStatus } from "./checkpoints/checkpointing.ts";
import type { EdgeStatus } from "./edge-status.ts";
import { failureAt, messageOf, type JobFailure } from "./job-failure.ts";
import { checkFits, type JobSnapshot } from "./checkpoints/job-snapshot.ts";
import type { PlannedSink } from "./plan.ts";
import { SinkOutlets } from "./sink-outlets.ts";

export interface JobResult {
  /** `finished`: all input has gone through it. `stopped`: with a savepoint. */
  readonly end: AttemptEnd;
  readonly restarts: number;
}

export type JobState = "running" | "restarting" | "failed" | AttemptEnd;

export interface JobStatus {
  readonly state: JobState;
  readonly mode: ExecutionMode;
  readonly restarts: number;
  /** What it failed of last; it may have gone on since. */
  readonly failure: JobFailure | null;
  readonly checkpoints: CheckpointStatus;
  /** Where work is handed on asynchronously. Between operators it is handed on by calls, and nothing waits. */
  readonly edges: readonly EdgeStatus[];
  /** Null before there is a task. */
  readonly task: TaskStatus | null;
}

export interface JobOptions extends Omit<AttemptOptions, "sinks" | "savepoints"> {
  readonly sinks: readonly PlannedSink[];
  readonly restart: RestartStrategy;
  readonly restoreFrom: JobSnapshot | null;
  readonly warn: (message: string) => void;
}

export class Job {
  /** Resolves when the job is over and all has been let go. JobFailure when it has failed for good. */
  readonly finished: Promise<JobResult>;
  readonly #options: JobOptions;
  readonly #sinks: SinkOutlets;
  readonly #failures: Failures;
  readonly #savepoints: WantedSavepoint[] = [];
  #attempt: Attempt | null = null;
  #state: JobState = "running";
  #restarts = 0;
  #failure: JobFailure | null = null;
  #isCanceled = false;
  #endWait: () => void = () => undefined;

  constructor(options: JobOptions) {
    this.#options = options;
    this.#failures = new Failures(options.restart);
    this.#sinks = new SinkOutlets({
      sinks: options.sinks,
      clock: options.clock,
      failed: (place, error) => this.#attempt?.fail(place, error),
    });
    this.finished = this.#live();
  }

  /**
   * A checkpoint, now, and its text: to go on from by `restoreFrom`, also in another version of the program. `thenStop`: the job ends
   * with it; windows and timers that are open stay so, in it. UserError `job-over` where the job ends before.
   */
  savepoint({ thenStop = false }: { readonly thenStop?: boolean } = {}): Promise<JobSnapshot> {
    return new Promise((taken, refused) => {
      if (this.#isOver) return refused(jobOver(this.#state));
      this.#savepoints.push({ thenStop, taken, refused });
      this.#attempt?.look();
    });
  }

  /** Ends it where it is. What came since the last checkpoint is not committed in sinks of two phases. */
  async cancel(): Promise<void> {
    this.#isCanceled = true;
    this.#attempt?.cancel();
    this.#endWait();
    await this.finished.catch(() => undefined);
  }

  status(): JobStatus {
    return {
      state: this.#state,
      mode: this.#options.mode,
      restarts: this.#restarts,
      failure: this.#failure,
      checkpoints: this.#options.checkpointing.status(),
      edges: [
        ...(this.#attempt?.readers?.status() ?? []),
        ...(this.#attempt?.graphRun?.edges() ?? []),
        ...this.#sinks.status(),
      ],
      task: this.#attempt?.graphRun?.status() ?? null,
    };
  }

  get #isOver(): boolean {
    return this.#state !== "running" && this.#state !== "restarting";
  }

  async #live(): Promise<JobResult> {
    try {
      const end = await this.#attempts();
      await this.#sinks.close();
      this.#state = end;
      return { end, restarts: this.#restarts };
    } catch (error) {
      this.#state = "failed";
      this.#failure = failureAt("the job", error);
      await this.#sinks.close().catch(() => undefined); // what failed first is what is told
      throw this.#failure;
    } finally {
      for (const { refused } of this.#savepoints.splice(0)) refused(jobOver(this.#state));
    }
  }

  async #attempts(): Promise<AttemptEnd> {
    const { checkpointing, restoreFrom } = this.#options;
    await checkpointing.open();
    let start = restoreFrom === null ? await this.#newest() : { snapshot: restoreFrom, isStored: false };
    for (;;) {
      const end = await this.#attemptFrom(start);
      if (end !== null) return end;
      start = await this.#newest();
      this.#restarts++;
      this.#state = "running";
    }
  }

  /** Null when it has failed, and the wait for the next one is over. */
  async #attemptFrom(start: Start): Promise<AttemptEnd | null> {
    const { clock, sources, sinks, mayDropState } = this.#options;
    try {
      if (this.#isCanceled) return "canceled";
      if (start.snapshot !== null) checkFits(start.snapshot, { sources, sinks, mayDropState });
      this.#attempt = new Attempt({ ...this.#options, sinks: this.#sinks, savepoints: this.#savepoints }, start);
      return await this.#attempt.run();
    } catch (error) {
      this.#failure = failureAt("the job", error);
      const waitMs = this.#failures.failed(clock.now());
      if (waitMs === null) throw this.#failure;
      this.#state = "restarting";
      await this.#wait(waitMs);
      return null;
    }
  }

  /** The newest checkpoint; without one, what the job was to begin with. */
  async #newest(): Promise<Start> {
    const { checkpointing, restoreFrom, warn } = this.#options;
    const newest = await checkpointing.newest((id, error) =>
      warn(
        `checkpoint ${id} is passed over, for the one before it: ${messageOf(error)}; what sinks of two phases have committed since is written again`,
      ),
    );
    return newest === null ? { snapshot: restoreFrom, isStored: false } : { snapshot: newest, isStored: true };
  }

  /** A job that is canceled does not wait. */
  async #wait(ms: number): Promise<void> {
    if (this.#isCanceled) return;
    await new Promise<void>((resolve) => {
      const callOff = this.#options.clock.after(ms, resolve);
      this.#endWait = () => {
        callOff();
        resolve();
      };
    });
  }
}

interface WantedSavepoint extends SavepointRequest {
  readonly refused: (error: UserError) => void;
}

function jobOver(state: JobState): UserError {
  return new UserError({
    code: "job-over",
    message: `no savepoint was taken: the job is over, ${state}`,
    hint: "its last checkpoint is in the store, if it has one",
  });
}
