/** Literals: what the text itself says. `-5` and `10m` are literals too, though not to the grammar. */

import type { Expr } from "../lang/ast.ts";

export type Literal = string | number | boolean | null;

/** `undefined` for anything that has to be worked out. */
export function literalValue(expr: Expr): Literal | undefined {
  if (expr.kind === "literal") return expr.value;
  if (expr.kind === "duration") return expr.ms;
  if (expr.kind !== "unary" || expr.operator !== "-" || expr.operand.kind !== "literal") return undefined;
  const { value } = expr.operand;
  return typeof value === "number" && value !== 0 ? -value : undefined;
}
