/**
 * What the expressions of a window rule can name. An event's own fields mean nothing to a window as a whole: what is said
 * about it is made of keys, which all of its events share, and of aggregates (S10.5).
 */

import type { Expr } from "../lang/ast.ts";
import type { ObjectType } from "../lang/definition.ts";
import { printExpr } from "../lang/print-expr.ts";
import { WINDOW_AGGREGATES } from "./aggregates.ts";
import type { ExprOf } from "./compiler.ts";
import { namedList } from "./membership.ts";
import { pathOf, sameMeaning } from "./same-meaning.ts";
import type { FiringScope, Scope } from "./types.ts";

/** `from ... where`, `key by` and the arguments of aggregates. */
export function windowEventScope(schema: ObjectType | null): Scope {
  return { stages: new Map(), schema, window: { kind: "event" } };
}

/** `having`, `emit` and `suppress by`. */
export function firingScope({
  keyBy,
  schema,
  results = new Map(),
}: {
  readonly keyBy: readonly Expr[];
  readonly schema: ObjectType | null;
  readonly results?: ReadonlyMap<string, number>;
}): Scope {
  return { stages: new Map(), schema, window: { kind: "firing", keys: keyBy, results } };
}

export function firingOf({ window }: Scope): FiringScope | null {
  return window?.kind === "firing" ? window : null;
}

/** Which part of the key the expression is; -1 where it is none. */
export function keyIndexOf(expr: Expr, scope: Scope): number {
  return firingOf(scope)?.keys.findIndex((key) => sameMeaning(key, expr)) ?? -1;
}

/** `sum(x)`, but not `min(a, b)`, which is a function, and not `list("name")`, which only means something to `in`. */
export function isWindowAggregate(call: ExprOf<"call">): boolean {
  const name = call.name.text;
  if (!WINDOW_AGGREGATES.has(name) || namedList(call) !== null) return false;
  return call.args.length < 2 || (name !== "min" && name !== "max");
}

/** A text that calls of one meaning share. */
export function meaningOf(expr: Expr): string {
  if (expr.kind === "call") return `${expr.name.text}(${expr.args.map(meaningOf).join(", ")})`;
  const path = pathOf(expr);
  if (path === null) return printExpr(expr, { interpolates: false });
  return `event${path.map((step) => `[${JSON.stringify(step)}]`).join("")}`;
}
