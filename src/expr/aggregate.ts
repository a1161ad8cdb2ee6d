/**
 * Aggregates over the events of a stage: `count(a)`, `sum(a.f)`. As in SQL they pass over null, and here over wrong
 * types too; only `list` keeps one item per event. Over nothing `count` and `sum` are 0, the others null (S8.8).
 */

import { parseTime } from "../core/time.ts";
import { MATCH_AGGREGATES } from "./aggregates.ts";
import type { ExprOf } from "./compiler.ts";
import { compileSteps } from "./field.ts";
import type { Step } from "./field.ts";
import { countOf, eventsOf } from "./matched.ts";
import { stagePath } from "./path.ts";
import { isTimestamp } from "./static-type.ts";
import type { Compiled, Scope } from "./types.ts";

export const AGGREGATES: readonly string[] = [...MATCH_AGGREGATES.keys()];

export function isAggregate(name: string): boolean {
  return MATCH_AGGREGATES.has(name);
}

/** What an aggregate goes over: a stage, or a field of one. Null for `min(1, 2)` and `list("name")`. */
export function aggregateOver(
  call: ExprOf<"call">,
  scope: Scope,
): { readonly stage: number; readonly steps: readonly Step[] } | null {
  const name = call.name.text;
  const [argument, ...others] = call.args;
  if (!isAggregate(name) || argument === undefined) return null;
  return others.length === (name === "percentile" ? 1 : 0) ? stagePath(argument, scope) : null;
}

/** Null when the call is no aggregate. */
export function compileAggregate(call: ExprOf<"call">, scope: Scope): Compiled | null {
  const over = aggregateOver(call, scope);
  if (over === null) return null;
  const { stage, steps } = over;
  if (call.name.text === "count" && steps.length === 0) return (context) => countOf(context.matched, stage);

  const { fold, result } = MATCH_AGGREGATES.get(call.name.text)!(percentOf(call));
  const read = compileSteps(steps);
  const timestamps = isTimestamp({ root: { kind: "stage", stage }, steps }, scope);
  return (context) => {
    let accumulator = fold.create();
    for (const { data } of eventsOf(context.matched, stage)) {
      const value = read(data);
      accumulator = fold.add(accumulator, timestamps ? (parseTime(value) ?? null) : value);
    }
    return result(accumulator);
  };
}

/** The second argument of `percentile`. */
export function percentOf({ args }: ExprOf<"call">): number {
  const percent = args[1]?.kind === "literal" ? args[1].value : null;
  return typeof percent === "number" ? percent : 0;
}
