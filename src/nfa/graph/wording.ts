/** Guards in words: in the rule language, and by the names of their conditions. */

import { limits } from "../../core/limits.ts";
import type { Expr } from "../../lang/ast.ts";
import { printExpr } from "../../lang/print.ts";
import type { Span } from "../../lang/span.ts";
import type { Guard, Nfa } from "../nfa.ts";

export interface NamedCondition {
  /** The stage's name for its `where`, `until(name)` for its `until`. */
  readonly name: string;
  readonly condition: string;
}

export interface Wording {
  /** As an expression; `true` for a guard that always holds. */
  condition(guard: Guard): string;
  /** By the conditions' names; empty for a guard that always holds. */
  label(guard: Guard): string;
  /** Those that guards are made of, in the pattern's order. */
  readonly conditions: readonly NamedCondition[];
}

export function wordingOf(nfa: Nfa): Wording {
  const named = namedConditions(nfa);
  const print = (guard: Guard, leaf: (condition: number) => Expr): string => {
    const expr = guardExpr(guard, nfa, leaf);
    return expr === null ? "" : printExpr(expr, OUTSIDE_EMIT);
  };
  return {
    condition: (guard) => print(guard, (condition) => named.get(condition)!.expr) || "true",
    label: (guard) => print(guard, (condition) => nameExpr(named.get(condition)!.name)),
    conditions: [...named.values()]
      .sort((a, b) => a.stage - b.stage)
      .map(({ name, condition }) => ({ name, condition })),
  };
}

const OUTSIDE_EMIT = { interpolates: false };
const NOWHERE: Span = { line: 0, column: 0, endLine: 0, endColumn: 0, start: 0, end: 0 };

/** What is to be printed need not have been written. */
function nameExpr(name: string): Expr {
  return { kind: "name", name, span: NOWHERE };
}

interface Named extends NamedCondition {
  readonly expr: Expr;
  readonly stage: number;
}

/** The conditions that stand in the rule, by their index in the automaton. */
function namedConditions({ conditions, stages }: Nfa): ReadonlyMap<number, Named> {
  const named = new Map<number, Named>();
  const taken = new Set<string>();
  for (const [index, { source }] of conditions.entries()) {
    if (source.kind === "all") continue;
    const base = source.kind === "where" ? source.stage : `until(${source.stage})`;
    let name = base;
    for (let further = 2; taken.has(name); further++) name = `${base}:${further}`; // groups have no names
    taken.add(name);
    const condition = printExpr(source.expr, OUTSIDE_EMIT);
    const excerpt = `(${condition.slice(0, limits.graphConditionCharsMax)}…)`;
    const isLong = condition.length > limits.graphConditionCharsMax;
    named.set(index, {
      name,
      condition: isLong ? excerpt : condition,
      expr: isLong ? nameExpr(excerpt) : source.expr,
      stage: stages.indexOf(source.stage),
    });
  }
  return named;
}

function guardExpr(guard: Guard, nfa: Nfa, leaf: (condition: number) => Expr): Expr | null {
  let all: Expr | null = null;
  for (const { condition, negated } of guard) {
    const { source } = nfa.conditions[condition]!;
    const whole = source.kind === "all" ? guardExpr(source.guard, nfa, leaf)! : leaf(condition);
    const part: Expr = negated ? { kind: "unary", operator: "not", operand: whole, span: NOWHERE } : whole;
    all = all === null ? part : { kind: "binary", operator: "and", left: all, right: part, span: NOWHERE };
  }
  return all;
}
