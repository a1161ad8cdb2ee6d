/**
 * Chains: `a or b or c`, `a + b - c`, `not not a`. The tree of a chain is as deep as the chain is long; it runs, and is
 * checked, as one operation over its operands. A part of it that is a key of a window is an operand by itself.
 */

import type { BinaryOperator, Expr } from "../lang/ast.ts";
import type { ExprOf } from "./compiler.ts";
import type { Scope } from "./types.ts";
import { keyIndexOf } from "./window-scope.ts";

export interface Chain {
  readonly first: Expr;
  readonly rest: readonly Link[];
}

export interface Link {
  readonly operator: BinaryOperator;
  readonly operand: Expr;
  /** The operation as far as this operand. */
  readonly expr: ExprOf<"binary">;
}

const ARITHMETIC: ReadonlySet<BinaryOperator> = new Set(["+", "-", "*", "/", "%"] as const);

export function isArithmetic(operator: BinaryOperator): boolean {
  return ARITHMETIC.has(operator);
}

/** The operands of a left-leaning chain: of one `and` or `or`, or of arithmetic of any kind. */
export function chainOf(expr: ExprOf<"binary">, scope: Scope): Chain {
  const arithmetic = isArithmetic(expr.operator);
  const links: Link[] = [];
  let first: Expr = expr;
  const goesOn = (left: Expr): left is ExprOf<"binary"> =>
    left.kind === "binary" && (arithmetic ? isArithmetic(left.operator) : left.operator === expr.operator);
  while (goesOn(first) && (first === expr || keyIndexOf(first, scope) === -1)) {
    links.push({ operator: first.operator, operand: first.right, expr: first });
    first = first.left;
  }
  return { first, rest: links.reverse() };
}

/** What stands under a run of one prefix operator, and how long the run is. */
export function prefixRun(expr: ExprOf<"unary">, scope: Scope): { readonly operand: Expr; readonly count: number } {
  let operand: Expr = expr;
  let count = 0;
  const goesOn = (inner: Expr): inner is ExprOf<"unary"> => inner.kind === "unary" && inner.operator === expr.operator;
  while (goesOn(operand) && (operand === expr || keyIndexOf(operand, scope) === -1)) {
    operand = operand.operand;
    count++;
  }
  return { operand, count };
}
