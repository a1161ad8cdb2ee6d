/** What shards tell of themselves with each answer, so that whoever asks about rules and streams sees the sum of all. */

import type { Job } from "../job.ts";
import { addCounters, type RuleCounters } from "../rules/rule-counters.ts";

export interface BranchFigures {
  readonly counters: RuleCounters;
  readonly faults: number;
  readonly keys: number;
  readonly windows: number;
  readonly partialMatches: number;
}

export interface ShardFigures {
  readonly branches: readonly (readonly [branch: string, figures: BranchFigures])[];
  /** The least watermark of each stream that would bring something about. */
  readonly deadlines: readonly (readonly [stream: string, deadline: number | null])[];
}

export function branchFigures(job: Job, branch: string): BranchFigures {
  const { runtime, partialMatches } = job.branch(branch);
  const { counters, context } = runtime;
  const { keys, windows } = job.heldBy(branch);
  return { counters: { ...counters }, faults: context.faults, keys, windows, partialMatches };
}

/** What other shards have told last. Mutable. */
export class FiguresElsewhere {
  readonly #branches: Map<string, BranchFigures>[] = [];
  readonly #deadlines: Map<string, number | null>[] = [];

  /** By shard; of branches, those that are not as they were. */
  heard(shards: readonly ShardFigures[]): void {
    for (const [index, { branches, deadlines }] of shards.entries()) {
      const known = (this.#branches[index] ??= new Map<string, BranchFigures>());
      for (const [branch, figures] of branches) known.set(branch, figures);
      this.#deadlines[index] = new Map(deadlines);
    }
  }

  /** Together with one's own. */
  ofBranch(branch: string, own: BranchFigures): BranchFigures {
    return this.#branches.reduce((sum, known) => sumOf(sum, known.get(branch)), own);
  }

  nextDeadline(stream: string, own: number | null): number | null {
    return this.#deadlines.reduce((least, known) => lesser(least, known.get(stream) ?? null), own);
  }
}

function sumOf(a: BranchFigures, b: BranchFigures | undefined): BranchFigures {
  if (b === undefined) return a;
  return {
    counters: addCounters(a.counters, b.counters),
    faults: a.faults + b.faults,
    keys: a.keys + b.keys,
    windows: a.windows + b.windows,
    partialMatches: a.partialMatches + b.partialMatches,
  };
}

function lesser(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
