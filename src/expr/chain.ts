/**
 * Chains: `a or b or c`, `a + b - c`, `not not a`. The tree of a chain is as deep as the chain is long; it runs, and is
 * checked, as one operation over its operands.
 */

import type { BinaryOperator, Expr } from "../lang/ast.ts";
import type { ExprOf } from "./compiler.ts";

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
export function chainOf(expr: ExprOf<"binary">): Chain {
  const arithmetic = isArithmetic(expr.operator);
  const links: Link[] = [];
  let first: Expr = expr;
  while (first.kind === "binary" && (arithmetic ? isArithmetic(first.operator) : first.operator === expr.operator)) {
    links.push({ operator: first.operator, operand: first.right, expr: first });
    first = first.left;
  }
  return { first, rest: links.reverse() };
}

/** What stands under a run of one prefix operator, and how long the run is. */
export function prefixRun(expr: ExprOf<"unary">): { readonly operand: Expr; readonly count: number } {
  let operand: Expr = expr;
  let count = 0;
  while (operand.kind === "unary" && operand.operator === expr.operator) {
    operand = operand.operand;
    count++;
  }
  return { operand, count };
}
