/**
 * A snapshot: everything the engine has become, as JSON. Restored, the engine goes on as if nothing had been. It is a promise:
 * a format once written stays readable, so a change of these types is a new format.
 */

import { UserError } from "../core/errors.ts";
import type { TimeSnapshot } from "../core/time.ts";
import type { Json } from "../core/event.ts";
import type { KeyStateSnapshot, MatchTable } from "../nfa/snapshot.ts";
import type { ListValue } from "./log-record.ts";
import type { RuleCounters } from "./rule-counters.ts";
import type { SuppressionSnapshot } from "./suppression.ts";

export const SNAPSHOT_FORMAT = 1;

export interface EngineSnapshot {
  readonly format: typeof SNAPSHOT_FORMAT;
  /** The offset after the last record applied. */
  readonly nextOffset: number;
  readonly streams: readonly StreamSnapshot[];
  readonly inputs: readonly InputSnapshot[];
  readonly rules: readonly RuleSnapshot[];
  /** Last version of every rule there ever was. */
  readonly versions: readonly (readonly [rule: string, version: number])[];
  /** Text last loaded from each rule file. */
  readonly origins: readonly (readonly [origin: string, source: string])[];
  readonly lists: readonly (readonly [list: string, values: readonly ListValue[]])[];
  readonly suppression: SuppressionSnapshot;
  /** Shared by all keys of all rules. */
  readonly matches: MatchTable;
}

export interface StreamSnapshot {
  readonly name: string;
  /** The block's text; empty for a stream that is only named by a rule. */
  readonly source: string;
  readonly watermark: TimeSnapshot;
  readonly partitions: readonly (readonly [partition: string, watermark: TimeSnapshot])[];
  readonly ended: boolean;
  readonly events: number;
  readonly late: number;
  readonly door: DoorSnapshot | null;
}

export interface DoorSnapshot {
  readonly lastArrival: number;
  readonly greatest: TimeSnapshot;
  readonly identities: readonly (readonly [id: string, time: number])[];
}

export interface InputSnapshot {
  readonly streams: readonly string[];
  readonly watermark: TimeSnapshot;
  /** Indices into the table of events. */
  readonly waiting: readonly number[];
}

export interface RuleSnapshot {
  readonly source: string;
  readonly name: string;
  readonly version: number;
  readonly activeFrom: number;
  readonly counters: RuleCounters;
  readonly faults: number;
  /** Key groups whose cap is hit. */
  readonly cappedGroups: readonly number[];
  readonly keys: readonly KeySnapshot[];
}

export interface KeySnapshot {
  readonly key: Json;
  readonly state: KeyStateSnapshot;
}

/** UserError `foreign-snapshot` for what this version cannot read. */
export function requireFormat(snapshot: { readonly format?: unknown }): void {
  if (snapshot.format === SNAPSHOT_FORMAT) return;
  throw new UserError({
    code: "foreign-snapshot",
    message: `expected a snapshot of format ${SNAPSHOT_FORMAT}, found ${JSON.stringify(snapshot.format) ?? "none"}`,
    hint: "take it with this version, or read it with the version that wrote it",
  });
}
