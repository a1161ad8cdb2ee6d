/** A rule ready to run: its definition, its automaton and its expressions, compiled once. */

import { compileCondition, compileExpression } from "../../expr/compile.ts";
import type { Compiled, Scope } from "../../expr/types.ts";
import { type WindowAggregates, windowAggregates } from "../../expr/window-aggregates.ts";
import { firingScope } from "../../expr/window-scope.ts";
import {
  stageNames,
  type EmitDefinition,
  type ObjectType,
  type PatternRuleDefinition,
  type RuleDefinition,
  type WindowRuleDefinition,
} from "../../lang/definition.ts";
import { compilePattern } from "../../nfa/compile.ts";
import type { Nfa } from "../../nfa/nfa.ts";
import { windowLagMs } from "./window-span.ts";

export type CompiledRule = CompiledPatternRule | CompiledWindowRule;

export interface CompiledPatternRule extends CompiledBase {
  readonly kind: "pattern";
  readonly definition: PatternRuleDefinition;
  readonly nfa: Nfa;
  readonly onTimeoutEmit: readonly CompiledEmit[] | null;
}

/** `having`, `emit` and `suppressBy` read the context's `window`, and no event. */
export interface CompiledWindowRule extends CompiledBase {
  readonly kind: "window";
  readonly definition: WindowRuleDefinition;
  readonly aggregates: WindowAggregates;
  readonly having: Compiled<boolean> | null;
}

interface CompiledBase {
  readonly where: Compiled<boolean> | null;
  readonly keys: readonly Compiled[];
  readonly emit: readonly CompiledEmit[];
  readonly suppressBy: Compiled | null;
  /** How far the last event of what comes out may lie behind the time at which it does, in ms; `Infinity` where nothing bounds it. */
  readonly releaseLagMs: number;
}

export interface CompiledEmit {
  readonly name: string;
  readonly value: Compiled;
}

/** Scope of expressions that see one event and no stages: `from ... where`, `key by`. */
export function eventScope(schema: ObjectType | null): Scope {
  return { stages: new Map(), schema };
}

/** Scope of expressions that see what was matched: `where` of a stage, `emit`, `suppress by`. */
export function matchScope(definition: PatternRuleDefinition, schema: ObjectType | null): Scope {
  return { stages: new Map(stageNames(definition.pattern.stages).map((name, index) => [name, index])), schema };
}

export function compileRule(definition: PatternRuleDefinition, schema: ObjectType | null): CompiledPatternRule;
export function compileRule(definition: RuleDefinition, schema: ObjectType | null): CompiledRule;
export function compileRule(definition: RuleDefinition, schema: ObjectType | null): CompiledRule {
  return definition.kind === "pattern" ? compilePatternRule(definition, schema) : compileWindowRule(definition, schema);
}

function compilePatternRule(definition: PatternRuleDefinition, schema: ObjectType | null): CompiledPatternRule {
  const scope = matchScope(definition, schema);
  const nfa = compileMatching(definition, schema);
  return {
    kind: "pattern",
    definition,
    ...compileBase(definition, { schema, scope }),
    nfa,
    releaseLagMs: nfa.releaseLagMs,
    onTimeoutEmit: definition.onTimeoutEmit === null ? null : compileEmit(definition.onTimeoutEmit, scope),
  };
}

function compileWindowRule(definition: WindowRuleDefinition, schema: ObjectType | null): CompiledWindowRule {
  const aggregates = aggregatesOf(definition, schema);
  const scope = firingScope({ keyBy: definition.keyBy, schema, results: aggregates.results });
  const { having } = definition.window;
  return {
    kind: "window",
    definition,
    ...compileBase(definition, { schema, scope }),
    aggregates,
    releaseLagMs: windowLagMs(definition.window),
    having: having === null ? null : compileCondition(having, scope),
  };
}

/** Of all that the rule says about a window. */
function aggregatesOf(definition: WindowRuleDefinition, schema: ObjectType | null): WindowAggregates {
  const { keyBy, emit, suppress, window } = definition;
  const said = [window.having, suppress?.by ?? null, ...emit.map(({ value }) => value)];
  return windowAggregates(
    said.filter((expr) => expr !== null),
    { scope: firingScope({ keyBy, schema }), schema },
  );
}

/** `scope` is that of what is said about a match or a firing. */
function compileBase(
  { where, keyBy, emit, suppress }: RuleDefinition,
  { schema, scope }: { readonly schema: ObjectType | null; readonly scope: Scope },
): Omit<CompiledBase, "releaseLagMs"> {
  const event = eventScope(schema);
  return {
    where: where === null ? null : compileCondition(where, event),
    keys: keyBy.map((key) => compileExpression(key, event)),
    emit: compileEmit(emit, scope),
    suppressBy: suppress === null || suppress.by === null ? null : compileExpression(suppress.by, scope),
  };
}

function compileEmit(entries: readonly EmitDefinition[], scope: Scope): CompiledEmit[] {
  return entries.map(({ name, value }) => ({ name, value: compileExpression(value, scope) }));
}

/** The rule's automaton alone. */
export function compileMatching(definition: PatternRuleDefinition, schema: ObjectType | null): Nfa {
  return compilePattern(definition.pattern, matchScope(definition, schema));
}

/**
 * Two definitions that share all that their state is made of can share it: only what is said about a match, or about a
 * firing, differs (S9.6, S10.13).
 */
export function matchesAlike(a: RuleDefinition, b: RuleDefinition): boolean {
  return stateShape(a) === stateShape(b);
}

function stateShape(rule: RuleDefinition): string {
  const { streams, where, keyBy } = rule;
  const own =
    rule.kind === "pattern" ? rule.pattern : [{ ...rule.window, having: null }, aggregatesOf(rule, null).names];
  return JSON.stringify([streams, where, keyBy, rule.kind, own], (name, value: unknown) =>
    name === "span" ? undefined : value,
  );
}
