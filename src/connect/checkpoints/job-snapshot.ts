/** A checkpoint of a job: what its task has become, how far each split has been read, and what its sinks have ready to commit. */

import { UserError } from "../../core/errors.ts";
import type { Json } from "../../core/event.ts";
import type { TaskSnapshot } from "../../stream/index.ts";
import type { JobPlan } from "../plan.ts";

/** Grows when the shape changes. */
export const JOB_SNAPSHOT_FORMAT = 1;

export interface JobSnapshot {
  readonly format: number;
  /** 1, 2, ... in the order in which they were taken. */
  readonly id: number;
  readonly task: TaskSnapshot;
  /** By source and split. */
  readonly sources: Readonly<Record<string, Readonly<Record<string, SplitProgress>>>>;
  /** By sink: transactions that are ready, and not known to be committed. */
  readonly sinks: Readonly<Record<string, readonly Json[]>>;
}

export interface SplitProgress {
  /** Where reading goes on; null for the beginning. */
  readonly position: Json;
  readonly isEnded: boolean;
}

export const BEGINNING: SplitProgress = { position: null, isEnded: false };

/** UserError `foreign-snapshot` for a format that is not ours. */
export function checkJobSnapshot(snapshot: { readonly format?: unknown }): void {
  if (snapshot.format === JOB_SNAPSHOT_FORMAT) return;
  throw new UserError({
    code: "foreign-snapshot",
    message: `the checkpoint has format ${JSON.stringify(snapshot.format)}; expected ${JOB_SNAPSHOT_FORMAT}`,
    hint: "restore it with the version that took it",
  });
}

/**
 * Nothing of it may be without an owner: a source that has been read, transactions that are to be committed. UserError
 * `unknown-operator`, unless state may be dropped.
 */
export function checkFits(
  { sources, sinks }: JobSnapshot,
  { mayDropState, ...plan }: Pick<JobPlan, "sources" | "sinks"> & { readonly mayDropState: boolean },
): void {
  if (mayDropState) return;
  const known = new Set([...plan.sources, ...plan.sinks].map(({ name }) => name));
  const ready = Object.entries(sinks).flatMap(([name, transactions]) => (transactions.length === 0 ? [] : [name]));
  const gone = [...Object.keys(sources), ...ready].find((name) => !known.has(name));
  if (gone === undefined) return;
  throw new UserError({
    code: "unknown-operator",
    message: `the checkpoint has state of "${gone}", which the graph does not read or write any more`,
    hint: "name the source or sink so (`named`), or allow state to be dropped",
  });
}
