/** An expression in the words of a message: as it is written where that is short; the message underlines it anyway. */

import type { Expr } from "../lang/ast.ts";
import { printExpr } from "../lang/print-expr.ts";
import { describeType } from "./static-type.ts";
import type { StaticType } from "./types.ts";

const SHOWN_LENGTH_MAX = 60;

export function describeExpr(expr: Expr): string {
  const text = printExpr(expr, { interpolates: false });
  return text.length <= SHOWN_LENGTH_MAX ? `\`${text}\`` : "this";
}

/** "`amount` is a number" */
export function stating(expr: Expr, type: StaticType): string {
  return `${type.kind === "null" ? "this" : describeExpr(expr)} is ${describeType(type)}`;
}
