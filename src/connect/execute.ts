/** Runs a graph: reads its sources, writes to its sinks, takes checkpoints, and begins again from the last one after a failure. */

import { UserError } from "../core/errors.ts";
import type { RestartStrategy } from "../core/restart-strategy.ts";
import { checkCount, checkDuration, checkNonNegativeDuration, checkParallelism } from "../stream/checks.ts";
import { checkObject } from "../stream/functions/function-checks.ts";
import type { StreamEnvironment } from "../stream/index.ts";
import { Checkpointing, type CheckpointOptions } from "./checkpoints/checkpointing.ts";
import { Job } from "./job.ts";
import { checkJobSnapshot, type JobSnapshot } from "./checkpoints/job-snapshot.ts";
import { checkRestart } from "./restart-check.ts";
import { planOf, type JobPlan, type RequestedMode } from "./plan.ts";
import { systemClock, type JobClock } from "./system-clock.ts";
import type { WorkersOptions } from "./workers/crew.ts";

export interface ExecuteOptions {
  /** Default: `streaming`. `automatic` is a batch where every source is bounded. */
  readonly mode?: RequestedMode;
  /** Of keyed operators. Default: as many as there are worker threads, else 1. */
  readonly parallelism?: number;
  /** Threads for all that is divided: keyed operators, and those of several subtasks. Default: none; all is done in this one. */
  readonly workers?: WorkersOptions;
  /** Without them nothing is kept: whatever fails, the job begins with its input again. A batch takes none. */
  readonly checkpoints?: CheckpointOptions;
  /** What it begins with where the caller says so, rather than with the newest checkpoint: a savepoint. */
  readonly restoreFrom?: JobSnapshot;
  /** Drops state of operators, sources and sinks that the graph no longer has, instead of refusing it. Default: false. */
  readonly mayDropState?: boolean;
  /** Default: `{ kind: "none" }`. */
  readonly restart?: RestartStrategy;
  /** Batches of each split that may be on their way into the task. Default: 2. */
  readonly creditsPerSplit?: number;
  /** Default: the machine's. */
  readonly clock?: JobClock;
  /** Told what has been got over, and should be known. Default: a warning of the process. */
  readonly warn?: (message: string) => void;
}

/**
 * The job runs when it returns. UserError `no-source`, `unread-source`, `unbounded-source`, `needs-checkpoints`, `bad-argument`,
 * `foreign-snapshot`. Whatever fails later, `finished` rejects with.
 */
export function execute(env: StreamEnvironment, options: ExecuteOptions = {}): Job {
  const plan = planOf(env.graph, options.mode ?? "streaming");
  check(plan, options);
  const { checkpoints = null, clock = systemClock, restoreFrom = null } = options;
  return new Job({
    ...plan,
    env,
    clock,
    restoreFrom,
    parallelism: options.parallelism ?? options.workers?.count ?? 1,
    workers: options.workers ?? null,
    mayDropState: options.mayDropState ?? false,
    restart: options.restart ?? { kind: "none" },
    creditsPerSplit: options.creditsPerSplit ?? 2,
    checkpointing: new Checkpointing(plan.mode === "batch" ? null : checkpoints, clock),
    warn: options.warn ?? ((message) => process.emitWarning(message, "TriplineWarning")),
  });
}

function check(
  plan: JobPlan,
  { creditsPerSplit = 2, workers, checkpoints, restoreFrom, ...options }: ExecuteOptions,
): void {
  checkParallelism({ what: "the parallelism", value: options.parallelism ?? 1 });
  if (workers !== undefined) checkCount({ what: "the `count` of workers", value: workers.count });
  checkCount({ what: "`creditsPerSplit`", value: creditsPerSplit });
  if (options.restart !== undefined) checkRestart(options.restart);
  if (checkpoints !== undefined) {
    checkObject({
      what: "the `store` of checkpoints",
      value: checkpoints.store,
      expected: "what `folderSnapshots` or `memorySnapshots` gives, or a store of one's own",
    });
  }
  if (checkpoints?.intervalMs !== undefined) {
    checkDuration({ what: "the `intervalMs` of checkpoints", value: checkpoints.intervalMs });
  }
  checkNonNegativeDuration({ what: "the `minPauseMs` of checkpoints", value: checkpoints?.minPauseMs ?? 0 });
  if (restoreFrom !== undefined) checkJobSnapshot(restoreFrom);
  if (plan.mode === "batch" && restoreFrom !== undefined) throw batchFromSavepoint();
  if (checkpoints === undefined) checkNeedless(plan);
}

/** Without checkpoints, transactions are committed at the end, so there has to be one. */
function checkNeedless({ sources, sinks }: JobPlan): void {
  const unbounded = sources.find(({ source }) => source.boundedness === "unbounded");
  const transactional = sinks.find(({ sink }) => "preCommit" in sink);
  if (unbounded === undefined || transactional === undefined) return;
  throw new UserError({
    code: "needs-checkpoints",
    message: `sink ${transactional.name} commits with checkpoints, and source ${unbounded.name} has no end; expected \`checkpoints\``,
    hint: "`execute(env, { checkpoints: { store: folderSnapshots({ folder }) } })`",
  });
}

function batchFromSavepoint(): UserError {
  return new UserError({
    code: "bad-argument",
    message: "a batch was to go on from a savepoint; expected one that begins with its input",
    hint: "run it as streaming, or without `restoreFrom`",
  });
}
