/** The aggregates of a window rule: each different one folded once, all of them together (S10.7). */

import type { Json } from "../core/event.ts";
import type { Expr } from "../lang/ast.ts";
import type { ObjectType } from "../lang/definition.ts";
import { percentOf } from "./aggregate.ts";
import { WINDOW_AGGREGATES } from "./aggregates.ts";
import { compileExpression } from "./compile.ts";
import type { ExprOf } from "./compiler.ts";
import type { Compiled, EvalContext, Scope, Value } from "./types.ts";
import type { Aggregate, ValueFold } from "./value-fold.ts";
import { subexpressions } from "./walk.ts";
import { isWindowAggregate, keyIndexOf, meaningOf, windowEventScope } from "./window-scope.ts";

/** Folds the window's events; what goes in are the values of `read`, what comes out is `WindowFiring.results`. */
export interface WindowAggregates {
  /** What is folded, as text, in an order of its own: who has the same names can go on with the same accumulators. */
  readonly names: readonly string[];
  /** Whether the order in which events come makes a difference. */
  readonly dependOnOrder: boolean;
  /** Where a call's result stands among the results, by its meaning: `FiringScope.results`. */
  readonly results: ReadonlyMap<string, number>;
  /** What the aggregates want of the event at hand. An evictor keeps this in place of the event. */
  read(context: EvalContext): readonly Value[];
  create(): WindowAccumulator;
  /** May change the accumulator that it is given, and gives it back. */
  add(accumulator: WindowAccumulator, values: readonly Value[]): WindowAccumulator;
  /** Both as one, `earlier` before `later`: may change `earlier`, never `later`. */
  merge(earlier: WindowAccumulator, later: WindowAccumulator): WindowAccumulator;
  /** So far; nothing of it changes with the accumulator. */
  getResults(accumulator: WindowAccumulator): readonly Value[];
  /** How many of its aggregates have left values out, because there is a limit: faults of the rule, at each firing. */
  cutCount(accumulator: WindowAccumulator): number;
  encode(accumulator: WindowAccumulator): Json;
  decode(json: Json): WindowAccumulator;
}

/** An accumulator for each name. */
export type WindowAccumulator = unknown[];

/** Of the aggregates that stand in these expressions, which are what the rule says about a window. */
export function windowAggregates(
  expressions: readonly Expr[],
  { scope, schema }: { readonly scope: Scope; readonly schema: ObjectType | null },
): WindowAggregates {
  const calls = expressions.flatMap((expr) => aggregateCalls(expr, scope));
  const folded = new Map(calls.map((call) => [nameOfFold(call), call]));
  const names = [...folded.keys()].sort();
  const folds = names.map((name) => aggregateOf(folded.get(name)!).fold);
  const read = names.map((name) => compileArgument(folded.get(name)!, schema));

  const byMeaning = new Map(calls.map((call) => [meaningOf(call), call]));
  const looks = [...byMeaning.values()].map((call) => {
    return { at: names.indexOf(nameOfFold(call)), result: aggregateOf(call).result };
  });
  return {
    names,
    dependOnOrder: folds.some(({ dependsOnOrder }) => dependsOnOrder === true),
    results: new Map([...byMeaning.keys()].map((meaning, index) => [meaning, index])),
    read: (context) => read.map((argument) => argument(context)),
    getResults: (accumulator) => looks.map(({ at, result }) => result(accumulator[at])),
    ...together(folds),
  };
}

/** Folds side by side. */
function together(
  folds: readonly ValueFold[],
): Pick<WindowAggregates, "create" | "add" | "merge" | "cutCount" | "encode" | "decode"> {
  return {
    create: () => folds.map((fold) => fold.create()),
    add(accumulator, values) {
      for (let i = 0; i < folds.length; i++) accumulator[i] = folds[i]!.add(accumulator[i], values[i]!);
      return accumulator;
    },
    merge(earlier, later) {
      for (let i = 0; i < folds.length; i++) earlier[i] = folds[i]!.merge(earlier[i], later[i]);
      return earlier;
    },
    cutCount: (accumulator) => folds.filter((fold, i) => fold.isCut?.(accumulator[i]) === true).length,
    encode: (accumulator) => folds.map((fold, i) => fold.encode(accumulator[i])),
    decode: (json) => folds.map((fold, i) => fold.decode((json as readonly Json[])[i]!)),
  };
}

/** Those that are not part of a key; an aggregate has none inside. */
function aggregateCalls(expr: Expr, scope: Scope): ExprOf<"call">[] {
  const calls: ExprOf<"call">[] = [];
  for (const part of subexpressions(expr)) if (part.kind === "call" && isWindowAggregate(part)) calls.push(part);
  return calls.filter((call) => keyIndexOf(call, scope) === -1);
}

function aggregateOf(call: ExprOf<"call">): Aggregate {
  return WINDOW_AGGREGATES.get(call.name.text)!(percentOf(call));
}

/** All percentiles of one expression look at one sketch, and sums and averages of one at one sum. */
function nameOfFold({ name, args }: ExprOf<"call">): string {
  const [argument] = args;
  const fold = name.text === "avg" ? "sum" : name.text;
  return `${fold}(${argument === undefined ? "" : meaningOf(argument)})`;
}

/** `count()` counts each event. */
function compileArgument({ args: [argument] }: ExprOf<"call">, schema: ObjectType | null): Compiled {
  return argument === undefined ? () => true : compileExpression(argument, windowEventScope(schema));
}
