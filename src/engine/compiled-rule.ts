/** A rule ready to run: its definition, its automaton and its expressions, compiled once. */

import { compileCondition, compileExpression } from "../expr/compile.ts";
import type { Compiled, Scope } from "../expr/types.ts";
import { stageNames, type EmitDefinition, type ObjectType, type RuleDefinition } from "../lang/definition.ts";
import { compilePattern } from "../nfa/compile.ts";
import type { Nfa } from "../nfa/nfa.ts";

export interface CompiledRule {
  readonly definition: RuleDefinition;
  readonly nfa: Nfa;
  readonly where: Compiled<boolean> | null;
  readonly keys: readonly Compiled[];
  readonly emit: readonly CompiledEmit[];
  readonly onTimeoutEmit: readonly CompiledEmit[] | null;
  readonly suppressBy: Compiled | null;
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
export function matchScope(definition: RuleDefinition, schema: ObjectType | null): Scope {
  return { stages: new Map(stageNames(definition.pattern.stages).map((name, index) => [name, index])), schema };
}

export function compileRule(definition: RuleDefinition, schema: ObjectType | null): CompiledRule {
  const event = eventScope(schema);
  const match = matchScope(definition, schema);
  const emits = (entries: readonly EmitDefinition[]): CompiledEmit[] =>
    entries.map(({ name, value }) => ({ name, value: compileExpression(value, match) }));
  return {
    definition,
    nfa: compileMatching(definition, schema),
    where: definition.where === null ? null : compileCondition(definition.where, event),
    keys: definition.keyBy.map((key) => compileExpression(key, event)),
    emit: emits(definition.emit),
    onTimeoutEmit: definition.onTimeoutEmit === null ? null : emits(definition.onTimeoutEmit),
    suppressBy:
      definition.suppress === null || definition.suppress.by === null
        ? null
        : compileExpression(definition.suppress.by, match),
  };
}

/** The rule's automaton alone. */
export function compileMatching(definition: RuleDefinition, schema: ObjectType | null): Nfa {
  return compilePattern(definition.pattern, matchScope(definition, schema));
}

/** Two definitions with the same `from`, `key by` and `pattern` can share their state: only what is said about a match differs. */
export function matchesAlike(a: RuleDefinition, b: RuleDefinition): boolean {
  const matching = (rule: RuleDefinition): string =>
    JSON.stringify([rule.streams, rule.where, rule.keyBy, rule.pattern], (name, value: unknown) =>
      name === "span" ? undefined : value,
    );
  return matching(a) === matching(b);
}
