/**
 * `+ - * / %` and unary `-`: over numbers only. With null, a wrong type, or a result that is not finite, the result is
 * null (S8.3).
 */

import { assert } from "../core/assert.ts";
import type { BinaryOperator } from "../lang/ast.ts";
import { chainOf, prefixRun } from "./chain.ts";
import type { Compiler, ExprOf } from "./compiler.ts";
import { finite } from "./finite.ts";
import type { Compiled } from "./types.ts";

type Operation = (a: number, b: number) => number;

const OPERATIONS: Partial<Record<BinaryOperator, Operation>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
};

export function compileArithmetic(expr: ExprOf<"binary">, compiler: Compiler): Compiled {
  const chain = chainOf(expr, compiler.scope);
  const first = compiler.value(chain.first);
  const links = chain.rest.map((link) => ({
    operate: operationOf(link.operator),
    operand: compiler.value(link.operand),
  }));
  if (links.length === 1) return compilePair(first, links[0]!.operate, links[0]!.operand);
  return (context) => {
    let result = first(context);
    for (const { operate, operand } of links) {
      const value = operand(context);
      if (typeof result !== "number" || typeof value !== "number") return null;
      result = finite(operate(result, value));
    }
    return result;
  };
}

function compilePair(left: Compiled, operate: Operation, right: Compiled): Compiled {
  return (context) => {
    const a = left(context);
    const b = right(context);
    return typeof a === "number" && typeof b === "number" ? finite(operate(a, b)) : null;
  };
}

export function compileNegation(expr: ExprOf<"unary">, compiler: Compiler): Compiled {
  const { operand, count } = prefixRun(expr, compiler.scope);
  const value = compiler.value(operand);
  const sign = count % 2 === 0 ? 1 : -1;
  return (context) => {
    const number = value(context);
    return typeof number === "number" ? finite(sign * number) : null;
  };
}

function operationOf(operator: BinaryOperator): Operation {
  const operation = OPERATIONS[operator];
  assert(operation !== undefined, `${operator} is not arithmetic`);
  return operation;
}
