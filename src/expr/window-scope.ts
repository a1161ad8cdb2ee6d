/**
 * What the expressions of a window rule can name. An event's own fields mean nothing to a window as a whole: what is said
 * about it is made of keys, which all of its events share, and of aggregates.
 */

import type { Expr } from "../lang/ast.ts";
import type { ObjectType } from "../lang/definition.ts";
import { printExpr } from "../lang/print-expr.ts";
import { WINDOW_AGGREGATES } from "./aggregates.ts";
import type { ExprOf } from "./compiler.ts";
import { namedList } from "./membership.ts";
import { stepOf, unwound } from "./path.ts";
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
  const keys = keyBy.map((expr) => ({ expr, name: meaningOf(expr) }));
  return { stages: new Map(), schema, window: { kind: "firing", keys, results } };
}

export function firingOf({ window }: Scope): FiringScope | null {
  return window?.kind === "firing" ? window : null;
}

/** Which part of the key the expression is; -1 where it is none. */
export function keyIndexOf(expr: Expr, scope: Scope): number {
  const firing = firingOf(scope);
  const mayBe = firing?.keys.some((key) => key.expr.kind === expr.kind || (isPath(key.expr) && isPath(expr)));
  if (firing === null || mayBe !== true) return -1;
  const name = meaningOf(expr);
  return firing.keys.findIndex((key) => key.name === name);
}

function isPath({ kind }: Expr): boolean {
  return kind === "name" || kind === "member" || kind === "index";
}

/** `sum(x)`, but not `min(a, b)`, which is a function, and not `list("name")`, which only means something to `in`. */
export function isWindowAggregate(call: ExprOf<"call">): boolean {
  const name = call.name.text;
  if (!WINDOW_AGGREGATES.has(name) || namedList(call) !== null) return false;
  return call.args.length < 2 || (name !== "min" && name !== "max");
}

/** A text that expressions of one meaning share: a path with and without `event`, all else as it is printed. */
export function meaningOf(expr: Expr): string {
  const { base, links } = unwound(expr);
  if (base.kind !== "name") return printExpr(expr, { interpolates: false });
  const steps = links.map(stepOf);
  return JSON.stringify(base.name === "event" ? steps : [base.name, ...steps]);
}
