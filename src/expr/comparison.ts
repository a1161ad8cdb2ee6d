/**
 * `== != < <= > >=`. With null on a side they are false, but for `== null` and `!= null` themselves. Two types: false
 * and counted, `!=` true and counted. Numbers are ordered as numbers, strings by code unit, and nothing else has an
 * order (S8.2).
 */

import { assert, unreachable } from "../core/assert.ts";
import { parseTime } from "../core/time.ts";
import type { BinaryOperator, Expr } from "../lang/ast.ts";
import type { Compiler, ExprOf } from "./compiler.ts";
import { equal } from "./equality.ts";
import { literalValue } from "./literal.ts";
import type { Literal } from "./literal.ts";
import { resolvePath } from "./path.ts";
import { plainField } from "./read.ts";
import { isTimestamp } from "./static-type.ts";
import type { Compiled, EvalContext, Scope, Value } from "./types.ts";
import { kindOf } from "./value-kind.ts";

type Ordering = "<" | "<=" | ">" | ">=";

const MIRRORED: Record<Ordering, Ordering> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

export function compileComparison(expr: ExprOf<"binary">, compiler: Compiler): Compiled<boolean> {
  const { operator, left, right } = expr;
  const leftLiteral = literalOf(left, right, compiler.scope);
  const rightLiteral = literalOf(right, left, compiler.scope);
  if (operator === "==" || operator === "!=") {
    const negated = operator === "!=";
    if (rightLiteral !== undefined)
      return compileEqualsLiteral({ expr: left, literal: rightLiteral, negated }, compiler);
    if (leftLiteral !== undefined)
      return compileEqualsLiteral({ expr: right, literal: leftLiteral, negated }, compiler);
    return compileEquals(compiler.value(left), compiler.value(right), negated);
  }
  assert(isOrdering(operator), `${operator} is not a comparison`);
  if (typeof rightLiteral === "number") return compileBounded(compiler.value(left), operator, rightLiteral);
  if (typeof leftLiteral === "number") return compileBounded(compiler.value(right), MIRRORED[operator], leftLiteral);
  const a = leftLiteral === undefined ? compiler.value(left) : () => leftLiteral;
  const b = rightLiteral === undefined ? compiler.value(right) : () => rightLiteral;
  return compileOrdered(a, operator, b);
}

/** The value of a literal; beside a `timestamp`, RFC 3339 text is the moment that it names. */
function literalOf(expr: Expr, beside: Expr, scope: Scope): Literal | undefined {
  const value = literalValue(expr);
  if (typeof value !== "string" || !isTimestamp(resolvePath(beside, scope), scope)) return value;
  return parseTime(value) ?? value;
}

// ---- equality --------------------------------------------------------------------------------------------------

interface EqualsLiteral {
  readonly expr: Expr;
  readonly literal: Literal;
  readonly negated: boolean;
}

function compileEqualsLiteral({ expr, literal, negated }: EqualsLiteral, compiler: Compiler): Compiled<boolean> {
  const value = compiler.value(expr);
  if (literal === null) return negated ? (context) => value(context) !== null : (context) => value(context) === null;
  const type = typeof literal;
  if (negated) {
    return (context) => {
      const found = value(context);
      if (found === literal || found === null) return false;
      if (typeof found !== type) context.faults++;
      return true;
    };
  }
  const field = plainField(expr, compiler.scope);
  if (field !== null) {
    return (context) => {
      const found = context.event.data[field];
      if (found === literal) return true;
      if (typeof found !== type && found !== undefined && found !== null) context.faults++;
      return false;
    };
  }
  return (context) => {
    const found = value(context);
    if (found === literal) return true;
    if (typeof found !== type && found !== null) context.faults++;
    return false;
  };
}

function compileEquals(left: Compiled, right: Compiled, negated: boolean): Compiled<boolean> {
  if (negated) {
    return (context) => {
      const a = left(context);
      const b = right(context);
      return a !== b && a !== null && b !== null && !equalOrFault(context, a, b);
    };
  }
  return (context) => {
    const a = left(context);
    const b = right(context);
    return a !== null && b !== null && (a === b || equalOrFault(context, a, b));
  };
}

/** Of two that are not identical. */
function equalOrFault(context: EvalContext, a: NonNullable<Value>, b: NonNullable<Value>): boolean {
  if (typeof a === typeof b && typeof a !== "object") return false;
  if (kindOf(a) === kindOf(b)) return equal(a, b);
  context.faults++;
  return false;
}

// ---- order -----------------------------------------------------------------------------------------------------

function isOrdering(operator: BinaryOperator): operator is Ordering {
  return Object.hasOwn(MIRRORED, operator);
}

function compileBounded(value: Compiled, operator: Ordering, bound: number): Compiled<boolean> {
  switch (operator) {
    case "<":
      return (context) => {
        const found = value(context);
        return typeof found === "number" ? found < bound : unordered(context, found);
      };
    case "<=":
      return (context) => {
        const found = value(context);
        return typeof found === "number" ? found <= bound : unordered(context, found);
      };
    case ">":
      return (context) => {
        const found = value(context);
        return typeof found === "number" ? found > bound : unordered(context, found);
      };
    case ">=":
      return (context) => {
        const found = value(context);
        return typeof found === "number" ? found >= bound : unordered(context, found);
      };
    default:
      return unreachable(operator);
  }
}

function unordered(context: EvalContext, found: Value): false {
  if (found !== null) context.faults++;
  return false;
}

function compileOrdered(left: Compiled, operator: Ordering, right: Compiled): Compiled<boolean> {
  const holds = ORDERINGS[operator];
  return (context) => {
    const a = left(context);
    const b = right(context);
    if (typeof a === "number" && typeof b === "number") return holds(a, b);
    if (typeof a === "string" && typeof b === "string") return holds(a, b);
    if (a !== null && b !== null) context.faults++;
    return false;
  };
}

/** Over two numbers or two strings. */
const ORDERINGS: Record<Ordering, (a: string | number, b: string | number) => boolean> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};
