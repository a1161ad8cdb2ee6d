/**
 * `and`, `or`, `not`: anything but true is false, and what comes after the deciding operand is not looked at (S8.4).
 */

import { chainOf, prefixRun } from "./chain.ts";
import type { Compiler, ExprOf } from "./compiler.ts";
import type { Compiled } from "./types.ts";

export function compileAll(expr: ExprOf<"binary">, compiler: Compiler): Compiled<boolean> {
  const conditions = operandsOf(expr, compiler);
  const [first, second, third] = conditions;
  if (conditions.length === 2) return (context) => first!(context) && second!(context);
  if (conditions.length === 3) return (context) => first!(context) && second!(context) && third!(context);
  return (context) => {
    for (const condition of conditions) if (!condition(context)) return false;
    return true;
  };
}

export function compileAny(expr: ExprOf<"binary">, compiler: Compiler): Compiled<boolean> {
  const conditions = operandsOf(expr, compiler);
  const [first, second] = conditions;
  if (conditions.length === 2) return (context) => first!(context) || second!(context);
  return (context) => {
    for (const condition of conditions) if (condition(context)) return true;
    return false;
  };
}

export function compileNot(expr: ExprOf<"unary">, compiler: Compiler): Compiled<boolean> {
  const { operand, count } = prefixRun(expr, compiler.scope);
  const condition = compiler.condition(operand);
  return count % 2 === 0 ? condition : (context) => !condition(context);
}

function operandsOf(expr: ExprOf<"binary">, compiler: Compiler): readonly Compiled<boolean>[] {
  const { first, rest } = chainOf(expr, compiler.scope);
  return [first, ...rest.map((link) => link.operand)].map(compiler.condition);
}
