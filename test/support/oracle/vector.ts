/** Match vectors (`test/vectors/match`): patterns and conditions as JSON, turned into the oracle's picture. */

import type { Contiguity } from "../../../src/lang/ast.ts";
import type { JsonCondition } from "./condition.ts";
import { conditionOf } from "./condition.ts";
import type { EmittedAt, OracleMatch } from "./oracle.ts";
import type { OracleEvent, OraclePattern, OracleSkip, OracleStage, Skipping } from "./pattern.ts";

export interface Vector {
  readonly id: string;
  readonly pattern: VectorPattern;
  readonly events: readonly { readonly ts: number; readonly event: Readonly<Record<string, unknown>> }[];
  readonly expected: readonly OracleMatch[];
  readonly emittedAt: readonly EmittedAt[];
  readonly timeouts?: readonly { readonly match: OracleMatch; readonly ts: number }[];
}

export interface VectorPattern {
  readonly stages: readonly VectorStage[];
  readonly withinMs: number | null;
  readonly skip: { readonly strategy: keyof typeof SKIPS; readonly pattern?: string; readonly throwOnMiss?: boolean };
}

export interface VectorStage {
  readonly name: string | null;
  readonly contiguity: Contiguity;
  readonly where?: JsonCondition | null;
  readonly until?: JsonCondition | null;
  readonly quantifier?: {
    readonly kind: "oneOrMore" | "times" | "timesOrMore";
    readonly from?: number;
    readonly to?: number;
  } | null;
  readonly optional?: boolean;
  readonly greedy?: boolean;
  readonly consecutive?: boolean;
  readonly allowCombinations?: boolean;
  readonly gapMs?: number | null;
  readonly group?: { readonly stages: readonly VectorStage[] } | null;
}

const SKIPS = {
  noSkip: "none",
  skipToNext: "toNext",
  skipPastLastEvent: "pastLastEvent",
  skipToFirst: "toFirst",
  skipToLast: "toLast",
} as const;

export function patternOf({ stages, withinMs, skip }: VectorPattern): OraclePattern {
  return { stages: stages.map(stageOf), withinMs, skip: skipOf(skip) };
}

export function eventsOf({ events }: Vector): OracleEvent[] {
  return events.map(({ ts, event }) => ({ ...event, ts }));
}

function skipOf({ strategy, pattern, throwOnMiss }: VectorPattern["skip"]): OracleSkip {
  const kind = SKIPS[strategy];
  return kind === "toFirst" || kind === "toLast" ? { kind, stage: pattern!, orFail: throwOnMiss ?? false } : { kind };
}

function stageOf(stage: VectorStage): OracleStage {
  const { from, to } = timesOf(stage.quantifier ?? null);
  return {
    name: stage.name,
    contiguity: stage.contiguity,
    where: stage.where ? conditionOf(stage.where) : () => true,
    // `times(0, n)` is `times(1, n) optional`.
    from: Math.max(from, 1),
    to,
    optional: (stage.optional ?? false) || from === 0,
    greedy: stage.greedy ?? false,
    inner: innerOf(stage),
    until: stage.until ? conditionOf(stage.until) : null,
    gapMs: stage.gapMs ?? null,
    group: stage.group ? stage.group.stages.map(stageOf) : null,
  };
}

function timesOf(quantifier: NonNullable<VectorStage["quantifier"]> | null): { from: number; to: number } {
  switch (quantifier?.kind) {
    case undefined:
      return { from: 1, to: 1 };
    case "oneOrMore":
      return { from: 1, to: Infinity };
    case "timesOrMore":
      return { from: quantifier.from!, to: Infinity };
    case "times":
      return { from: quantifier.from!, to: quantifier.to! };
  }
}

function innerOf(stage: VectorStage): Skipping {
  if (stage.consecutive) return "strict";
  return stage.allowCombinations ? "any" : "relaxed";
}
