/** Writes a pattern as text of the rule language: one rule over the stream `s`, whose event time is the field `ts`. */

import type { JsonCondition } from "./condition.ts";
import type { VectorPattern, VectorStage } from "./vector.ts";

export function ruleText({ stages, withinMs, skip }: VectorPattern, name: string): string {
  const lines = stages.map((stage) => stageText(stage, "    "));
  if (withinMs !== null) lines.push(`    within ${withinMs}ms`);
  lines.push(`    skip ${skipText(skip)}`);
  return `stream s { time ts }

rule ${name} {
  from s
  pattern {
${lines.join("\n")}
  }
  on timeout emit { kind = "timeout" }
}
`;
}

function stageText(stage: VectorStage, indent: string): string {
  const words = [
    stage.contiguity,
    stage.group
      ? `(\n${stage.group.stages.map((inner) => stageText(inner, `${indent}  `)).join("\n")}\n${indent})`
      : stage.name,
    stage.where && `where ${expression(stage.where)}`,
    quantifierText(stage.quantifier ?? null),
    stage.optional && "optional",
    stage.greedy && "greedy",
    stage.consecutive && "consecutive",
    stage.allowCombinations && "allowCombinations",
    stage.until && `until ${expression(stage.until)}`,
    stage.gapMs && `gap ${stage.gapMs}ms`,
  ];
  return indent + words.filter(Boolean).join(" ");
}

function quantifierText(quantifier: NonNullable<VectorStage["quantifier"]> | null): string | null {
  switch (quantifier?.kind) {
    case undefined:
      return null;
    case "oneOrMore":
      return "oneOrMore";
    case "timesOrMore":
      return `timesOrMore(${quantifier.from})`;
    case "times":
      return quantifier.from === quantifier.to
        ? `times(${quantifier.from})`
        : `times(${quantifier.from}, ${quantifier.to})`;
  }
}

function skipText({ strategy, pattern, throwOnMiss }: VectorPattern["skip"]): string {
  switch (strategy) {
    case "noSkip":
      return "none";
    case "skipToNext":
      return "toNext";
    case "skipPastLastEvent":
      return "pastLastEvent";
    case "skipToFirst":
    case "skipToLast":
      return `${strategy === "skipToFirst" ? "toFirst" : "toLast"}(${pattern})${throwOnMiss ? " orFail" : ""}`;
  }
}

const INFIX: Readonly<Record<string, string>> = { eq: "==", ne: "!=", lt: "<", gte: ">=", and: "and", or: "or" };

/** The operators that generated patterns and those of the short notation use. */
function expression(node: JsonCondition): string {
  const [operator = "", operand] = Object.entries(node)[0] ?? [];
  const infix = INFIX[operator];
  if (infix !== undefined) return `(${(operand as JsonCondition[]).map(expression).join(` ${infix} `)})`;
  switch (operator) {
    case "lit":
      return JSON.stringify(operand);
    case "field":
      return String(operand);
    case "contains":
      return `contains(${(operand as JsonCondition[]).map(expression).join(", ")})`;
    case "count":
      return `count(${(operand as { of: string }).of})`;
    case "last": {
      const { of, field } = operand as { of: string; field: string };
      return `last(${of}).${field}`;
    }
    default:
      throw new Error(`no rule text for ${operator}`);
  }
}
