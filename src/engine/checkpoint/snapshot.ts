/**
 * A snapshot: everything the engine has become, as JSON. Restored, the engine goes on as if nothing had been. It is a promise:
 * a format once written stays readable, so a change of these types is a new format.
 */

import { UserError } from "../../core/errors.ts";
import type { TimeSnapshot } from "../../core/time.ts";
import type { TaskSnapshot } from "../../stream/task/snapshot.ts";
import type { ListValue } from "../log/log-record.ts";
import type { RuleCounters } from "../rules/rule-counters.ts";
import type { RuleVersion } from "../rules/rule-version.ts";
import type { SuppressionSnapshot } from "../rules/suppression.ts";

export const SNAPSHOT_FORMAT = 2;

export interface EngineSnapshot {
  readonly format: typeof SNAPSHOT_FORMAT;
  /** The offset after the last record applied. */
  readonly nextOffset: number;
  readonly streams: readonly StreamSnapshot[];
  readonly rules: readonly RuleSnapshot[];
  /** Replaced versions that are let finish what they had begun. */
  readonly draining: readonly DrainingSnapshot[];
  /** Every version of every rule there ever was. */
  readonly versions: readonly (readonly [rule: string, versions: readonly RuleVersion[]])[];
  /** Text last loaded from each rule file. */
  readonly origins: readonly (readonly [origin: string, source: string])[];
  readonly lists: readonly (readonly [list: string, values: readonly ListValue[]])[];
  readonly suppression: SuppressionSnapshot;
  /** Time, waiting events, and all that is kept by key; null before there is a stream. */
  readonly job: TaskSnapshot | null;
}

export interface StreamSnapshot {
  readonly name: string;
  /** The block's text; empty for a stream that is only named by a rule. */
  readonly source: string;
  readonly ended: boolean;
  readonly events: number;
  readonly late: number;
  /** The event with the greatest time; absent or null before the first. */
  readonly newest?: { readonly time: number; readonly at: number } | null;
  /** Absent in snapshots from before there were ticks. */
  readonly partitions?: readonly { readonly name: string; readonly lastArrival: number; readonly idle: boolean }[];
  readonly door: DoorSnapshot | null;
}

export interface DoorSnapshot {
  readonly lastArrival: number;
  readonly greatest: TimeSnapshot;
  readonly identities: readonly (readonly [id: string, time: number])[];
}

/** A rule version's part of the job: its state is in there, under the branch's name. */
export interface BranchSnapshot {
  /** The rule's. */
  readonly name: string;
  readonly branch: string;
  readonly source: string;
  readonly version: number;
  /** How often the time of its streams has begun anew; absent for never. */
  readonly generation?: number;
  readonly counters: RuleCounters;
  readonly faults: number;
}

export interface RuleSnapshot extends BranchSnapshot {
  readonly activeFrom: number;
  readonly isPaused: boolean;
}

export interface DrainingSnapshot extends BranchSnapshot {
  /** Event time. */
  readonly until: number;
}

export function foreignSnapshot({ format }: { readonly format?: unknown }): UserError {
  return new UserError({
    code: "foreign-snapshot",
    message: `expected a snapshot of format 1 or ${SNAPSHOT_FORMAT}, found ${JSON.stringify(format) ?? "none"}`,
    hint: "take it with this version, or read it with the version that wrote it",
  });
}
