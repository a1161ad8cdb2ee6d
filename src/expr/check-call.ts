/**
 * Checks calls: that there is such a function, with as many arguments, of such types, and that it has a meaning here.
 */

import { nearest } from "../core/nearest.ts";
import { isTimeZone } from "../core/time-zone.ts";
import type { Expr } from "../lang/ast.ts";
import { AGGREGATES, aggregateOver, isAggregate } from "./aggregate.ts";
import { checkAggregate, checkEnd, reportNotOverStage } from "./check-aggregate.ts";
import { checkStageField } from "./check-path.ts";
import { checkWindowTime } from "./check-window.ts";
import type { Checker, Position } from "./checker.ts";
import type { ExprOf } from "./compiler.ts";
import { describeExpr, stating } from "./describe.ts";
import { leastArguments, mostArguments, parameterAt, signatureOf } from "./function.ts";
import type { FunctionDefinition, Parameter, ParameterType } from "./function.ts";
import { FUNCTIONS } from "./functions.ts";
import { namedList } from "./membership.ts";
import { stagePath } from "./path.ts";
import { ANY, BOOLEAN, NUMBER, STRING, isTime, joined, listOf, mayBe } from "./static-type.ts";
import { ZONE_PARAMETER } from "./time-functions.ts";
import type { StaticType } from "./types.ts";
import { firingOf, isWindowAggregate } from "./window-scope.ts";

type Call = ExprOf<"call">;

export function checkCall(call: Call, checker: Checker): StaticType {
  const name = call.name.text;
  if (name === "first" || name === "last") return checkEnd(call, checker);
  if (name === "time") return checkTime(call, checker);
  const over = aggregateOver(call, checker.scope);
  if (over !== null) return checkAggregate(call, over, checker);
  const definition = FUNCTIONS.get(name);
  const fewest = definition === undefined ? 0 : leastArguments(definition);
  if (isAggregate(name) && (definition === undefined || call.args.length < fewest)) {
    if (namedList(call) === null) return reportNotOverStage(call, checker);
    return reportMisplaced(call, checker);
  }
  if (name === "cidr") return reportMisplaced(call, checker);
  if (definition === undefined) return reportUnknown(call, checker);
  return checkFunction(call, definition, checker);
}

function reportUnknown(call: Call, checker: Checker): StaticType {
  const name = call.name.text;
  const near = ALIASES.get(name.toLowerCase()) ?? nearest(name, KNOWN);
  checker.report({
    code: "E302",
    span: call.name.span,
    message: `there is no function \`${name}\``,
    hint: near === null ? undefined : `did you mean \`${near}\`?`,
  });
  // In a window it was perhaps meant to go over events, and then its arguments would be theirs.
  if (firingOf(checker.scope) === null) for (const argument of call.args) checkArgument(argument, checker);
  return ANY;
}

const KNOWN = [...FUNCTIONS.keys(), ...AGGREGATES, "first", "last", "time", "cidr"];

/** What people call it elsewhere. */
const ALIASES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    avg: "mean average",
    stddev: "stdev stddev_samp",
    list: "array_agg collect collect_list",
    distinct: "collect_set",
    count_distinct: "approx_count_distinct countdistinct uniq",
    percentile: "median quantile approx_percentile percentile_cont percentile_disc",
    first: "first_value",
    last: "last_value",
    window_start: "tumble_start hop_start session_start",
    window_end: "tumble_end hop_end session_end",
  }).flatMap(([name, others]) => others.split(" ").map((other) => [other, name] as const)),
);

/** `list("name")` and `cidr("10.0.0.0/8")` are no values: they only mean something to `in`. */
function reportMisplaced(call: Call, checker: Checker): StaticType {
  const name = call.name.text;
  checker.report({
    code: name === "cidr" ? "E311" : "E309",
    span: call.span,
    message: `\`${name}("...")\` has a meaning only directly after \`in\``,
    hint: name === "cidr" ? 'such as `ip in cidr("10.0.0.0/8")`' : 'such as `country in list("high_risk")`',
  });
  return ANY;
}

// ---- functions -------------------------------------------------------------------------------------------------

function checkFunction(call: Call, definition: FunctionDefinition, checker: Checker): StaticType {
  const name = call.name.text;
  const types = call.args.map((argument) => checkArgument(argument, checker, name === "exists"));
  const signature = signatureOf(name, definition);
  if (!checkCount(call, { least: leastArguments(definition), most: mostArguments(definition), signature }, checker)) {
    return ANY;
  }
  for (const [index, type] of types.entries()) {
    const argument = call.args[index]!;
    const parameter = parameterAt(definition, index);
    if (!accepts(parameter.type, type)) reportArgument({ call, argument, type, parameter, signature }, checker);
    else if (parameter.name === ZONE_PARAMETER) checkZone(argument, checker);
  }
  if (name === "now") checkNow(call, checker);
  if (name === "window_start" || name === "window_end") checkWindowTime(call, checker);
  return resultOf(definition, types);
}

/** A stage may be asked whether it exists; to any other function it is no value. */
function checkArgument(argument: Expr, checker: Checker, stageAllowed = false): StaticType {
  const stage = stageAllowed ? stagePath(argument, checker.scope) : null;
  return stage !== null && stage.steps.length === 0 ? checkStageField(argument, checker) : checker.typeOf(argument);
}

interface Arity {
  readonly least: number;
  readonly most: number;
  readonly signature: string;
}

function checkCount(call: Call, { least, most, signature }: Arity, checker: Checker): boolean {
  const count = call.args.length;
  if (count >= least && count <= most) return true;
  const wanted =
    least === most ? `${least}` : most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`;
  const noun = least === 1 && most !== 2 ? "argument" : "arguments";
  checker.report({
    code: "E303",
    span: call.span,
    message: `\`${call.name.text}\` takes ${wanted} ${noun}, and here ${count === 1 ? "is 1" : `are ${count === 0 ? "none" : count}`}`,
    hint: `write \`${signature}\``,
  });
  return false;
}

function accepts(wanted: ParameterType, type: StaticType): boolean {
  if (type.kind === "null") return true;
  switch (wanted) {
    case "any":
      return true;
    case "string":
    case "number":
    case "boolean":
      return mayBe(type, wanted);
    case "time":
      return mayBe(type, "number") || mayBe(type, "string");
    case "string or list":
      return mayBe(type, "string") || mayBe(type, "list");
  }
}

interface BadArgument {
  readonly call: Call;
  readonly argument: Expr;
  readonly type: StaticType;
  readonly parameter: Parameter;
  readonly signature: string;
}

function reportArgument({ call, argument, type, parameter, signature }: BadArgument, checker: Checker): void {
  const wanted = parameter.type === "boolean" ? "a condition" : `a ${parameter.type}`;
  checker.report({
    code: "E304",
    span: argument.span,
    message: `\`${call.name.text}\` needs ${wanted} here, and ${stating(argument, type)}`,
    hint: parameter.type === "string" && isTime(type) ? "use `date(...)`" : `it is \`${signature}\``,
  });
}

function checkZone(argument: Expr, checker: Checker): void {
  if (argument.kind !== "literal" || typeof argument.value !== "string" || isTimeZone(argument.value)) return;
  checker.report({
    code: "E312",
    span: argument.span,
    message: `there is no time zone ${describeExpr(argument)}`,
    hint: 'use a name of the IANA database, such as `"Europe/Paris"` or `"UTC"`',
  });
}

/** A key, and what an aggregate takes in, must follow from the event alone; a stream's clauses come before any progress of time. */
const TIMELESS: Partial<Record<Position, string>> = {
  key: "a key",
  aggregate: "an aggregate",
  stream: "a stream's clause",
};

function checkNow(call: Call, checker: Checker): void {
  const place = TIMELESS[checker.position];
  if (place === undefined) return;
  checker.report({
    code: "E319",
    span: call.span,
    message: `\`now()\` has no meaning in ${place}`,
    hint: "use the event's own time: `time(event)`",
  });
}

function resultOf({ result, parameters }: FunctionDefinition, types: readonly StaticType[]): StaticType {
  switch (result) {
    case "string":
      return STRING;
    case "number":
      return NUMBER;
    case "boolean":
      return BOOLEAN;
    case "list of strings":
      return listOf(STRING);
    case "branches":
      return joined(types.filter((_, index) => parameters[index]?.type !== "boolean"));
  }
}

// ---- time ------------------------------------------------------------------------------------------------------

function checkTime(call: Call, checker: Checker): StaticType {
  const types = call.args.map((argument) => checkArgument(argument, checker, true));
  if (!checkCount(call, { least: 1, most: 1, signature: "time(event)" }, checker)) return NUMBER;
  const [type] = types;
  const eventLike = type!.kind === "object" || accepts("time", type!);
  if (isEventOfWindow(call.args[0]!, checker)) reportTimeOfAggregate(call, checker);
  else if (!eventLike) {
    checker.report({
      code: "E304",
      span: call.args[0]!.span,
      message: `\`time\` needs an event or the text of a time, and ${stating(call.args[0]!, type!)}`,
      hint: "such as `time(event)` or `time(last(stage))`",
    });
  }
  return NUMBER;
}

/** `last(event)` is what the window's last event holds, which has no time of its own. */
function isEventOfWindow(argument: Expr, { scope }: Checker): boolean {
  if (firingOf(scope) === null || argument.kind !== "call" || !isWindowAggregate(argument)) return false;
  const [event] = argument.args;
  return event?.kind === "name" && event.name === "event";
}

function reportTimeOfAggregate(call: Call, checker: Checker): void {
  const aggregate = call.args[0] as Call;
  checker.report({
    code: "E304",
    span: aggregate.span,
    message: `${describeExpr(aggregate)} is what an event holds, and no event any more`,
    hint: `turn it around: \`${aggregate.name.text}(time(event))\``,
  });
}
