/** Compiles the reading of a path: from the current event, from an event matched before, or from a computed value. */

import { unreachable } from "../core/assert.ts";
import type { Event } from "../core/event.ts";
import { parseTime } from "../core/time.ts";
import type { Expr } from "../lang/ast.ts";
import type { Compiler } from "./compiler.ts";
import { compileSteps, isPlainName } from "./field.ts";
import { firstOf, lastOf, nthOf } from "./matched.ts";
import { resolvePath } from "./path.ts";
import type { Path, PathRoot } from "./path.ts";
import { isTimestamp } from "./static-type.ts";
import type { Compiled, EvalContext, Scope, Value } from "./types.ts";

export function compileRead(expr: Expr, compiler: Compiler): Compiled {
  const path = resolvePath(expr, compiler.scope);
  const read = compilePathRead(path, compiler);
  if (!isTimestamp(path, compiler.scope)) return read;
  return (context) => parseTime(read(context)) ?? null;
}

/** The name, when the expression is a field of the current event that a plain property read gives as it is. */
export function plainField(expr: Expr, scope: Scope): string | null {
  if (expr.kind !== "name" && expr.kind !== "member") return null;
  const path = resolvePath(expr, scope);
  const [step] = path.steps;
  if (path.root.kind !== "event" || path.steps.length !== 1 || typeof step !== "string") return null;
  return isPlainName(step) && !isTimestamp(path, scope) ? step : null;
}

/** The one event that a root stands for; null when there is none. */
export function compileOccurrence(root: Exclude<PathRoot, { kind: "value" }>): (context: EvalContext) => Event | null {
  switch (root.kind) {
    case "event":
      return (context) => context.event;
    case "stage":
    case "last":
      return (context) => lastOf(context.matched, root.stage);
    case "first":
      return (context) => firstOf(context.matched, root.stage);
    case "nth":
      return (context) => nthOf(context.matched, root.stage, root.index);
    default:
      return unreachable(root);
  }
}

function compilePathRead({ root, steps }: Path, compiler: Compiler): Compiled {
  const [step] = steps;
  const plain = steps.length === 1 && typeof step === "string" && isPlainName(step) ? step : null;
  if (root.kind === "value") {
    const value = compiler.value(root.expr);
    const read = compileSteps(steps);
    return (context) => read(value(context));
  }
  if (root.kind === "event") {
    if (plain !== null) return (context) => context.event.data[plain] ?? null;
    const read = compileSteps(steps);
    return (context) => read(context.event.data);
  }
  if (plain !== null && root.kind === "stage") return compileLastField(root.stage, plain);
  const occurrence = compileOccurrence(root);
  const read = compileSteps(steps);
  return (context) => {
    const event = occurrence(context);
    return event === null ? null : read(event.data);
  };
}

/** `failed.ip`: what most conditions over earlier events ask. */
function compileLastField(stage: number, name: string): Compiled {
  return (context): Value => {
    const event = lastOf(context.matched, stage);
    return event === null ? null : (event.data[name] ?? null);
  };
}
