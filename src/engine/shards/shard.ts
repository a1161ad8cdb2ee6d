/**
 * A shard: the part of all keyed work that one engine does. Every shard applies every record of the log, so that streams, time and
 * rules are the same in all of them; keys belong to one each, by key group. What is no key's is counted by the first shard only, so
 * that what shards count adds up to what one engine would (S9.22).
 */

import type { Json } from "../../core/event.ts";
import { keyGroup } from "../../core/key-group.ts";
import { subtaskOf } from "../../stream/state/key-group-range.ts";

export interface Shard {
  ownsGroup(group: number): boolean;
  owns(key: Json): boolean;
  readonly isFirst: boolean;
}

/** All the work there is. */
export const WHOLE: Shard = { ownsGroup: () => true, owns: () => true, isFirst: true };

/** No keyed work at all: an engine that others do it for. */
export const NONE: Shard = { ownsGroup: () => false, owns: () => false, isFirst: false };

/** One of `count` shards, from 0: a range of key groups. */
export function shardOf(index: number, count: number): Shard {
  const ownsGroup = (group: number): boolean => subtaskOf(group, count) === index;
  return { ownsGroup, owns: (key) => ownsGroup(keyGroup(key)), isFirst: index === 0 };
}
