/**
 * The automaton of a pattern, as data: states, and edges TAKE / IGNORE / PROCEED with guards. Compiled once per rule
 * version, shared by all keys, never changed. The words and the shape are Flink CEP's (`nfa/compiler`).
 */

import type { Expr } from "../lang/ast.ts";
import type { Compiled } from "../expr/types.ts";
import type { PatternDefinition, SkipDefinition } from "../lang/definition.ts";

/**
 * - TAKE: the event joins the match, and the partial match moves on
 * - IGNORE: the event is passed over
 * - PROCEED: move without consuming; the same event is then tried at the target
 */
export type Action = "TAKE" | "IGNORE" | "PROCEED";

/** A condition that guards use: a stage's `where`, an `until`, or a conjunction of those. */
export interface Condition {
  readonly test: Compiled<boolean>;
  /** Does it read earlier events of the match? Otherwise its value is the same for every partial match at one event. */
  readonly iterative: boolean;
  /** How a person would write it; for graphs. */
  readonly source: ConditionSource;
}

export type ConditionSource =
  | { readonly kind: "where" | "until"; readonly stage: string; readonly expr: Expr }
  | { readonly kind: "all"; readonly guard: Guard };

/** A condition or its negation. */
export interface Literal {
  /** Index into `Nfa.conditions`. */
  readonly condition: number;
  readonly negated: boolean;
}

/** All literals must hold; the empty guard always does. */
export type Guard = readonly Literal[];

/**
 * Greatest time since the last event taken, exclusive, ms, by the stage that took it: the gap of a group counts only until
 * the pass has its first event. Null: any time.
 */
export type Gaps = readonly number[] | null;

/** The limit after an event that `stage` took; `Infinity` for none. */
export function gapAfter(gaps: Gaps, stage: number): number {
  return gaps === null ? Infinity : gaps[stage]!;
}

export interface Edge {
  readonly action: Action;
  readonly target: number;
  readonly guard: Guard;
  /** TAKE only: how long may have passed since the event before. */
  readonly gaps: Gaps;
  /** Edges to the stop state only: what must not come. */
  readonly forbids: Prohibition | null;
}

/** A `not` stage on an edge to the stop state. */
export interface Prohibition {
  /** Index of the `notFollowedBy` or `notNext`. */
  readonly stage: number;
  /** In force by the stage that took the last event: until one after it has. Null: always. */
  readonly after: readonly boolean[] | null;
}

/**
 * - `normal`: waits for a stage
 * - `pending`: waits for the absence of a trailing `notFollowedBy`; completes when its time runs out
 * - `final`: the match is complete
 * - `stop`: a forbidden event came; the partial match is given up
 */
export type StateKind = "normal" | "pending" | "final" | "stop";

export interface NfaState {
  readonly id: number;
  readonly kind: StateKind;
  /** The stage's name, `name:1`, `name:2`, ... for its further states. */
  readonly name: string;
  /** Index of the stage that the state waits for, and whose TAKE edges these are; -1 for the final and the stop state. */
  readonly stage: number;
  readonly edges: readonly Edge[];
  /** How long after the last event something can still be taken from here; a pending state: how long it waits. */
  readonly gaps: Gaps;
  /** PROCEED edges lead from here to the final or a pending state. */
  readonly mayComplete: boolean;
  /** PROCEED edges lead from here to the stop state. */
  readonly mayStop: boolean;
  /** A trailing absence runs beside this state for the same events, so that running out of time is not a timeout (S4.10). */
  readonly absenceBeside: boolean;
}

export interface Nfa {
  readonly states: readonly NfaState[];
  readonly start: number;
  readonly conditions: readonly Condition[];
  /** Names of the stages, in the text's order: `NfaState.stage` and matched events index it. */
  readonly stages: readonly string[];
  /** `Infinity` without `within`. */
  readonly withinMs: number;
  readonly skip: SkipDefinition;
  /** How far the last event of what comes out may lie behind the time at which it does, ms; `Infinity` where that is open. */
  readonly releaseLagMs: number;
  readonly pattern: PatternDefinition;
}
