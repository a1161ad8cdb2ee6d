/** An expression in the words of a message: as it was written where it is short, otherwise by what it is. */

import type { Expr } from "../lang/ast.ts";
import { stepOf, unwound } from "./path.ts";
import { describeType } from "./static-type.ts";
import type { StaticType } from "./types.ts";

const SHOWN_LENGTH_MAX = 40;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export function describeExpr(expr: Expr): string {
  const text = textOf(expr);
  return text !== null && text.length <= SHOWN_LENGTH_MAX ? `\`${text}\`` : "this";
}

/** `amount` is a number */
export function stating(expr: Expr, type: StaticType): string {
  return `${type.kind === "null" ? "this" : describeExpr(expr)} is ${describeType(type)}`;
}

function textOf(expr: Expr): string | null {
  switch (expr.kind) {
    case "literal":
      return JSON.stringify(expr.value);
    case "duration":
      return expr.text;
    case "name":
    case "member":
    case "index":
      return pathText(expr);
    case "call":
      return `${expr.name.text}(${expr.args.length === 0 ? "" : "..."})`;
    case "unary":
      return expr.operator === "-" && expr.operand.kind === "literal" ? `-${JSON.stringify(expr.operand.value)}` : null;
    case "array":
    case "binary":
    case "in":
    case "match":
    case "template":
      return null;
  }
}

/** `user.address["city name"]`; null when it does not start at a name or a call. */
export function pathText(expr: Expr): string | null {
  const { base, links } = unwound(expr);
  const start = base.kind === "name" ? base.name : textOf(base);
  if (start === null) return null;
  const steps = links.map(stepOf).map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return NAME.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return start + steps.join("");
}
