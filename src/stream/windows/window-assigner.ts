/** A window assigner: says to which windows a record belongs. */

import type { TimeDomain } from "../time/timer-queue.ts";
import type { Trigger } from "./trigger.ts";
import type { Window } from "./window.ts";

export interface WindowAssigner<T> {
  /** For the graph: `tumbling 10m`. */
  readonly name: string;
  readonly time: TimeDomain;
  /** Windows of a key that touch become one. */
  readonly merges: boolean;
  /** Fires the windows that say no trigger of their own; null for windows without an end. */
  readonly defaultTrigger: Trigger<unknown> | null;
  /**
   * `time` is the record's timestamp, or processing time, as the assigner says. Windows of one key are told apart by their
   * ends: no two that do not merge may share one.
   */
  assign(value: T, time: number): readonly Window[];
}
