/**
 * A record of the log: one thing that can change an outcome. The engine is a function of these and of nothing else, so
 * whatever decides (an event's time, its identity, a rule's text) is in the record and is not worked out again.
 */

import type { JsonObject } from "../../core/event.ts";

export type LogRecord =
  | EventRecord
  | WatermarkRecord
  | TickRecord
  | RulesRecord
  | RuleRemovedRecord
  | RulePausedRecord
  | RuleResumedRecord
  | ListRecord
  | RestoredRecord;

export interface EventRecord {
  readonly kind: "event";
  readonly offset: number;
  readonly stream: string;
  /** Event time, epoch milliseconds, as the stream's definition told it when the event was accepted. */
  readonly time: number;
  /** Time of arrival, epoch milliseconds. */
  readonly at: number;
  /** The declared identity; absent where the stream declares none. */
  readonly id?: string;
  /** Source partition; absent for the one that HTTP is. */
  readonly partition?: string;
  readonly data: JsonObject;
}

/** Event time of a stream advances to `time`, inclusive; `"end"` closes the stream until it is put again. */
export interface WatermarkRecord {
  readonly kind: "watermark";
  readonly offset: number;
  readonly stream: string;
  readonly time: number | "end";
}

/**
 * The clock ticked on while a stream was silent. Its partitions hold time back no longer; with `time`, the whole stream was silent,
 * and its event time advances to there, inclusive.
 */
export interface TickRecord {
  readonly kind: "tick";
  readonly offset: number;
  readonly stream: string;
  /** Partitions that have fallen silent since they last spoke. */
  readonly idle: readonly string[];
  readonly time?: number;
}

/** What becomes of what a rule has begun when another text takes its place that matches otherwise: it is dropped, or let finish. */
export type OnChange = "drop" | "drain";

/** A rule file: all its blocks become active here, for every key. */
export interface RulesRecord {
  readonly kind: "rules";
  readonly offset: number;
  readonly source: string;
  /** The file under `rules/` it was loaded from, so that a restart does not undo a later change; absent for a POST. */
  readonly origin?: string;
  /** Default: `drop`. */
  readonly onChange?: OnChange;
}

export interface RuleRemovedRecord {
  readonly kind: "ruleRemoved";
  readonly offset: number;
  readonly name: string;
}

/** From here on the rule takes no events, and its time stands still. */
export interface RulePausedRecord {
  readonly kind: "rulePaused";
  readonly offset: number;
  readonly name: string;
}

/** It goes on; what became due meanwhile is dropped. */
export interface RuleResumedRecord {
  readonly kind: "ruleResumed";
  readonly offset: number;
  readonly name: string;
}

export type ListValue = string | number | boolean;

/** A named list is put, changed (what is removed goes first) or removed. */
export interface ListRecord {
  readonly kind: "list";
  readonly offset: number;
  readonly name: string;
  readonly change: ListChange;
}

export type ListChange =
  | { readonly put: readonly ListValue[] }
  | { readonly add: readonly ListValue[]; readonly remove: readonly ListValue[] }
  | { readonly removed: true };

/**
 * A savepoint was restored: from here on the engine is what it was when that was made, and what came since counts no more. Whoever
 * reads the log makes the engine anew here.
 */
export interface RestoredRecord {
  readonly kind: "restored";
  readonly offset: number;
  /** The savepoint's. */
  readonly id: number;
  readonly name: string;
}

type WithoutOffset<T> = T extends LogRecord ? Omit<T, "offset"> : never;

/** A record before the log has given it its place. */
export type UnloggedRecord = WithoutOffset<LogRecord>;
