/** Checkpoints as the API shows them: times are texts. */

import type { z } from "@hono/zod-openapi";
import { formatTime } from "../core/time.ts";
import type { CheckpointCounts, CompletedCheckpoint } from "../engine/checkpoint/checkpoint-coordinator.ts";
import type { CheckpointEntry } from "../engine/checkpoint/checkpoint-port.ts";
import type { SavepointDetail } from "../engine/checkpoint/savepoints.ts";
import type { checkpointListed, savepoint } from "./checkpoint-schemas.ts";

export function shownTaken(completed: CompletedCheckpoint): ShownCheckpoint {
  return { ...completed, takenAt: formatTime(completed.takenAt) };
}

export function shownEntry(entry: CheckpointEntry): z.infer<typeof checkpointListed> {
  const { id, kind, name } = entry;
  if ("fault" in entry) return { id, kind, name, fault: { code: entry.fault.code, message: entry.fault.message } };
  const { offset, takenAt, durationMs, bytes, keys, rules } = entry.summary;
  return { id, kind, name, offset, takenAt: formatTime(takenAt), durationMs, bytes, keys, rules };
}

export function shownSavepoint({
  id,
  name,
  offset,
  takenAt,
  rules,
  bytes,
  keys,
  sizes,
}: SavepointDetail): z.infer<typeof savepoint> {
  return { id, name: name!, offset, takenAt: formatTime(takenAt), rules, bytes, keys, sizes };
}

export function shownCounts({ last, lastFailure, ...counts }: CheckpointCounts): ShownCounts {
  return {
    ...counts,
    last: last === null ? null : shownTaken(last),
    lastFailure: lastFailure === null ? null : { ...lastFailure, at: formatTime(lastFailure.at) },
  };
}

type ShownCheckpoint = Omit<CompletedCheckpoint, "takenAt"> & { readonly takenAt: string };

interface ShownCounts extends Omit<CheckpointCounts, "last" | "lastFailure"> {
  readonly last: ShownCheckpoint | null;
  readonly lastFailure: { readonly at: string; readonly message: string } | null;
}
