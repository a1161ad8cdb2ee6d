/**
 * Aggregates over the events of a stage: `count(a)`, `sum(a.f)`. As in SQL they pass over null, and here over wrong
 * types too; only `list` keeps one item per event. Over nothing `count` and `sum` are 0, the others null (S8.8).
 */

import { canonicalJson } from "../core/canonical-json.ts";
import { parseTime } from "../core/time.ts";
import type { Expr } from "../lang/ast.ts";
import { finite } from "./arithmetic.ts";
import type { ExprOf } from "./compiler.ts";
import { compileSteps } from "./field.ts";
import type { Step } from "./field.ts";
import { countOf, eventsOf } from "./matched.ts";
import { stagePath } from "./path.ts";
import { isTimestamp } from "./static-type.ts";
import type { Compiled, Scope, Value } from "./types.ts";

/** Folds the values of a stage's events, which come in match order. */
type Fold = (values: readonly Value[]) => Value;

const FOLDS: ReadonlyMap<string, Fold> = new Map<string, Fold>([
  ["count", (values) => values.filter((value) => value !== null).length],
  ["sum", (values) => finite(total(numbersOf(values)))],
  ["avg", (values) => average(numbersOf(values))],
  ["min", (values) => extreme(values, (a, b) => a < b)],
  ["max", (values) => extreme(values, (a, b) => a > b)],
  ["distinct", (values) => someOrNull(distinct(values))],
  ["count_distinct", (values) => distinct(values).length || null],
  ["list", (values) => someOrNull(values)],
]);

export const AGGREGATES: readonly string[] = [...FOLDS.keys()];

export function isAggregate(name: string): boolean {
  return FOLDS.has(name);
}

/** What an aggregate goes over: one argument that is a stage, or a field of one. Null for `min(1, 2)` and `list("name")`. */
export function aggregateOver(
  call: ExprOf<"call">,
  scope: Scope,
): { readonly stage: number; readonly steps: readonly Step[] } | null {
  return isAggregate(call.name.text) && call.args.length === 1 ? stagePath(call.args[0] as Expr, scope) : null;
}

/** Null when the call is no aggregate. */
export function compileAggregate(call: ExprOf<"call">, scope: Scope): Compiled | null {
  const over = aggregateOver(call, scope);
  if (over === null) return null;
  const { stage, steps } = over;
  if (call.name.text === "count" && steps.length === 0) return (context) => countOf(context.matched, stage);

  const fold = FOLDS.get(call.name.text)!;
  const read = compileSteps(steps);
  const timestamps = isTimestamp({ root: { kind: "stage", stage }, steps }, scope);
  return (context) => {
    const values = eventsOf(context.matched, stage).map((event) => read(event.data));
    return fold(timestamps ? values.map((value) => parseTime(value) ?? null) : values);
  };
}

function numbersOf(values: readonly Value[]): readonly number[] {
  return values.filter((value) => typeof value === "number");
}

function total(numbers: readonly number[]): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}

function average(numbers: readonly number[]): Value {
  return numbers.length === 0 ? null : finite(total(numbers) / numbers.length);
}

/** Of the numbers, where there are any; otherwise of the strings. */
function extreme(values: readonly Value[], better: (a: string | number, b: string | number) => boolean): Value {
  let number: number | null = null;
  let text: string | null = null;
  for (const value of values) {
    if (typeof value === "number" && (number === null || better(value, number))) number = value;
    if (typeof value === "string" && (text === null || better(value, text))) text = value;
  }
  return number ?? text;
}

/** Each value once, where it came first. */
function distinct(values: readonly Value[]): readonly Value[] {
  const seen = new Set<Value>();
  const seenTrees = new Set<string>();
  return values.filter((value) => {
    if (value === null) return false;
    const tree = typeof value === "object";
    const before = seen.size + seenTrees.size;
    if (tree) seenTrees.add(canonicalJson(value));
    else seen.add(value);
    return seen.size + seenTrees.size > before;
  });
}

function someOrNull(values: readonly Value[]): Value {
  return values.length === 0 ? null : values;
}
