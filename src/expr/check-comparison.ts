/**
 * Checks comparisons: two types are never equal, not everything has an order, and null only answers to `==` and `!=`.
 */

import { parseTime } from "../core/time.ts";
import type { Expr } from "../lang/ast.ts";
import type { Checker } from "./checker.ts";
import type { ExprOf } from "./compiler.ts";
import { describeExpr, stating } from "./describe.ts";
import { BOOLEAN, describeType, familyOf, isTime } from "./static-type.ts";
import type { StaticType } from "./types.ts";

export interface Typed {
  readonly expr: Expr;
  readonly type: StaticType;
  /** In a message, in place of the expression: "an item of `tags`". */
  readonly words?: string;
}

export function checkComparison(expr: ExprOf<"binary">, checker: Checker): StaticType {
  const left: Typed = { expr: expr.left, type: checker.typeOf(expr.left) };
  const right: Typed = { expr: expr.right, type: checker.typeOf(expr.right) };
  const equality = expr.operator === "==" || expr.operator === "!=";
  if (left.type.kind === "null" || right.type.kind === "null") {
    if (!equality) reportNull(expr, checker);
    return BOOLEAN;
  }
  if (!checkComparable(left, right, checker) || equality) return BOOLEAN;
  for (const side of [left, right]) {
    const family = familyOf(side.type);
    if (family === "any" || family === "number" || family === "string") continue;
    checker.report({
      code: "E305",
      span: side.expr.span,
      message: `${wordsFor(side)}, and only numbers and strings have an order`,
      hint: "use `==` or `!=`",
    });
    break;
  }
  return BOOLEAN;
}

/** Reports two sides that can never be equal; the narrower place is the one to change. */
export function checkComparable(left: Typed, right: Typed, checker: Checker): boolean {
  const families = [familyOf(left.type), familyOf(right.type)];
  if (families.includes("any") || families.includes("null")) return true;
  if (isTime(left.type) && isText(right)) return checkTimeText(right, left, checker);
  if (isTime(right.type) && isText(left)) return checkTimeText(left, right, checker);
  if (families[0] === families[1]) return true;
  const at = isLiteral(left.expr) ? left : right;
  const other = at === left ? right : left;
  checker.report({
    code: "E305",
    span: at.expr.span,
    message: `${wordsFor(other)} and ${wordsFor(at)}: they never compare`,
    hint: wayOut(at, other),
  });
  return false;
}

function reportNull(expr: ExprOf<"binary">, checker: Checker): void {
  checker.report({
    code: "W302",
    span: expr.span,
    message: `\`${expr.operator}\` with null never holds`,
    hint: "to ask whether a value is missing, use `== null` or `!= null`",
  });
}

/** Beside a timestamp, RFC 3339 text is a time. */
function checkTimeText(text: Typed, time: Typed, checker: Checker): boolean {
  if (text.expr.kind === "literal" && parseTime(text.expr.value) !== undefined) return true;
  const literal = text.expr.kind === "literal";
  checker.report({
    code: "E305",
    span: text.expr.span,
    message: `${describeExpr(time.expr)} is a timestamp, and ${describeExpr(text.expr)} ${literal ? "is not the text of one" : "is a string"}`,
    hint: literal ? 'write it like "2026-03-29T01:00:00Z"' : "turn it into one: `time(...)`",
  });
  return false;
}

function wordsFor({ expr, type, words }: Typed): string {
  return words === undefined ? stating(expr, type) : `${words} is ${describeType(type)}`;
}

function isText({ type }: Typed): boolean {
  return familyOf(type) === "string";
}

function isLiteral(expr: Expr): boolean {
  return expr.kind === "literal" || expr.kind === "duration";
}

/** `amount > "100"` and `user == 5` are slips of the quotes. */
function wayOut(at: Typed, other: Typed): string | undefined {
  if (at.expr.kind !== "literal") return undefined;
  const { value } = at.expr;
  if (familyOf(other.type) === "string") return `write it as a string: \`${JSON.stringify(String(value))}\``;
  const bare = typeof value === "string" ? value.trim() : "";
  const unquoted = familyOf(other.type) === "number" ? /^\d+(?:\.\d+)?$/ : /^(?:true|false)$/;
  return unquoted.test(bare) ? `write it without quotes: \`${bare}\`` : undefined;
}
