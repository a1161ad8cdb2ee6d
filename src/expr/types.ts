/** The types that expressions meet the rest by: values, what an expression may read, and what compiling one gives. */

import type { Event, Json } from "../core/event.ts";
import type { Expr } from "../lang/ast.ts";
import type { FieldType, ObjectType } from "../lang/definition.ts";

/** What an expression gives. Missing is null, never `undefined`; a number is always finite. */
export type Value = Json;

/** The events matched so far, newest first: a persistent list that partial matches share (D4). */
export interface MatchedEvents {
  /** Index of the stage that took the event, in the order of `stageNames`. */
  readonly stage: number;
  readonly event: Event;
  readonly previous: MatchedEvents | null;
}

/** Named lists for `in list("...")`. */
export interface NamedLists {
  has(list: string, value: Value): boolean;
}

/** What a window has come to when it fires: what a window rule says about it reads this, and no event. */
export interface WindowFiring {
  /** As alerts show it: the value of `key by`, an array where it names several, null where there is none. */
  readonly key: Value;
  /** The results of the rule's aggregates, as `WindowAggregates` gives them. */
  readonly results: readonly Value[];
  /** Epoch milliseconds, the end exclusive; null for windows that have none (count, global). */
  readonly start: number | null;
  readonly end: number | null;
}

/** What an expression reads while it runs. One mutable object per rule, reused for each event: evaluation never keeps it. */
export interface EvalContext {
  /** The event being tested; in `emit`, the match's last event. */
  event: Event;
  /** Events taken so far (`event` is not among them while a condition is tested). */
  matched: MatchedEvents | null;
  /** The window that fires; null but in what a window rule says about it. */
  window: WindowFiring | null;
  /** The event time that the engine has advanced to, epoch milliseconds. */
  now: number;
  lists: NamedLists;
  /** Evaluation faults so far: comparisons of wrong types. Only ever counted up. */
  faults: number;
}

export type Compiled<T = Value> = (context: EvalContext) => T;

/** What names mean to an expression. */
export interface Scope {
  /** Stage name → index; empty where no stage can be named (`from ... where`, `key by`). */
  readonly stages: ReadonlyMap<string, number>;
  /** Schema of the current event; null: any field. With several streams: the fields that one of them declares. */
  readonly schema: ObjectType | null;
  /** In window rules alone. */
  readonly window?: WindowScope;
}

/** Which part of a window rule an expression is: of one event at a time, or of what is said about a window that fires. */
export type WindowScope = { readonly kind: "event" } | FiringScope;

export interface FiringScope {
  readonly kind: "firing";
  /** The expressions of `key by`, in its order. */
  readonly keys: readonly Expr[];
  /** Where each aggregate's result stands in `WindowFiring.results`, by its name; empty where it is only checked. */
  readonly results: ReadonlyMap<string, number>;
}

/** The static type of an expression; `null` literal is `null`, a declared field keeps its `FieldType`. */
export type StaticType = FieldType | { readonly kind: "null" } | { readonly kind: "stage"; readonly index: number };
