/**
 * Checks an expression before it is compiled: what it names exists, what it does makes sense, and it gives what its
 * clause needs (S8.14).
 */

import { unreachable } from "../core/assert.ts";
import type { Expr } from "../lang/ast.ts";
import type { Diagnostic } from "../lang/diagnostic.ts";
import { diagnosticAt } from "../lang/report.ts";
import { chainOf, isArithmetic, prefixRun } from "./chain.ts";
import { checkCall } from "./check-call.ts";
import { checkComparison } from "./check-comparison.ts";
import { checkJunction, checkNot } from "./check-logic.ts";
import { checkMatch } from "./check-match.ts";
import { checkMembership } from "./check-membership.ts";
import { checkPath } from "./check-path.ts";
import type { Checker, PlacedFinding, Position } from "./checker.ts";
import type { ExprOf } from "./compiler.ts";
import { constantTruth } from "./constant.ts";
import { stating } from "./describe.ts";
import { typeInWindow } from "./check-window.ts";
import { ANY, NULL, NUMBER, BOOLEAN, STRING, familyOf, joined, listOf, mayBe } from "./static-type.ts";
import type { Scope, StaticType } from "./types.ts";

export type Expectation = "boolean" | "scalar" | "any";

export interface TypecheckOptions {
  readonly position: Position;
  /** What the clause needs; by default what is usual in the position. */
  readonly expects?: Expectation;
}

const USUAL: Record<Position, Expectation> = {
  from: "boolean",
  where: "boolean",
  key: "scalar",
  suppress: "scalar",
  emit: "any",
  stream: "any",
  having: "boolean",
  aggregate: "any",
};

const CLAUSES: Record<Position, string> = {
  from: "`where` needs",
  where: "`where` needs",
  key: "`key by` needs",
  suppress: "`suppress by` needs",
  emit: "`emit` needs",
  stream: "this clause needs",
  having: "`having` needs",
  aggregate: "this needs",
};

/** In the order of the text; empty when all is well. Compile only what has no errors. */
export function typecheck(expr: Expr, scope: Scope, options: TypecheckOptions): readonly Diagnostic[] {
  const findings: PlacedFinding[] = [];
  const checker = createChecker(scope, options.position, findings);
  const expects = options.expects ?? USUAL[options.position];
  const needs = CLAUSES[options.position];
  if (expects === "boolean") checker.condition(expr, needs);
  else checkResult(expr, { expects, needs }, checker);
  return findings.sort((a, b) => a.span.start - b.span.start).map((finding) => diagnosticAt(finding.span, finding));
}

export function createChecker(scope: Scope, position: Position, findings: PlacedFinding[]): Checker {
  const checker: Checker = {
    scope,
    position,
    report: (finding) => findings.push(finding),
    typeOf: (expr) => typeInWindow(expr, checker) ?? typeOf(expr, checker),
    elsewhere: (otherScope, otherPosition, others = findings) => createChecker(otherScope, otherPosition, others),
    condition: (expr, needs) => checkCondition(expr, needs, checker),
  };
  return checker;
}

function typeOf(expr: Expr, checker: Checker): StaticType {
  switch (expr.kind) {
    case "literal":
      return checkLiteral(expr, checker);
    case "duration":
      return NUMBER;
    case "array":
      return listOf(joined(expr.items.map(checker.typeOf)));
    case "name":
    case "member":
    case "index":
      return checkPath(expr, checker);
    case "call":
      return checkCall(expr, checker);
    case "unary":
      return expr.operator === "not" ? checkNot(expr, checker) : checkNegation(expr, checker);
    case "binary":
      return checkBinary(expr, checker);
    case "in":
      return checkMembership(expr, checker);
    case "match":
      return checkMatch(expr, checker);
    case "template":
      return checkTemplate(expr, checker);
    default:
      return unreachable(expr);
  }
}

function checkBinary(expr: ExprOf<"binary">, checker: Checker): StaticType {
  if (isArithmetic(expr.operator)) return checkArithmetic(expr, checker);
  if (expr.operator === "and" || expr.operator === "or") return checkJunction(expr, checker);
  return checkComparison(expr, checker);
}

function checkLiteral(expr: ExprOf<"literal">, checker: Checker): StaticType {
  const { value } = expr;
  if (value === null) return NULL;
  if (typeof value === "number") return NUMBER;
  if (typeof value === "boolean") return BOOLEAN;
  if (checker.position !== "emit" && /\$\{.*\}/s.test(value)) warnOfNoTemplate(expr, checker);
  return STRING;
}

function warnOfNoTemplate(expr: ExprOf<"literal">, checker: Checker): void {
  checker.report({
    code: "W303",
    span: expr.span,
    message: "only strings in `emit` are templates; this one stays as it is written",
    hint: "to put a text together here, use `concat(...)`",
  });
}

function checkTemplate(expr: ExprOf<"template">, checker: Checker): StaticType {
  if (checker.position !== "emit") {
    checker.report({
      code: "E313",
      span: expr.span,
      message: "a template can only stand in `emit`",
      hint: "to put a text together here, use `concat(...)`",
    });
  }
  for (const part of expr.parts) if (typeof part !== "string") checker.typeOf(part);
  return STRING;
}

// ---- arithmetic ------------------------------------------------------------------------------------------------

function checkArithmetic(expr: ExprOf<"binary">, checker: Checker): StaticType {
  const { first, rest } = chainOf(expr, checker.scope);
  let allNumbers = checkOperand(first, rest[0]!.operator, checker);
  for (const { operand, operator } of rest) allNumbers = checkOperand(operand, operator, checker) && allNumbers;
  return allNumbers ? NUMBER : ANY;
}

function checkNegation(expr: ExprOf<"unary">, checker: Checker): StaticType {
  return checkOperand(prefixRun(expr, checker.scope).operand, "-", checker) ? NUMBER : ANY;
}

function checkOperand(operand: Expr, operator: string, checker: Checker): boolean {
  const type = checker.typeOf(operand);
  if (mayBe(type, "number")) return true;
  checker.report({
    code: "E314",
    span: operand.span,
    message: `\`${operator}\` needs numbers, and ${stating(operand, type)}`,
    hint: operator === "+" && familyOf(type) === "string" ? "to join strings, use `concat(...)`" : undefined,
  });
  return false;
}

// ---- what the clause needs -------------------------------------------------------------------------------------

function checkCondition(expr: Expr, needs: string, checker: Checker): void {
  const type = checker.typeOf(expr);
  if (!mayBe(type, "boolean")) {
    checker.report({
      code: "E306",
      span: expr.span,
      message: `${needs} a condition, and ${stating(expr, type)}`,
      hint: conditionHint(type),
    });
    return;
  }
  const truth = constantTruth(expr);
  if (truth === null) return;
  checker.report({
    code: "W301",
    span: expr.span,
    message: truth ? "this always holds" : "this never holds",
    hint: "it depends on nothing: name the field that you mean",
  });
}

function conditionHint(type: StaticType): string {
  if (type.kind === "null") return "to ask whether a value is missing, use `== null`";
  const family = familyOf(type);
  if (family === "number") return "compare it: `... > 0`, or ask `exists(...)`";
  return family === "string" ? 'compare it: `... == "text"`, or ask `exists(...)`' : "ask `exists(...)`";
}

interface Needed {
  readonly expects: Exclude<Expectation, "boolean">;
  readonly needs: string;
}

function checkResult(expr: Expr, { expects, needs }: Needed, checker: Checker): void {
  const type = checker.typeOf(expr);
  const family = familyOf(type);
  if (expects === "any" || (family !== "list" && family !== "object" && family !== "null")) return;
  checker.report({
    code: "E321",
    span: expr.span,
    message: `${needs} a string, a number or a boolean, and ${stating(expr, type)}`,
    hint: family === "null" ? undefined : "name one of its fields or items",
  });
}
