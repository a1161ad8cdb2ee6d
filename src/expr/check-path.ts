/**
 * Checks paths: that the fields are declared, that what is gone into has fields or items, and where a stage may stand.
 */

import { nearest } from "../core/nearest.ts";
import type { Expr } from "../lang/ast.ts";
import type { Span } from "../lang/span.ts";
import type { Checker } from "./checker.ts";
import { mayReadStages } from "./checker.ts";
import type { ExprOf } from "./compiler.ts";
import { describeExpr } from "./describe.ts";
import { stepOf, unwound } from "./path.ts";
import type { Link } from "./path.ts";
import { ANY, describeType, typeAtStep } from "./static-type.ts";
import type { StaticType } from "./types.ts";

export function checkPath(expr: Expr, checker: Checker): StaticType {
  const { base, links } = unwound(expr);
  if (base.kind !== "name") return typeAfter(checker.typeOf(base), links, checker);
  if (!checker.scope.stages.has(base.name)) return checkEventPath(base, links, checker);
  if (!checkStageAllowed(base, checker)) return ANY;
  const [first, ...others] = links;
  if (first === undefined) {
    reportBareStage(base, checker);
    return ANY;
  }
  return typeAfter(checker.scope.schema ?? ANY, first.kind === "index" ? others : links, checker);
}

/** Reports a stage where none can be looked at yet. */
function checkStageAllowed(stage: ExprOf<"name">, checker: Checker): boolean {
  if (mayReadStages(checker.position)) return true;
  checker.report({
    code: "E308",
    span: stage.span,
    message: `the stage \`${stage.name}\` cannot be looked at here, because nothing has been matched yet`,
    hint: `for a field of that name, write \`event.${stage.name}\``,
  });
  return false;
}

/** The type of a field over all events of a stage: `ip` of `count(failed.ip)`. */
export function checkStageField(argument: Expr, checker: Checker): StaticType {
  const { base, links } = unwound(argument);
  if (base.kind === "name" && !checkStageAllowed(base, checker)) return ANY;
  return typeAfter(checker.scope.schema ?? ANY, links, checker);
}

function checkEventPath(base: ExprOf<"name">, links: readonly Link[], checker: Checker): StaticType {
  const { schema } = checker.scope;
  if (base.name === "event") return typeAfter(schema ?? ANY, links, checker);
  if (schema === null) {
    if (links.length > 0) warnOfNearStage(base, checker);
    return ANY;
  }
  const type = typeAtStep(schema, base.name);
  if (type === null) {
    const names = [...Object.keys(schema.fields), ...checker.scope.stages.keys()];
    reportUnknownField({ name: base.name, span: base.span, names }, checker);
    return ANY;
  }
  return typeAfter(type, links, checker);
}

function typeAfter(start: StaticType, links: readonly Link[], checker: Checker): StaticType {
  let type = start;
  for (const link of links) {
    if (type.kind === "null" || type.kind === "stage") return ANY;
    const next = typeAtStep(type, stepOf(link));
    if (next === null) {
      reportNoSuchStep(type, link, checker);
      return ANY;
    }
    type = next;
  }
  return type;
}

function reportNoSuchStep(type: Exclude<StaticType, { kind: "null" | "stage" }>, link: Link, checker: Checker): void {
  if (type.kind === "object" && link.kind === "member") {
    reportUnknownField({ name: link.name, span: linkSpan(link), names: Object.keys(type.fields) }, checker);
    return;
  }
  const wanted = link.kind === "member" ? "fields" : "items";
  checker.report({
    code: "E315",
    span: linkSpan(link),
    message: `${describeExpr(link.object)} is ${describeType(type)} and has no ${wanted}`,
    hint: type.kind === "list" ? "say which item: `[0]` is the first" : undefined,
  });
}

interface UnknownField {
  readonly name: string;
  readonly span: Span;
  readonly names: readonly string[];
}

function reportUnknownField({ name, span, names }: UnknownField, checker: Checker): void {
  const near = nearest(name, names);
  checker.report({
    code: "E301",
    span,
    message: `the schema declares no field \`${name}\``,
    hint: near === null ? `there are ${listed(names)}` : `did you mean \`${near}\`?`,
  });
}

function reportBareStage(stage: ExprOf<"name">, checker: Checker): void {
  const { name } = stage;
  checker.report({
    code: "E307",
    span: stage.span,
    message: `\`${name}\` is a stage, which stands for all of its events`,
    hint: `take a field of the last, \`${name}.field\`, or ask \`count(${name})\`, \`exists(${name})\`, \`last(${name})\``,
  });
}

/** Without a schema `faild.ip` is a field like any other; beside a stage `failed` it is more likely a slip. */
function warnOfNearStage(base: ExprOf<"name">, checker: Checker): void {
  const near = nearest(base.name, checker.scope.stages.keys());
  if (near === null) return;
  checker.report({
    code: "W304",
    span: base.span,
    message: `\`${base.name}\` is not a stage, so it is read as a field of the event`,
    hint: `did you mean the stage \`${near}\`? if not, \`event.${base.name}\` says so`,
  });
}

/** `.adress` → `adress`, where it stands on one line as usual. */
function linkSpan(link: Link): Span {
  const { span, object } = link;
  if (span.line !== span.endLine || link.kind === "index") return span;
  const dotted = span.end - object.span.end === link.name.length + 1;
  const length = dotted ? link.name.length : span.end - object.span.end;
  return { ...span, column: span.endColumn - length, start: span.end - length };
}

const LISTED_MAX = 8;

function listed(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const shown = names.slice(0, LISTED_MAX).map((name) => `\`${name}\``);
  return shown.join(", ") + (names.length > LISTED_MAX ? ", ..." : "");
}
