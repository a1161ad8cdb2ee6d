/** Conditions that depend on nothing: what they come to can be told when the rule is loaded. */

import type { Expr } from "../lang/ast.ts";
import { compileCondition } from "./compile.ts";
import type { EvalContext, Scope } from "./types.ts";
import { subexpressions } from "./walk.ts";

const NOWHERE: Scope = { stages: new Map(), schema: null };

/** Null where it depends on something. A bare `true` or `false` is meant as it is written. */
export function constantTruth(condition: Expr): boolean | null {
  if (condition.kind === "literal" || !isConstant(condition)) return null;
  return compileCondition(condition, NOWHERE)(nothing());
}

/** Of comparisons, `in` and `like` over literals alone; calls could be anything, and rarely have only literals. */
function isConstant(condition: Expr): boolean {
  for (const { kind } of subexpressions(condition)) {
    if (kind === "name" || kind === "call" || kind === "match") return false;
  }
  return true;
}

function nothing(): EvalContext {
  const event = { stream: "", offset: 0, id: null, ordinal: 0, time: 0, data: {} };
  return { event, matched: null, window: null, now: 0, lists: { has: () => false }, faults: 0 };
}
