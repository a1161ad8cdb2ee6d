/**
 * What an expression looks at beyond the event at hand. A condition that reads no stage is tested once per event, not
 * per partial match.
 */

import type { Expr } from "../lang/ast.ts";
import type { Scope } from "./types.ts";
import { subexpressions } from "./walk.ts";

/** Indices of the stages that the expression reads. */
export function stagesRead(expr: Expr, scope: Scope): ReadonlySet<number> {
  const stages = new Set<number>();
  for (const part of subexpressions(expr)) {
    const stage = part.kind === "name" ? scope.stages.get(part.name) : undefined;
    if (stage !== undefined) stages.add(stage);
  }
  return stages;
}
