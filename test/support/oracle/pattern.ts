/**
 * The oracle's own picture of a pattern: what a rule's `pattern { }` says, with conditions as plain predicates. It
 * knows nothing of the parser or the automaton, so that an error there cannot hide here.
 */

import type { Contiguity } from "../../../src/lang/ast.ts";

/** Fields of the event, and its time. */
export interface OracleEvent {
  readonly ts: number;
  readonly [field: string]: unknown;
}

/** What a partial match has taken so far for a stage; empty for a stage not reached yet, never the event at hand. */
export type Taken = (stage: string) => readonly OracleEvent[];

export type Condition = (event: OracleEvent, taken: Taken) => boolean;

export interface OraclePattern {
  readonly stages: readonly OracleStage[];
  readonly withinMs: number | null;
  readonly skip: OracleSkip;
}

export type OracleSkip =
  | { readonly kind: "none" | "toNext" | "pastLastEvent" }
  | { readonly kind: "toFirst" | "toLast"; readonly stage: string; readonly orFail: boolean };

export type Skipping = "strict" | "relaxed" | "any";

export interface OracleStage {
  /** Null for a group. */
  readonly name: string | null;
  readonly contiguity: Contiguity;
  /** Always true for a group. */
  readonly where: Condition;
  /** Least and greatest number of occurrences; `to` is infinite for an open-ended loop. */
  readonly from: number;
  readonly to: number;
  readonly optional: boolean;
  readonly greedy: boolean;
  /** Contiguity between occurrences. */
  readonly inner: Skipping;
  readonly until: Condition | null;
  readonly gapMs: number | null;
  readonly group: readonly OracleStage[] | null;
}

/** Names of the stages that can take events, in the text's order: a stage's place here breaks the last tie of rule T. */
export function takingStages(stages: readonly OracleStage[]): string[] {
  return stages.flatMap((stage) => {
    if (stage.group !== null) return takingStages(stage.group);
    return stage.name === null || isNot(stage) ? [] : [stage.name];
  });
}

export function isNot(stage: OracleStage): boolean {
  return stage.contiguity === "notNext" || stage.contiguity === "notFollowedBy";
}
