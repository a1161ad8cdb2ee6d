/** What a `rule` block defines: each clause, or its default. */

import { assert } from "../core/assert.ts";
import type { EmitEntry, Pattern, PatternClause, RuleBlock, Stage } from "./ast.ts";
import { clauseOf } from "./clauses.ts";
import {
  type EmitDefinition,
  type PatternDefinition,
  type RuleDefinition,
  SEVERITIES,
  type Severity,
  type SkipDefinition,
  type StageDefinition,
} from "./definition.ts";
import { defineWindow } from "./define-window.ts";
import { innerContiguity, modifierOf, occurs } from "./stage.ts";

const SEVERITY_DEFAULT: Severity = "medium";

/** Of a block without errors. */
export function defineRule({ name, title, clauses, span }: RuleBlock, source: string): RuleDefinition {
  const level = clauseOf(clauses, "severity")?.level.text;
  const from = clauseOf(clauses, "from");
  const pattern = clauseOf(clauses, "pattern")?.pattern;
  const window = clauseOf(clauses, "window")?.window;
  const suppress = clauseOf(clauses, "suppress");
  const onTimeout = clauseOf(clauses, "onTimeoutEmit");
  assert(from !== undefined, `rule ${name.text} was checked`);
  const base = {
    name: name.text,
    title: title?.value ?? null,
    description: clauseOf(clauses, "description")?.text.value ?? null,
    severity: SEVERITIES.find((severity) => severity === level) ?? SEVERITY_DEFAULT,
    tags: (clauseOf(clauses, "tags")?.tags ?? []).map(({ value }) => value),
    streams: from.streams.map(({ text }) => text),
    where: from.where,
    keyBy: clauseOf(clauses, "keyBy")?.keys ?? [],
    emit: (clauseOf(clauses, "emit")?.entries ?? []).map(defineEntry),
    suppress: suppress === undefined ? null : { ms: suppress.for.ms, by: suppress.by },
    deliver: (clauseOf(clauses, "deliver")?.destinations ?? []).map(({ text }) => text),
    source: source.slice(span.start, span.end),
    span,
  };
  if (window !== undefined) return { kind: "window", ...base, window: defineWindow(window) };
  assert(pattern !== undefined, `rule ${name.text} was checked`);
  const onTimeoutEmit = onTimeout?.entries.map(defineEntry) ?? null;
  return { kind: "pattern", ...base, pattern: definePattern(pattern), onTimeoutEmit };
}

function defineEntry({ name, value }: EmitEntry): EmitDefinition {
  return { name: name.text, value };
}

function definePattern({ stages, clauses }: Pattern): PatternDefinition {
  const skip = clauseOf(clauses, "skip");
  return {
    stages: stages.map(defineStage),
    withinMs: clauseOf(clauses, "within")?.duration.ms ?? null,
    // Each event then alerts at most once.
    skip: skip === undefined ? { kind: "pastLastEvent" } : defineSkip(skip),
  };
}

function defineSkip({ strategy, orFail }: Extract<PatternClause, { kind: "skip" }>): SkipDefinition {
  return "stage" in strategy ? { kind: strategy.kind, stage: strategy.stage.text, orFail } : strategy;
}

function defineStage(stage: Stage): StageDefinition {
  const { from, to, optional } = occurs(stage);
  return {
    name: stage.group === null ? (stage.name?.text ?? null) : null,
    contiguity: stage.contiguity,
    where: modifierOf(stage, "where")?.condition ?? null,
    quantifier: to === null ? { kind: "loop", from } : { kind: "times", from, to },
    optional,
    greedy: modifierOf(stage, "greedy") !== undefined,
    inner: innerContiguity(stage),
    until: modifierOf(stage, "until")?.condition ?? null,
    gapMs: modifierOf(stage, "gap")?.duration.ms ?? null,
    group: stage.group?.map(defineStage) ?? null,
    span: stage.span,
  };
}
