/** What can be wrong with stages as neighbours, in the pattern itself and in each group. */

import type { Stage } from "./ast.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { report } from "./report.ts";
import { isNegative, mayBeAbsent, modifierOf, occurs, title } from "./stage.ts";

export function* checkSequence(
  stages: readonly Stage[],
  { inGroup }: { readonly inGroup: boolean },
): Iterable<Diagnostic> {
  yield* checkBegin(stages, inGroup ? "a group" : "a pattern");
  for (const [index, stage] of stages.entries()) {
    const before = stages[index - 1];
    if (before !== undefined) yield* checkNeighbours(before, stage);
    const isLast = index === stages.length - 1;
    if (stage.contiguity === "notFollowedBy" && !isLast) yield* checkMiddleGap(stage);
    if (inGroup && isLast && isNegative(stage)) {
      yield report(stage.contiguitySpan, {
        code: "E121",
        message: `a group cannot end in \`${stage.contiguity}\`: what comes after the group is not its own`,
        hint: "put the stage after the group",
      });
    }
    if (stage.group !== null) {
      yield* checkEmptyLoop(stage, stage.group);
      yield* checkSequence(stage.group, { inGroup: true });
    }
  }
}

function* checkBegin(stages: readonly Stage[], what: string): Iterable<Diagnostic> {
  const [first, ...others] = stages;
  if (first !== undefined && first.contiguity !== "begin") {
    const hint = isNegative(first)
      ? "begin with an event that the absence follows"
      : `write \`begin\` instead of \`${first.contiguity}\``;
    yield report(first.contiguitySpan, { code: "E111", message: `${what} begins with \`begin\``, hint });
  }
  for (const stage of others) {
    if (stage.contiguity !== "begin") continue;
    yield report(stage.contiguitySpan, {
      code: "E112",
      message: `${title(stage)} is not the first stage, and must say how it follows the one before`,
      hint: "write `next`, `followedBy` or `followedByAny`",
    });
  }
}

function* checkNeighbours(before: Stage, stage: Stage): Iterable<Diagnostic> {
  if (isNegative(stage)) {
    if (!isNegative(before) && mayBeAbsent(before)) {
      yield report(stage.contiguitySpan, {
        code: "E117",
        message: `\`${stage.contiguity}\` looks on from the stage before, and ${title(before)} may be absent`,
        hint: "put a stage between them that always takes an event, or make that one not optional",
      });
    }
    if (before.contiguity === "notFollowedBy" && stage.contiguity === "notNext") yield cancelled(before, stage);
  }
  if (isNegative(before) && stage.group !== null && occurs(stage).optional) {
    yield report(stage.contiguitySpan, {
      code: "E118",
      message: `a \`${before.contiguity}\` cannot stand directly before an optional group`,
      hint: "make the group not optional, or write a rule with it and one without",
    });
  }
  const optional = modifierOf(stage, "optional");
  if (optional !== undefined && modifierOf(before, "greedy") !== undefined) {
    yield report(optional.span, {
      code: "E119",
      message: `${title(stage)} cannot be optional: ${title(before)} is greedy, and would match the same events in two ways`,
      hint: `take away \`optional\` here, or \`greedy\` from ${title(before)}`,
    });
  }
}

/** A `not` stage that the one after it would make forgotten. */
export function cancelled(before: Stage, stage: Stage): Diagnostic {
  return report(before.contiguitySpan, {
    code: "E120",
    message: `${title(before)} would end where \`${stage.contiguity}\` begins to look`,
    hint: "say it in one stage, with `or` between the two conditions",
  });
}

function* checkMiddleGap(stage: Stage): Iterable<Diagnostic> {
  const gap = modifierOf(stage, "gap");
  if (gap === undefined) return;
  yield report(gap.span, {
    code: "E116",
    message: `${title(stage)} keeps events away until the next stage, for however long that takes`,
    hint: "give the `gap` to the next stage, or end the pattern here",
  });
}

function* checkEmptyLoop(stage: Stage, group: readonly Stage[]): Iterable<Diagnostic> {
  if (occurs(stage).to !== null || !group.every(mayBeAbsent)) return;
  yield report(stage.contiguitySpan, {
    code: "E122",
    message: "this group can match nothing, so its loop could go round for ever",
    hint: "make one stage in the group not optional",
  });
}
