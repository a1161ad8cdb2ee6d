/** Whether a pattern is too large: its automaton has a state or two for each occurrence of a stage, and a way past each that may be absent. */

import { limits } from "../core/limits.ts";
import type { Stage } from "./ast.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { report } from "./report.ts";
import type { Span } from "./span.ts";
import { isNegative, mayBeAbsent, occurs } from "./stage.ts";

const { patternStagesMax, patternOccurrencesMax, patternAbsencesMax } = limits;

/** At most one finding, at the stage that goes beyond the limit. */
export function* checkSize(stages: readonly Stage[]): Iterable<Diagnostic> {
  const all = allStages(stages);
  if (all.length > patternStagesMax) {
    yield tooLarge(all[patternStagesMax]!.span, `a pattern has at most ${patternStagesMax} stages`);
    return;
  }
  let total = 0;
  for (const stage of stages) {
    total += occurrences(stage);
    if (total > patternOccurrencesMax) {
      yield tooLarge(stage.span, `written out, this pattern has more than ${patternOccurrencesMax} stages`);
      return;
    }
  }
  let inARow = 0;
  for (const stage of writtenOut(stages)) {
    inARow = !isNegative(stage) && mayBeAbsent(stage) ? inARow + 1 : 0;
    if (inARow > patternAbsencesMax) {
      yield tooLarge(stage.span, `more than ${patternAbsencesMax} stages in a row may be absent`);
      return;
    }
  }
}

function tooLarge(span: Span, message: string): Diagnostic {
  return report(span, { code: "E125", message, hint: "split it into several rules, or count less" });
}

/** Groups and what is in them, in the text's order. */
export function allStages(stages: readonly Stage[]): Stage[] {
  return stages.flatMap((stage) => [stage, ...allStages(stage.group ?? [])]);
}

function passes(stage: Stage): number {
  const { from, to } = occurs(stage);
  return to ?? from + 1;
}

function occurrences(stage: Stage): number {
  const size = stage.group === null ? 1 : stage.group.reduce((sum, inner) => sum + occurrences(inner), 0);
  return size * passes(stage);
}

/** Each stage as often as its group is passed through; a single stage's own loop is left in one step. */
function* writtenOut(stages: readonly Stage[]): Iterable<Stage> {
  for (const stage of stages) {
    if (stage.group === null) yield stage;
    else for (let pass = 0; pass < passes(stage); pass++) yield* writtenOut(stage.group);
  }
}
