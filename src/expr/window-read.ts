/** Compiles what stands for itself in what is said about a window that fires: a part of its key, the result of an aggregate. */

import { assert } from "../core/assert.ts";
import type { Expr } from "../lang/ast.ts";
import type { Compiled, Scope, Value } from "./types.ts";
import { firingOf, isWindowAggregate, keyIndexOf, meaningOf } from "./window-scope.ts";

/** Null for all else. */
export function compileInWindow(expr: Expr, scope: Scope): Compiled | null {
  const firing = firingOf(scope);
  if (firing === null) return null;
  const part = keyIndexOf(expr, scope);
  if (part !== -1) {
    return firing.keys.length === 1
      ? (context) => context.window!.key
      : (context) => (context.window!.key as readonly Value[])[part]!;
  }
  if (expr.kind !== "call" || !isWindowAggregate(expr)) return null;
  const index = firing.results.get(meaningOf(expr));
  assert(index !== undefined, "each aggregate of a window rule is folded");
  return (context) => context.window!.results[index]!;
}
