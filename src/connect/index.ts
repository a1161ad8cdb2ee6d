/** The stream library's rim: what runs a graph between sources and sinks of the real world. */

export type { CheckpointOptions, CheckpointStatus } from "./checkpointing.ts";
export { csvFile, type CsvColumns, type CsvFileOptions } from "./csv-file.ts";
export { csvBoolean, csvNumber, csvOptional, csvText, csvTime, type CsvType } from "./csv-types.ts";
export type { CsvDialect } from "./csv.ts";
export type { EdgeStatus } from "./edge-status.ts";
export { execute, type ExecuteOptions } from "./execute.ts";
export { fileSink, type FileSinkOptions, type FileTransaction } from "./file-sink.ts";
export type { FileOptions } from "./file-source.ts";
export { folderSnapshots, type FolderSnapshotsOptions } from "./folder-snapshots.ts";
export type { Job, JobResult, JobState, JobStatus } from "./job.ts";
export { JobFailure } from "./job-failure.ts";
export type { JobSnapshot, SplitProgress } from "./job-snapshot.ts";
export { logSource, type LoggedRecord, type LogSourceOptions, type ReadableLog } from "./log-source.ts";
export { memorySnapshots } from "./memory-snapshots.ts";
export { fromArray, fromIterable, type Iteration } from "./memory-source.ts";
export { ndjsonFile, type NdjsonFileOptions } from "./ndjson-file.ts";
export { callbackSink, consoleSink, type ConsoleSinkOptions } from "./plain-sinks.ts";
export type { RequestedMode } from "./plan.ts";
export { rollingFileSink, type RollingFileSinkOptions } from "./rolling-file-sink.ts";
export { sequence, type SequenceOptions } from "./sequence.ts";
export type { SnapshotStore } from "./snapshot-store.ts";
export { socketLines, type SocketLinesOptions } from "./socket-lines.ts";
export { systemClock, type JobClock } from "./system-clock.ts";
export { csvFormat, lineFormat, ndjsonFormat, type CsvFormatOptions, type TextFormat } from "./text-format.ts";
export type { WorkersOptions } from "./workers/crew.ts";
export type { ValueEncoding } from "./workers/parcel.ts";
export type { Program } from "./workers/program.ts";
