/**
 * `like` and `matches`, and their negations: over strings. With null they are false, with another type false and
 * counted (S8.6).
 */

import { assert } from "../core/assert.ts";
import type { Compiler, ExprOf } from "./compiler.ts";
import { compileLike } from "./like.ts";
import { compileRegex } from "./regex.ts";
import type { Compiled } from "./types.ts";

export function compileMatch(expr: ExprOf<"match">, compiler: Compiler): Compiled<boolean> {
  const value = compiler.value(expr.value);
  const test = compileTest(expr);
  const { negated } = expr;
  return (context) => {
    const text = value(context);
    if (typeof text === "string") return test(text) !== negated;
    if (text !== null) context.faults++;
    return false;
  };
}

function compileTest({ operator, pattern, ignoreCase }: ExprOf<"match">): (text: string) => boolean {
  if (operator === "like") return compileLike(pattern.value, ignoreCase);
  const regex = compileRegex(pattern.value, ignoreCase);
  assert(regex.ok, "the regex was not checked");
  return regex.test;
}
