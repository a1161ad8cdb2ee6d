/** Checkpoints as the API shows them: times are texts. */

import { formatTime } from "../core/time.ts";
import type { CheckpointCounts, CompletedCheckpoint } from "../engine/checkpoint/checkpoint-coordinator.ts";

export function shownTaken(completed: CompletedCheckpoint): ShownCheckpoint {
  return { ...completed, takenAt: formatTime(completed.takenAt) };
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
