/** Which subtask of a keyed operator has which key groups: ranges that differ in length by one at most. */

import { KEY_GROUPS } from "../../core/key-group.ts";

/** The subtask, of `parallelism` many, that the key group belongs to. */
export function subtaskOf(group: number, parallelism: number): number {
  return Math.floor((group * parallelism) / KEY_GROUPS);
}
