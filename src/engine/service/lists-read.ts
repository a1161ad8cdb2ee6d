/** Which named lists a rule reads, and where: to warn of those that were never put, and to tell who uses a list. */

import { nearest } from "../../core/nearest.ts";
import { namedList } from "../../expr/membership.ts";
import { subexpressions } from "../../expr/walk.ts";
import type { Expr } from "../../lang/ast.ts";
import type { RuleDefinition, StageDefinition } from "../../lang/definition.ts";
import type { Diagnostic } from "../../lang/diagnostic.ts";
import { diagnosticAt } from "../../lang/report.ts";
import type { Span } from "../../lang/span.ts";
import type { CheckedRules } from "../rules/check-rules.ts";

export interface ListRead {
  readonly name: string;
  readonly span: Span;
}

export function listsRead(rule: RuleDefinition): ListRead[] {
  return expressionsOf(rule).flatMap((expr) =>
    [...subexpressions(expr)].flatMap((part) => {
      const name = part.kind === "in" ? namedList(part.set) : null;
      return name === null || part.kind !== "in" ? [] : [{ name, span: part.set.span }];
    }),
  );
}

/** Warns of each look at a list that is not there: it may be put later, but may also be misspelt. */
export function withListWarnings(checked: CheckedRules, known: readonly string[]): CheckedRules {
  const names = new Set(known);
  const unknown = checked.rules.flatMap(listsRead).filter(({ name }) => !names.has(name));
  const diagnostics = [...checked.diagnostics, ...unknown.map((read) => warning(read, known))];
  return { ...checked, diagnostics: diagnostics.sort((a, b) => a.line - b.line || a.column - b.column) };
}

function warning({ name, span }: ListRead, known: readonly string[]): Diagnostic {
  const near = nearest(name, known);
  return diagnosticAt(span, {
    code: "W401",
    message: `there is no list ${JSON.stringify(name)} yet: nothing is in it until it is put`,
    hint: near === null ? "`PUT /v1/lists/{name}` puts it" : `did you mean ${JSON.stringify(near)}?`,
  });
}

function expressionsOf(rule: RuleDefinition): Expr[] {
  const said = rule.kind === "pattern" ? [...rule.emit, ...(rule.onTimeoutEmit ?? [])] : rule.emit;
  const looked = rule.kind === "pattern" ? rule.pattern.stages.flatMap(conditionsOf) : [rule.window.having];
  return [rule.where, ...rule.keyBy, ...looked, ...said.map(({ value }) => value), rule.suppress?.by ?? null].filter(
    (expr) => expr !== null,
  );
}

function conditionsOf({ where, until, group }: StageDefinition): (Expr | null)[] {
  return [where, until, ...(group ?? []).flatMap(conditionsOf)];
}
