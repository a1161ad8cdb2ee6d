/** Walking an expression: it and everything it is made of, outermost first. A loop, because chains make deep trees. */

import { unreachable } from "../core/assert.ts";
import type { Expr } from "../lang/ast.ts";

export function* subexpressions(expr: Expr): Generator<Expr> {
  const pending: Expr[] = [expr];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    yield next;
    pending.push(...partsOf(next));
  }
}

/** What it is made of, directly. */
export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "literal":
    case "duration":
    case "name":
      return [];
    case "array":
      return expr.items;
    case "member":
    case "index":
      return [expr.object];
    case "call":
      return expr.args;
    case "unary":
      return [expr.operand];
    case "binary":
      return [expr.left, expr.right];
    case "in":
      return [expr.value, expr.set];
    case "match":
      return [expr.value];
    case "template":
      return expr.parts.filter((part) => typeof part !== "string");
    default:
      return unreachable(expr);
  }
}
