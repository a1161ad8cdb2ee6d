/** How the records of a stream are divided among the subtasks that read it, and which subtask leads to which. */

import { unreachable } from "../../core/assert.ts";
import type { KeySelector } from "./key-selector.ts";

export type Partition =
  /** Not said: to the subtask of the same number where both sides have equally many, in turn otherwise. */
  | { readonly kind: "direct" }
  /** To the subtask of the same number: both sides must have equally many. */
  | { readonly kind: "forward" }
  /** To the subtask that has the key. */
  | { readonly kind: "key"; readonly key: KeySelector<unknown> }
  /** To every subtask. */
  | { readonly kind: "broadcast" }
  /** To all subtasks in turn. */
  | { readonly kind: "rebalance" }
  /** In turn to the few subtasks that are this one's share. */
  | { readonly kind: "rescale" }
  /** To any subtask, as a hash of the seed and a count has it: the same in every run. */
  | { readonly kind: "shuffle"; readonly seed: number }
  /** To the first subtask. */
  | { readonly kind: "global" }
  | CustomPartition;

export interface CustomPartition {
  readonly kind: "custom";
  /** The number of a subtask. */
  readonly subtaskOf: (value: unknown, parallelism: number) => number;
}

export const DIRECT: Partition = { kind: "direct" };

export function byKey<T>(key: KeySelector<T>): Partition {
  return { kind: "key", key };
}

/** So many subtasks that hand records to so many. */
export interface Link {
  readonly from: number;
  readonly to: number;
}

/** What a way that was not said comes to. */
export function settled(partition: Partition, { from, to }: Link): Exclude<Partition, { readonly kind: "direct" }> {
  if (partition.kind !== "direct") return partition;
  return { kind: from === to ? "forward" : "rebalance" };
}

/** The subtasks that one subtask reaches. */
export function reached(partition: Partition, { subtask, link }: { subtask: number; link: Link }): readonly number[] {
  const way = settled(partition, link);
  switch (way.kind) {
    case "forward":
      return [subtask];
    case "rescale":
      return shareOf(subtask, link);
    case "key":
    case "broadcast":
    case "rebalance":
    case "shuffle":
    case "global":
    case "custom":
      return Array.from({ length: link.to }, (_, to) => to);
    default:
      unreachable(way);
  }
}

/** Neighbours: each subtask has one, or a few of its own; they differ in number by one at most. */
function shareOf(subtask: number, { from, to }: Link): readonly number[] {
  if (to <= from) return [Math.floor((subtask * to) / from)];
  const all = Array.from({ length: to }, (_, target) => target);
  return all.filter((target) => Math.floor((target * from) / to) === subtask);
}
