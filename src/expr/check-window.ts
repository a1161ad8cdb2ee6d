/** Checks what only window rules have: keys and aggregates in what is said about a window, and what aggregates take in. */

import { nearest } from "../core/nearest.ts";
import type { Expr } from "../lang/ast.ts";
import { printExpr } from "../lang/print-expr.ts";
import { WINDOW_AGGREGATES } from "./aggregates.ts";
import { foldedType } from "./check-aggregate.ts";
import { checkPercent } from "./check-percent.ts";
import type { Checker, PlacedFinding } from "./checker.ts";
import { isArithmetic } from "./chain.ts";
import type { ExprOf } from "./compiler.ts";
import { describeExpr } from "./describe.ts";
import { unwound } from "./path.ts";
import { ANY } from "./static-type.ts";
import type { FiringScope, StaticType } from "./types.ts";
import { firingOf, isWindowAggregate, keyIndexOf, windowEventScope } from "./window-scope.ts";

type Call = ExprOf<"call">;

/** Null where a window makes no difference. */
export function typeInWindow(expr: Expr, checker: Checker): StaticType | null {
  const { window } = checker.scope;
  if (window === undefined) return null;
  const call = expr.kind === "call" && isWindowAggregate(expr) ? expr : null;
  if (window.kind === "event") return call === null ? null : reportNoWindow(call, checker);
  const key = window.keys[keyIndexOf(expr, checker.scope)];
  // What is wrong with it has been told where it is the key.
  if (key !== undefined) return inEvent(checker, []).typeOf(key);
  if (call !== null) return checkAggregate(call, checker);
  const { base } = unwound(expr);
  if (base.kind === "name") return reportField(expr, window, checker);
  return null;
}

/** The same for one event of the window. */
function inEvent(checker: Checker, findings?: PlacedFinding[]): Checker {
  return checker.elsewhere(windowEventScope(checker.scope.schema), "aggregate", findings);
}

// ---- aggregates ----------------------------------------------------------------------------------------------------

const TAKEN: Readonly<Record<string, string>> = {
  count: "at most one expression of each",
  percentile: "one expression of each and a percentage",
};
const EXAMPLES: Readonly<Record<string, string>> = { count: "count()", percentile: "percentile(latency, 95)" };

function checkAggregate(call: Call, checker: Checker): StaticType {
  const name = call.name.text;
  const { args } = call;
  const [argument] = args;
  const counts = name === "percentile" ? [2] : name === "count" ? [0, 1] : [1];
  if (!counts.includes(args.length)) {
    checker.report({
      code: "E303",
      span: call.span,
      message: `\`${name}\` goes over the window's events, and takes ${TAKEN[name] ?? "one expression of each"}`,
      hint: `such as \`${EXAMPLES[name] ?? `${name}(amount)`}\``,
    });
    return ANY;
  }
  if (name === "percentile") checkPercent(args[1]!, checker);
  if (argument === undefined) return foldedType(call, ANY, checker);
  const type = inEvent(checker).typeOf(argument);
  if (name === "count" && isCondition(argument)) warnOfCountedCondition(call, argument, checker);
  return foldedType(call, type, checker);
}

function isCondition(expr: Expr): boolean {
  if (expr.kind === "in" || expr.kind === "match") return true;
  if (expr.kind === "unary") return expr.operator === "not";
  return expr.kind === "binary" && !isArithmetic(expr.operator);
}

function warnOfCountedCondition(call: Call, condition: Expr, checker: Checker): void {
  checker.report({
    code: "W305",
    span: call.span,
    message: "`count` counts what is not null, and a condition is true or false",
    hint: `to count where it holds, write \`sum(if(${textOf(condition)}, 1, 0))\``,
  });
}

function reportNoWindow(call: Call, checker: Checker): StaticType {
  const name = call.name.text;
  const isNested = checker.position === "aggregate";
  checker.report({
    code: isNested ? "E323" : "E308",
    span: call.span,
    message: isNested
      ? `an aggregate takes in events one by one, and \`${name}\` is of all of them`
      : `\`${name}\` is of a whole window, and here is one event`,
    hint: isNested
      ? "work with the results of both beside each other"
      : "it can be used in `having`, `emit` and `suppress by`",
  });
  return ANY;
}

// ---- fields --------------------------------------------------------------------------------------------------------

/** A field that is not even declared is told as anywhere else. */
function reportField(expr: Expr, { keys }: FiringScope, checker: Checker): StaticType {
  const [unknown] = findingsOf(expr, checker);
  const call = unknown !== undefined || checker.scope.schema === null ? hintOfCall(expr) : null;
  if (unknown !== undefined && call === null) {
    checker.report(unknown);
    return ANY;
  }
  const { base, links } = unwound(expr);
  const isEvent = base.kind === "name" && base.name === "event" && links.length === 0;
  const field = describeExpr(expr);
  const text = field === "this" ? "field" : textOf(expr);
  const meant = nearest(text, keys.map(textOf));
  checker.report({
    code: "E322",
    span: expr.span,
    message: `${field} is ${isEvent ? "one event" : "of one event"}, and a window has many`,
    hint: call ?? (meant === null ? wayOut(text, isEvent) : `did you mean the key \`${meant}\`?`),
  });
  return ANY;
}

/** `having count > 5` lacks its parentheses. */
function hintOfCall(expr: Expr): string | null {
  const name = expr.kind === "name" ? expr.name : "";
  if (name === "count" || name === "window_start" || name === "window_end") return `did you mean \`${name}()\`?`;
  return WINDOW_AGGREGATES.has(name) ? `did you mean \`${EXAMPLES[name] ?? `${name}(amount)`}\`?` : null;
}

function wayOut(field: string, isEvent: boolean): string {
  if (isEvent) return "go over all of them, as `max(time(event))` and `list(event)` do";
  return `say of which, \`last(${field})\`, or of all, \`distinct(${field})\`, or add it to \`key by\``;
}

function findingsOf(expr: Expr, checker: Checker): PlacedFinding[] {
  const findings: PlacedFinding[] = [];
  inEvent(checker, findings).typeOf(expr);
  return findings;
}

const textOf = (expr: Expr): string => printExpr(expr, { interpolates: false });

/** `window_start()` and `window_end()` in any other place. */
export function checkWindowTime(call: Call, checker: Checker): void {
  if (firingOf(checker.scope) !== null) return;
  checker.report({
    code: "E325",
    span: call.span,
    message: `\`${call.name.text}()\` has no meaning here: there is no window`,
    hint: "it can be used in the `having`, `emit` and `suppress by` of a window rule",
  });
}
