/** What can be wrong with a pattern as a whole: its names, its end, its times, its size. */

import { nearest } from "../core/nearest.ts";
import type { Duration, Name, Pattern, PatternClause, Stage } from "./ast.ts";
import { cancelled, checkSequence } from "./check-sequence.ts";
import { allStages, checkSize } from "./check-size.ts";
import { checkStage } from "./check-stage.ts";
import { clauseOf, repeatedClauses } from "./clauses.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { patternWarnings } from "./pattern-warnings.ts";
import { report } from "./report.ts";
import { isNegative, modifierOf, title } from "./stage.ts";

const WORDS: Readonly<Record<PatternClause["kind"], string>> = { within: "within", skip: "skip" };

export function* checkPattern(pattern: Pattern): Iterable<Diagnostic> {
  const { stages, clauses } = pattern;
  const within = clauseOf(clauses, "within")?.duration;
  yield* repeatedClauses(clauses, { words: WORDS });
  yield* checkNames(stages);
  for (const stage of allStages(stages)) {
    yield* checkStage(stage);
    if (within !== undefined) yield* checkGapWithin(stage, within);
  }
  yield* checkSequence(stages, { inGroup: false });
  yield* checkEnd(stages, within);
  if (within?.ms === 0) {
    yield report(within.span, { code: "E133", message: "nothing happens within `0s`", hint: "give a duration" });
  }
  yield* checkSkip(pattern);
  yield* checkSize(stages);
  yield* patternWarnings(pattern);
}

function* checkNames(stages: readonly Stage[]): Iterable<Diagnostic> {
  const lines = new Map<string, number>();
  for (const { name } of allStages(stages)) {
    if (name === null) continue;
    const line = lines.get(name.text);
    if (name.text === "event") {
      yield report(name.span, {
        code: "E114",
        message: "`event` is the event at hand, and cannot name a stage",
        hint: "choose another name",
      });
    } else if (line !== undefined) {
      yield report(name.span, {
        code: "E113",
        message: `there are two stages named \`${name.text}\``,
        hint: `the first is on line ${line}; rename one of them`,
      });
    } else {
      lines.set(name.text, name.span.line);
    }
  }
}

function* checkGapWithin(stage: Stage, within: Duration): Iterable<Diagnostic> {
  const gap = modifierOf(stage, "gap");
  if (gap === undefined || gap.duration.ms <= within.ms) return;
  yield report(gap.span, {
    code: "E123",
    message: `the whole pattern has only ${within.text}, so a gap of ${gap.duration.text} is never reached`,
    hint: `make the \`gap\` shorter, or \`within\` longer`,
  });
}

function* checkEnd(stages: readonly Stage[], within: Duration | undefined): Iterable<Diagnostic> {
  const last = stages.at(-1);
  const beforeLast = stages.at(-2);
  if (last?.contiguity !== "notFollowedBy") return;
  if (within === undefined && modifierOf(last, "gap") === undefined) {
    yield report(last.span, {
      code: "E115",
      message: `the pattern would wait for ever for ${title(last)} not to come`,
      hint: "add `within` after the stages, or `gap` to this one",
    });
  }
  if (beforeLast?.contiguity === "notFollowedBy") yield cancelled(beforeLast, last);
}

function* checkSkip({ stages, clauses }: Pattern): Iterable<Diagnostic> {
  const strategy = clauseOf(clauses, "skip")?.strategy;
  if (strategy === undefined || !("stage" in strategy)) return;
  const { stage: target, kind } = strategy;
  const stage = stages.find(({ name }) => name?.text === target.text);
  if (stage === undefined || stage.group !== null) {
    yield unknownTarget(target, stages);
  } else if (isNegative(stage)) {
    yield report(target.span, {
      code: "W107",
      message: `${title(stage)} takes no event, so \`${kind}\` never skips`,
      hint: "name a stage that takes events",
    });
  }
}

function unknownTarget(target: Name, stages: readonly Stage[]): Diagnostic {
  const names = stages.flatMap(({ name, group }) => (name !== null && group === null ? [name.text] : []));
  const isInside = allStages(stages).some(({ name }) => name?.text === target.text);
  const meant = nearest(target.text, names);
  return report(target.span, {
    code: "E124",
    message: isInside
      ? `\`${target.text}\` is a group, or in one: only a stage of the pattern itself can be skipped to`
      : `there is no stage named \`${target.text}\``,
    hint:
      meant !== null && !isInside
        ? `did you mean \`${meant}\`?`
        : `name one of ${names.map((name) => `\`${name}\``).join(", ")}`,
  });
}
