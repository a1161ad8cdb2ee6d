/**
 * Compiles expressions into closures, once per rule: they run for every event and every partial match. Nothing they do
 * throws (S8.1).
 */

import { unreachable } from "../core/assert.ts";
import type { Expr } from "../lang/ast.ts";
import { compileArithmetic, compileNegation } from "./arithmetic.ts";
import { compileCall } from "./call.ts";
import { isArithmetic } from "./chain.ts";
import { compileComparison } from "./comparison.ts";
import type { Compiler, ExprOf } from "./compiler.ts";
import { compileAll, compileAny, compileNot } from "./logic.ts";
import { compileMatch } from "./match.ts";
import { compileMembership } from "./membership.ts";
import { compileRead } from "./read.ts";
import { compileTemplate } from "./template.ts";
import type { Compiled, Scope, Value } from "./types.ts";
import { compileInWindow } from "./window-read.ts";

/** The expression must have passed `typecheck`. */
export function compileExpression(expr: Expr, scope: Scope): Compiled {
  return compilerFor(scope).value(expr);
}

/** As `compileExpression`; anything but true is false. */
export function compileCondition(expr: Expr, scope: Scope): Compiled<boolean> {
  return compilerFor(scope).condition(expr);
}

function compilerFor(scope: Scope): Compiler {
  const compiler: Compiler = {
    scope,
    value: (expr) => compileInWindow(expr, scope) ?? compileValue(expr, compiler),
    condition: (expr) => compileTest(expr, compiler),
  };
  return compiler;
}

function compileValue(expr: Expr, compiler: Compiler): Compiled {
  switch (expr.kind) {
    case "literal":
      return constant(expr.value);
    case "duration":
      return constant(expr.ms);
    case "array":
      return compileArray(expr, compiler);
    case "name":
    case "member":
    case "index":
      return compileRead(expr, compiler);
    case "call":
      return compileCall(expr, compiler);
    case "unary":
      return expr.operator === "not" ? compileNot(expr, compiler) : compileNegation(expr, compiler);
    case "binary":
      return isArithmetic(expr.operator) ? compileArithmetic(expr, compiler) : compileTruth(expr, compiler);
    case "in":
      return compileMembership(expr, compiler);
    case "match":
      return compileMatch(expr, compiler);
    case "template":
      return compileTemplate(expr, compiler);
    default:
      return unreachable(expr);
  }
}

function compileTest(expr: Expr, compiler: Compiler): Compiled<boolean> {
  const inWindow = compileInWindow(expr, compiler.scope);
  if (inWindow !== null) return (context) => inWindow(context) === true;
  switch (expr.kind) {
    case "unary":
      if (expr.operator === "not") return compileNot(expr, compiler);
      break;
    case "binary":
      if (!isArithmetic(expr.operator)) return compileTruth(expr, compiler);
      break;
    case "in":
      return compileMembership(expr, compiler);
    case "match":
      return compileMatch(expr, compiler);
    case "literal":
    case "duration":
    case "array":
    case "name":
    case "member":
    case "index":
    case "call":
    case "template":
      break;
    default:
      return unreachable(expr);
  }
  const value = compiler.value(expr);
  return (context) => value(context) === true;
}

/** `and`, `or` and comparisons give true or false, and nothing else. */
function compileTruth(expr: ExprOf<"binary">, compiler: Compiler): Compiled<boolean> {
  if (expr.operator === "and") return compileAll(expr, compiler);
  if (expr.operator === "or") return compileAny(expr, compiler);
  return compileComparison(expr, compiler);
}

function constant(value: Value): Compiled {
  return () => value;
}

function compileArray(expr: ExprOf<"array">, compiler: Compiler): Compiled {
  const items = expr.items.map(compiler.value);
  return (context) => items.map((item) => item(context));
}
