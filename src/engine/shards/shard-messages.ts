/** What a shard is begun with, what it is asked, and what it replies: plain data, which goes from thread to thread. */

import type { Json } from "../../core/event.ts";
import type { KeySnapshot } from "../../stream/task/snapshot.ts";
import type { Answer } from "./answer.ts";
import type { CapturePlan } from "../checkpoint/capture-plan.ts";
import type { ReadPart } from "../checkpoint/checkpoint-parts.ts";
import type { EncodedPart } from "../checkpoint/part-text.ts";
import { shardOf } from "./shard.ts";
import type { ShardFigures } from "./shard-figures.ts";
import type { ShardNote } from "./shard-snapshot.ts";
import type { EngineSnapshot } from "../checkpoint/snapshot.ts";

/** Which of how many, and what it goes on from. */
export interface ShardWork {
  readonly index: number;
  readonly count: number;
  readonly start: ShardStart | null;
}

export interface ShardStart {
  /** Of all keyed work, without the keys. */
  readonly snapshot: EngineSnapshot;
  /** The keys, its own among them: it decodes them itself. */
  readonly keys: readonly ReadPart[];
}

export type ShardRequest =
  /** Records as JSON: one text is cheaper to send than many objects. */
  | { readonly kind: "advance"; readonly records: string }
  | { readonly kind: "figures" }
  | { readonly kind: "key"; readonly branch: string; readonly key: Json }
  /** A barrier. */
  | { readonly kind: "capture"; readonly plan: CapturePlan }
  /** To go on with what has been captured; some of it is encoded between records too. */
  | { readonly kind: "encode" }
  | { readonly kind: "settle"; readonly isSaved: boolean };

export type ShardReply =
  | {
      readonly kind: "advanced";
      /** By the record's place in the chunk; of those that have one that says something. */
      readonly answers: readonly (readonly [index: number, answer: Answer])[];
      readonly figures: ShardFigures;
    }
  /** The engine could not take the record at this place in the chunk. */
  | { readonly kind: "failed"; readonly index: number; readonly error: unknown }
  | { readonly kind: "figures"; readonly figures: ShardFigures }
  | { readonly kind: "key"; readonly snapshot: KeySnapshot | null }
  | { readonly kind: "captured"; readonly note: ShardNote }
  | { readonly kind: "encoded"; readonly parts: readonly EncodedPart[]; readonly isOver: boolean }
  | { readonly kind: "settled" };

/** What one shard is given of it. What nobody but the engine that settles looks at is left out. */
export function startOf({ snapshot, keys }: ShardStart, { index, count }: Omit<ShardWork, "start">): ShardStart {
  const shard = shardOf(index, count);
  return {
    snapshot: { ...snapshot, suppression: [] },
    keys: keys.filter(({ part: { keyGroup } }) => keyGroup === null || shard.ownsGroup(keyGroup)),
  };
}

/** Memory that can be given away with a message instead of being copied. */
export function buffersOf(message: ShardReply): readonly ArrayBuffer[] {
  if (message.kind !== "encoded") return [];
  return message.parts.flatMap(({ chunks }) => chunks.map(({ body }) => body.buffer as ArrayBuffer));
}
