/** Checks `and`, `or`, `not`: conditions on all sides, and that together they can be true and can be false. */

import type { Expr } from "../lang/ast.ts";
import { printExpr } from "../lang/print-expr.ts";
import { chainOf, prefixRun } from "./chain.ts";
import type { Checker } from "./checker.ts";
import type { ExprOf } from "./compiler.ts";
import { unwound } from "./path.ts";
import { BOOLEAN } from "./static-type.ts";
import type { StaticType } from "./types.ts";

export function checkNot(expr: ExprOf<"unary">, checker: Checker): StaticType {
  checker.condition(prefixRun(expr, checker.scope).operand, "`not` needs");
  return BOOLEAN;
}

export function checkJunction(expr: ExprOf<"binary">, checker: Checker): StaticType {
  const { first, rest } = chainOf(expr, checker.scope);
  const operands = [first, ...rest.map((link) => link.operand)];
  for (const operand of operands) checker.condition(operand, `\`${expr.operator}\` needs`);
  warnOfContradiction(expr.operator === "and" ? "==" : "!=", operands, checker);
  return BOOLEAN;
}

/** `type == "a" and type == "b"` never holds, and `type != "a" or type != "b"` always: the wrong one of `and` and `or`. */
function warnOfContradiction(operator: "==" | "!=", operands: readonly Expr[], checker: Checker): void {
  const literals = new Map<string, unknown>();
  for (const operand of operands) {
    const pinned = pinnedField(operator, operand);
    if (pinned === null) continue;
    if (!literals.has(pinned.field)) {
      literals.set(pinned.field, pinned.literal);
    } else if (literals.get(pinned.field) !== pinned.literal) {
      checker.report({
        code: "W301",
        span: operand.span,
        message:
          operator === "=="
            ? `this never holds: \`${pinned.field}\` cannot have two values at once`
            : `this always holds where there is a value: \`${pinned.field}\` always differs from one of the two`,
        hint: operator === "==" ? "did you mean `or`?" : "did you mean `and`?",
      });
    }
  }
}

/** The field and the literal of `field == "literal"`. */
function pinnedField(operator: "==" | "!=", expr: Expr): { readonly field: string; readonly literal: unknown } | null {
  if (expr.kind !== "binary" || expr.operator !== operator) return null;
  if (expr.right.kind !== "literal" || expr.right.value === null) return null;
  if (unwound(expr.left).base.kind !== "name") return null;
  return { field: printExpr(expr.left, { interpolates: false }), literal: expr.right.value };
}
