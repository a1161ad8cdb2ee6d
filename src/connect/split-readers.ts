/** All splits that a job reads: whose turn it is, who is silent, and how far each has come. Mutable. */

import { UserError } from "../core/errors.ts";
import { ownProperty } from "../core/own-property.ts";
import type { SourceInput } from "../stream/index.ts";
import type { EdgeStatus } from "./edge-status.ts";
import type { GraphRun } from "./graph-run.ts";
import { BEGINNING, type JobSnapshot, type SplitProgress } from "./checkpoints/job-snapshot.ts";
import type { PlannedSource } from "./plan.ts";
import { SplitReader } from "./split-reader.ts";
import type { JobClock } from "./system-clock.ts";

export interface SplitReadersOptions {
  readonly sources: readonly PlannedSource[];
  /** Where reading goes on. */
  readonly progress: JobSnapshot["sources"];
  readonly run: GraphRun;
  readonly credits: number;
  readonly clock: JobClock;
  /** Something has come. */
  readonly arrived: () => void;
  readonly failed: (place: string, error: unknown) => void;
}

/** A split, and the way from it into the task. */
export interface Split {
  readonly source: string;
  readonly name: string;
  readonly idleAfterMs: number | null;
  readonly reader: SplitReader;
  readonly input: SourceInput<unknown>;
}

export class SplitReaders {
  readonly #splits: readonly Split[];
  /** Those of which there is more to come. */
  #open: readonly Split[];
  /** Whose turn it is among them. */
  #turn = 0;

  private constructor(splits: readonly Split[]) {
    this.#splits = splits;
    this.#open = splits;
  }

  /** Nothing is read before `start`. UserError `no-split`, `duplicate-split`, `unknown-split`. */
  static async of(options: SplitReadersOptions): Promise<SplitReaders> {
    const splits: Split[] = [];
    for (const planned of options.sources) {
      const names = await planned.source.splits();
      checkSplits(planned, { names, known: Object.keys(ownProperty(options.progress, planned.name) ?? {}) });
      for (const name of names) splits.push(split(planned, name, options));
    }
    return new SplitReaders(splits);
  }

  start(): void {
    for (const { reader } of this.#splits) reader.start();
  }

  stop(): void {
    for (const { reader } of this.#splits) reader.stop();
  }

  get areAllEnded(): boolean {
    return this.#open.length === 0;
  }

  /** The next that has a batch, or has come to its end; each has its turn. Null where all are waiting for their sources. */
  next(): Split | null {
    for (let i = 0; i < this.#open.length; i++) {
      const at = (this.#turn + i) % this.#open.length;
      const { reader } = this.#open[at]!;
      if (!reader.hasBatch && !reader.isDrained) continue;
      this.#turn = at + 1;
      return this.#open[at]!;
    }
    return null;
  }

  /** All of it has gone through the task. */
  ended(split: Split): void {
    split.reader.ended();
    this.#open = this.#open.filter((other) => other !== split);
  }

  /** Those that have been silent for as long as makes them idle. */
  silent(): readonly Split[] {
    return this.#open.filter(({ reader, idleAfterMs }) => idleAfterMs !== null && reader.silentMs >= idleAfterMs);
  }

  progress(): JobSnapshot["sources"] {
    const bySource = new Map<string, [split: string, progress: SplitProgress][]>();
    for (const { source } of this.#splits) bySource.set(source, []);
    for (const { source, name, reader } of this.#splits) bySource.get(source)!.push([name, reader.progress]);
    // Names are users': what is entered has `__proto__` as one, and what is assigned would not.
    return Object.fromEntries([...bySource].map(([source, splits]) => [source, Object.fromEntries(splits)]));
  }

  status(): readonly EdgeStatus[] {
    return this.#splits.map(({ reader }) => reader.status());
  }
}

function split(
  { name: source, source: from, idleAfterMs }: PlannedSource,
  name: string,
  { progress, run, credits, clock, arrived, failed }: SplitReadersOptions,
): Split {
  const reader = new SplitReader({
    name: source,
    split: name,
    source: from,
    progress: ownProperty(ownProperty(progress, source) ?? {}, name) ?? BEGINNING,
    credits,
    clock,
    arrived,
    failed,
  });
  return { source, name, idleAfterMs, reader, input: run.input(source, name) };
}

function checkSplits(
  { name, source }: PlannedSource,
  { names, known }: { names: readonly string[]; known: readonly string[] },
): void {
  if (names.length === 0) {
    throw new UserError({
      code: "no-split",
      message: `source ${name} (${source.does}) has no split; expected at least one`,
    });
  }
  const again = names.find((split, at) => names.indexOf(split) !== at);
  if (again !== undefined) {
    throw new UserError({
      code: "duplicate-split",
      message: `source ${name} (${source.does}) has two splits ${JSON.stringify(again)}; expected each name once`,
      hint: "checkpoints find by it how far a split has been read",
    });
  }
  const gone = known.find((split) => !names.includes(split));
  if (gone === undefined) return;
  throw new UserError({
    code: "unknown-split",
    message: `source ${name} (${source.does}) has no split ${JSON.stringify(gone)}, which the checkpoint has read from`,
    hint: `its splits are ${names.map((split) => JSON.stringify(split)).join(", ")}: give it all that it had before`,
  });
}
