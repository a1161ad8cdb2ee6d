/** The stream library's rim: what runs a graph between sources and sinks of the real world. */

export type { CheckpointOptions, CheckpointStatus } from "./checkpointing.ts";
export type { EdgeStatus } from "./edge-status.ts";
export { execute, type ExecuteOptions } from "./execute.ts";
export { folderSnapshots, type FolderSnapshotsOptions } from "./folder-snapshots.ts";
export type { Job, JobResult, JobState, JobStatus } from "./job.ts";
export { JobFailure } from "./job-failure.ts";
export type { JobSnapshot, SplitProgress } from "./job-snapshot.ts";
export { memorySnapshots } from "./memory-snapshots.ts";
export { fromArray, fromIterable, type Iteration } from "./memory-source.ts";
export type { RequestedMode } from "./plan.ts";
export { sequence, type SequenceOptions } from "./sequence.ts";
export type { SnapshotStore } from "./snapshot-store.ts";
export { systemClock, type JobClock } from "./system-clock.ts";
export type { WorkersOptions } from "./workers/crew.ts";
export type { Program } from "./workers/program.ts";
