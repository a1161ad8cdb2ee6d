/** Whether two expressions mean the same, wherever they stand and however they are laid out. */

import { unreachable } from "../core/assert.ts";
import type { Expr } from "../lang/ast.ts";
import type { Step } from "./field.ts";
import { stepOf, unwound } from "./path.ts";
import { partsOf } from "./walk.ts";

/** Of one event: no stages. Ends at the first difference; with a stack of its own, because chains make deep trees. */
export function sameMeaning(a: Expr, b: Expr): boolean {
  const pairs: [Expr, Expr][] = [[a, b]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [left, right] = pair.map((expr) => ({ expr, path: pathOf(expr) }));
    if (left!.path !== null && right!.path !== null) {
      if (JSON.stringify(left!.path) !== JSON.stringify(right!.path)) return false;
      continue;
    }
    if (!sameNode(left!.expr, right!.expr)) return false;
    const others = partsOf(right!.expr);
    pairs.push(...partsOf(left!.expr).map((part, index): [Expr, Expr] => [part, others[index]!]));
  }
  return true;
}

/** The steps of a path from the event, the same with `event` and without; null for all else. */
export function pathOf(expr: Expr): readonly Step[] | null {
  const { base, links } = unwound(expr);
  if (base.kind !== "name") return null;
  const steps = links.map(stepOf);
  return base.name === "event" ? steps : [base.name, ...steps];
}

function sameNode(a: Expr, b: Expr): boolean {
  return a.kind === b.kind && partsOf(a).length === partsOf(b).length && labelOf(a) === labelOf(b);
}

/** What a node says beside its parts. */
function labelOf(expr: Expr): string {
  switch (expr.kind) {
    case "literal":
      return JSON.stringify(expr.value);
    case "duration":
      return String(expr.ms);
    case "name":
    case "member":
      return expr.name;
    case "index":
      return String(expr.index);
    case "array":
      return "";
    case "call":
      return expr.name.text;
    case "unary":
    case "binary":
      return expr.operator;
    case "in":
      return String(expr.negated);
    case "match":
      return JSON.stringify([expr.operator, expr.negated, expr.pattern.value, expr.ignoreCase]);
    case "template":
      return JSON.stringify(expr.parts.map((part) => (typeof part === "string" ? part : null)));
    default:
      return unreachable(expr);
  }
}
