/**
 * A path: where a value is read from. Names mean different things in different scopes; this is where that is decided
 * (S8.7).
 */

import type { Expr } from "../lang/ast.ts";
import type { ExprOf } from "./compiler.ts";
import type { Step } from "./field.ts";
import type { Scope } from "./types.ts";

/** What a path starts from. All but `value` stand for one event, or none. */
export type PathRoot =
  /** The event being tested; in `emit`, the last of the match. */
  | { readonly kind: "event" }
  /** A stage by its bare name: where one event is asked for, its last. */
  | { readonly kind: "stage"; readonly stage: number }
  | { readonly kind: "first" | "last"; readonly stage: number }
  | { readonly kind: "nth"; readonly stage: number; readonly index: number }
  /** Anything else: `split(name, " ")[0]`. */
  | { readonly kind: "value"; readonly expr: Expr };

export interface Path {
  readonly root: PathRoot;
  readonly steps: readonly Step[];
}

export function resolvePath(expr: Expr, scope: Scope): Path {
  const { base, links } = unwound(expr);
  const steps = links.map(stepOf);
  if (base.kind === "name") return resolveName(base.name, steps, scope);
  if (base.kind === "call") {
    const occurrence = resolveEndCall(base, steps, scope);
    if (occurrence !== null) return occurrence;
  }
  return { root: { kind: "value", expr: base }, steps };
}

/** The stage that an argument such as `failed` or `failed.ip` goes through event by event; null when there is none. */
export function stagePath(
  expr: Expr,
  scope: Scope,
): { readonly stage: number; readonly steps: readonly Step[] } | null {
  const { root, steps } = resolvePath(expr, scope);
  return root.kind === "stage" ? { stage: root.stage, steps } : null;
}

/** One link of a path as written: `.f`, `["f"]` or `[0]`. */
export type Link = ExprOf<"member" | "index">;

/** `a.b[0].c` → `a` and its links. A loop, because a path may be longer than the machine's stack is deep. */
export function unwound(expr: Expr): { readonly base: Expr; readonly links: readonly Link[] } {
  const links: Link[] = [];
  let base = expr;
  while (base.kind === "member" || base.kind === "index") {
    links.push(base);
    base = base.object;
  }
  return { base, links: links.reverse() };
}

export function stepOf(link: Link): Step {
  return link.kind === "member" ? link.name : link.index;
}

function resolveName(name: string, steps: readonly Step[], scope: Scope): Path {
  const stage = scope.stages.get(name);
  if (stage !== undefined) {
    const index = steps[0];
    if (typeof index === "number") return { root: { kind: "nth", stage, index }, steps: steps.slice(1) };
    return { root: { kind: "stage", stage }, steps };
  }
  return name === "event" ? { root: { kind: "event" }, steps } : { root: { kind: "event" }, steps: [name, ...steps] };
}

/** `first(a)`, `last(a).f`, and `first(a.f)`, which is `first(a).f`. */
function resolveEndCall(call: ExprOf<"call">, steps: readonly Step[], scope: Scope): Path | null {
  const name = call.name.text;
  if ((name !== "first" && name !== "last") || call.args.length !== 1) return null;
  const argument = stagePath(call.args[0]!, scope);
  if (argument === null) return null;
  return { root: { kind: name, stage: argument.stage }, steps: [...argument.steps, ...steps] };
}
