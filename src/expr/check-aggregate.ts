/** Checks aggregates, `first` and `last`: that they go over a stage, and over a field that they can fold. */

import { checkPercent } from "./check-percent.ts";
import { checkStageField } from "./check-path.ts";
import type { Checker } from "./checker.ts";
import { mayReadStages } from "./checker.ts";
import type { ExprOf } from "./compiler.ts";
import { describeExpr, stating } from "./describe.ts";
import type { Step } from "./field.ts";
import { stagePath } from "./path.ts";
import { ANY, NUMBER, familyOf, listOf, mayBe } from "./static-type.ts";
import type { StaticType } from "./types.ts";

type Call = ExprOf<"call">;

export function checkAggregate(call: Call, over: { readonly steps: readonly Step[] }, checker: Checker): StaticType {
  const name = call.name.text;
  const argument = call.args[0]!;
  const type = checkStageField(argument, checker);
  if (name === "percentile") checkPercent(call.args[1]!, checker);
  if (over.steps.length === 0 && !WHOLE_EVENTS.has(name)) {
    reportNotFoldable(call, `\`${name}\` needs a field of the events of ${describeExpr(argument)}`, checker);
    return NUMBER;
  }
  return foldedType(call, type, checker);
}

const WHOLE_EVENTS = new Set(["count", "count_distinct", "list", "distinct"]);

/** Of the aggregate over values of the type: of its first argument, where it has one. */
export function foldedType(call: Call, type: StaticType, checker: Checker): StaticType {
  switch (call.name.text) {
    case "count":
    case "count_distinct":
      return NUMBER;
    case "list":
    case "distinct":
      return listOf(type);
    case "first":
    case "last":
      return type;
    case "min":
    case "max": {
      const ordered = mayBe(type, "number") || mayBe(type, "string");
      if (!ordered) reportOperand(call, { wanted: "numbers or strings", type }, checker);
      return ordered && familyOf(type) !== "any" ? type : ANY;
    }
    default:
      if (!mayBe(type, "number")) reportOperand(call, { wanted: "numbers", type }, checker);
      return NUMBER;
  }
}

/** `first(a)`, `last(a)`, `first(a.f)`. */
export function checkEnd(call: Call, checker: Checker): StaticType {
  const [argument] = call.args;
  if (call.args.length !== 1 || stagePath(argument!, checker.scope) === null) return reportNotOverStage(call, checker);
  return checkStageField(argument!, checker);
}

export function reportNotOverStage(call: Call, checker: Checker): StaticType {
  const name = call.name.text;
  const [argument] = call.args;
  const [stage] = checker.scope.stages.keys();
  if (stage === undefined || !mayReadStages(checker.position)) {
    checker.report({
      code: "E308",
      span: call.span,
      message: `\`${name}\` goes over matched events, and here nothing has been matched`,
      hint: hintOfNamedList(call) ?? "it can be used in a stage's `where` and in `emit`",
    });
    return ANY;
  }
  if (name === "percentile" && call.args.length === 1 && stagePath(argument!, checker.scope) !== null) {
    checker.report({
      code: "E303",
      span: call.span,
      message: "`percentile` takes a percentage as well",
      hint: `such as \`percentile(${stage}.field, 95)\``,
    });
    return ANY;
  }
  const example = name === "count" || name === "list" || name === "first" || name === "last" ? stage : `${stage}.field`;
  const found = argument === undefined ? "nothing is named here" : `${describeExpr(argument)} is not one`;
  checker.report({
    code: "E318",
    span: (argument ?? call).span,
    message: `\`${name}\` goes over the events of a stage, and ${call.args.length > 1 ? `here are ${call.args.length} arguments` : found}`,
    hint: hintOfNamedList(call) ?? `such as \`${name}(${example}${name === "percentile" ? ", 95" : ""})\``,
  });
  return ANY;
}

/** `list(high_risk)` lacks its quotes. */
function hintOfNamedList({ name, args: [argument] }: Call): string | undefined {
  if (name.text !== "list" || argument?.kind !== "name") return undefined;
  return `for a named list, write its name as a string: \`list("${argument.name}")\``;
}

function reportOperand(
  call: Call,
  { wanted, type }: { readonly wanted: string; readonly type: StaticType },
  checker: Checker,
): void {
  const argument = call.args[0]!;
  reportNotFoldable(call, `\`${call.name.text}\` needs ${wanted}, and ${stating(argument, type)}`, checker);
}

function reportNotFoldable(call: Call, message: string, checker: Checker): void {
  checker.report({
    code: "E304",
    span: call.args[0]!.span,
    message,
    hint: "name a field that it can go over, or use `count`, `distinct` or `list`",
  });
}
