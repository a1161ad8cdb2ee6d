/** A shard at work, wherever that is: it is asked, and answers, in order. What goes either way is plain data. Mutable. */

import { unreachable } from "../core/assert.ts";
import type { Json } from "../core/event.ts";
import type { KeySnapshot } from "../stream/snapshot.ts";
import { NOTHING, type Answer } from "./answer.ts";
import { Engine } from "./engine.ts";
import type { LogRecord } from "./log-record.ts";
import { shardOf } from "./shard.ts";
import type { BranchFigures, ShardFigures } from "./shard-figures.ts";
import type { EngineSnapshot } from "./snapshot.ts";

/** Which of how many, and what it goes on from: its share. */
export interface ShardWork {
  readonly index: number;
  readonly count: number;
  readonly snapshot: EngineSnapshot | null;
}

export type ShardRequest =
  /** Records as JSON: one text is cheaper to send than many objects. */
  | { readonly kind: "advance"; readonly records: string }
  | { readonly kind: "key"; readonly branch: string; readonly key: Json };

export type ShardReply =
  | {
      readonly kind: "advanced";
      /** By the record's place in the chunk; of those that have one that says something. */
      readonly answers: readonly (readonly [index: number, answer: Answer])[];
      readonly figures: ShardFigures;
    }
  /** The engine could not take the record at this place in the chunk. */
  | { readonly kind: "failed"; readonly index: number; readonly error: unknown }
  | { readonly kind: "key"; readonly snapshot: KeySnapshot | null };

export class ShardWorker {
  readonly #engine: Engine;
  readonly #told = new Map<string, BranchFigures>();

  constructor({ index, count, snapshot }: ShardWork) {
    this.#engine = new Engine({ shard: shardOf(index, count) });
    if (snapshot !== null) this.#engine.restore(snapshot);
  }

  asked(request: ShardRequest): ShardReply {
    switch (request.kind) {
      case "advance":
        return this.#advance(JSON.parse(request.records) as readonly LogRecord[]);
      case "key":
        return { kind: "key", snapshot: this.#engine.job.keySnapshot(request.branch, request.key) };
      default:
        return unreachable(request);
    }
  }

  #advance(records: readonly LogRecord[]): ShardReply {
    const answers: [number, Answer][] = [];
    for (const [index, record] of records.entries()) {
      try {
        const answer = this.#engine.advance(record);
        if (answer !== NOTHING) answers.push([index, answer]);
      } catch (error) {
        return { kind: "failed", index, error };
      }
    }
    return { kind: "advanced", answers, figures: this.#news() };
  }

  /** Of branches, those that have changed since they were last told of: there may be many. */
  #news(): ShardFigures {
    const { branches, deadlines } = this.#engine.figures();
    const news = branches.filter(([branch, figures]) => !isSame(figures, this.#told.get(branch)));
    for (const [branch, figures] of news) this.#told.set(branch, figures);
    return { branches: news, deadlines };
  }
}

function isSame(a: BranchFigures, b: BranchFigures | undefined): boolean {
  if (b === undefined || a.faults !== b.faults) return false;
  if (a.keys !== b.keys || a.windows !== b.windows || a.partialMatches !== b.partialMatches) return false;
  return (Object.keys(a.counters) as (keyof typeof a.counters)[]).every(
    (name) => a.counters[name] === b.counters[name],
  );
}
