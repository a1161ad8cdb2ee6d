/** What an engine has become at a barrier, to be written down while records go on: nothing in it changes with what comes later. */

import type { CaptureChoice, TaskCapture } from "../../stream/task/task-snapshot.ts";
import type { EngineSnapshot, StreamSnapshot } from "./snapshot.ts";
import type { SuppressionChanges } from "../rules/suppression.ts";

export interface EngineCapture extends KeyedCapture, Pick<EngineSnapshot, "versions" | "origins"> {
  readonly streams: readonly Omit<StreamSnapshot, "door">[];
  /** Null where they are not wanted. */
  readonly lists: EngineSnapshot["lists"] | null;
  readonly suppression: SuppressionChanges;
}

/** What keyed work has made: all that a shard has to tell. */
export interface KeyedCapture extends Pick<EngineSnapshot, "rules" | "draining"> {
  readonly job: TaskCapture | null;
}

/** Of what is large, what is wanted. */
export interface EngineCaptureChoice {
  /** By how often lists have changed. */
  readonly lists: (changes: number) => boolean;
  readonly isSuppressionWhole: boolean;
  readonly keys: CaptureChoice;
}
