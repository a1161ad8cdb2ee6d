/**
 * Which patterns the language accepts, written from its tables, not from its checker; and which accepted ones rest on
 * an answer that the semantics do not give outright, so that a comparison can tell these apart.
 */

import type { VectorPattern, VectorStage } from "./vector.ts";

/** What is wrong with a pattern, in short; empty when the language accepts it. */
export function refusals(pattern: VectorPattern): string[] {
  const { stages } = pattern;
  const all = everyStage(stages);
  const last = stages.at(-1)!;
  const names = all.flatMap(({ name }) => name ?? []);
  const target = stages.find(({ name }) => name !== null && name === pattern.skip.pattern);
  return [
    ...all.flatMap(refusedStage),
    ...everySequence(stages).flatMap((sequence) => sequence.flatMap((_, i) => refusedAt(sequence, i))),
    ...all.flatMap(({ group }) => (group && isNot(group.stages.at(-1)!) ? ["a group ends in a not stage"] : [])),
    ...unless(new Set(names).size === names.length, "two stages of one name"),
    ...unless(
      last.contiguity !== "notFollowedBy" || Boolean(pattern.withinMs ?? last.gapMs),
      "an absence without a limit in time",
    ),
    ...unless(
      all.every((stage) => stage.contiguity !== "notFollowedBy" || !stage.gapMs || stage === last),
      "gap on a notFollowedBy in the middle",
    ),
    ...unless(
      all.every(({ gapMs }) => (gapMs ?? 0) <= (pattern.withinMs ?? Infinity)),
      "a gap longer than within",
    ),
    ...unless(
      pattern.skip.pattern === undefined || (target !== undefined && !isNot(target)),
      "no such stage to skip to",
    ),
  ];
}

/** What the stage may not say whatever stands around it. */
function refusedStage(stage: VectorStage): string[] {
  const { quantifier, optional, greedy, consecutive, allowCombinations, until, group } = stage;
  const modified = quantifier ?? (optional || greedy || consecutive || allowCombinations || until);
  return [
    ...unless(!(isNot(stage) && modified), "a not stage with a quantifier"),
    ...unless(Boolean(quantifier) || !(greedy || consecutive || allowCombinations), "a single stage has no inside"),
    ...unless(!(consecutive && allowCombinations), "consecutive and allowCombinations"),
    ...unless(!(greedy && allowCombinations), "greedy and allowCombinations"),
    ...unless(!(greedy && group), "a greedy group"),
    ...unless(!until || isLoop(stage), "until without an open-ended loop"),
    ...unless(!(group && isLoop(stage) && group.stages.every(mayBeEmpty)), "a loop over what can match nothing"),
  ];
}

/** What may not stand side by side. */
function refusedAt(sequence: readonly VectorStage[], index: number): string[] {
  const stage = sequence[index]!;
  const before = sequence[index - 1];
  const after = sequence[index + 1];
  const isAbsence = stage.contiguity === "notFollowedBy";
  return [
    ...unless((stage.contiguity === "begin") === (index === 0), "begin stands first, and only there"),
    ...unless(!(before?.greedy && saysOptional(stage)), "an optional stage after a greedy one"),
    ...unless(!(before && isNot(stage) && saysOptional(before)), "a not stage after an optional one"),
    ...unless(!(isNot(stage) && after?.group && saysOptional(after)), "a not stage before an optional group"),
    ...unless(!(isAbsence && after?.contiguity === "notNext"), "notFollowedBy directly before notNext"),
    ...unless(
      !(isAbsence && after?.contiguity === "notFollowedBy" && index + 2 === sequence.length),
      "two absences at the end",
    ),
  ];
}

/** What the pattern asks that the semantics do not answer outright; the oracle's answers stand beside the questions in `wait.ts`. */
export function openQuestions({ stages, skip }: VectorPattern): string[] {
  const all = everyStage(stages);
  const groups = all.filter(({ group }) => group);
  return [
    ...everySequence(stages).flatMap((sequence) => sequence.flatMap((_, i) => openAt(sequence, i))),
    ...unless(!groups.some((group) => lastOf(group).greedy), "a greedy stage at the end of a group"),
    ...unless(!groups.some((group) => group.group!.stages[0]!.group), "a group that begins with a group"),
    ...unless(
      !groups.some(({ until, group }) => until && group!.stages.some((stage) => stage.group)),
      "until around a group in a group",
    ),
    ...unless(!all.some((stage) => stage.contiguity === "notNext" && stage.gapMs), "gap on a notNext"),
    ...unless(
      !(
        skip.throwOnMiss &&
        skip.strategy === "skipToFirst" &&
        stages
          .slice(
            0,
            stages.findIndex(({ name }) => name === skip.pattern),
          )
          .every(mayBeEmpty)
      ),
      "orFail, and the stage to skip to may begin the match",
    ),
  ];
}

function openAt(sequence: readonly VectorStage[], index: number): string[] {
  const stage = sequence[index]!;
  const before = sequence[index - 1];
  const after = sequence[index + 1];
  const pastOptional = sequence.slice(index + 1).find((next) => !(mayBeEmpty(next) && !next.group));
  const opensOptional = (next: VectorStage | undefined): boolean =>
    Boolean(next?.group && (next.optional || mayBeEmpty(firstOf(next))));
  return [
    ...unless(
      !(before && isNot(stage) && mayBeEmpty(lastOf(before))),
      "a not stage after a group that ends in an optional one",
    ),
    ...unless(
      !(isNot(stage) && opensOptional(pastOptional)),
      "a not stage before a group that begins with an optional one",
    ),
    ...unless(
      !(stage.greedy && opensOptional(after)),
      "a greedy stage before a group that begins with an optional one",
    ),
    ...unless(
      !(stage.contiguity === "notNext" && after?.contiguity === "notFollowedBy" && index + 2 === sequence.length),
      "notNext directly before an absence",
    ),
    ...unless(
      !(stage.contiguity === "notFollowedBy" && before?.group && before.quantifier),
      "notFollowedBy after a repeated group",
    ),
  ];
}

export function isNot({ contiguity }: VectorStage): boolean {
  return contiguity === "notNext" || contiguity === "notFollowedBy";
}

function saysOptional({ optional, quantifier }: VectorStage): boolean {
  return Boolean(optional) || quantifier?.from === 0;
}

function mayBeEmpty(stage: VectorStage): boolean {
  return saysOptional(stage) || Boolean(stage.group?.stages.every(mayBeEmpty));
}

export function isLoop({ quantifier }: VectorStage): boolean {
  return quantifier?.kind === "oneOrMore" || quantifier?.kind === "timesOrMore";
}

function firstOf(stage: VectorStage): VectorStage {
  return stage.group ? firstOf(stage.group.stages[0]!) : stage;
}

function lastOf(stage: VectorStage): VectorStage {
  return stage.group ? lastOf(stage.group.stages.at(-1)!) : stage;
}

export function everyStage(stages: readonly VectorStage[]): VectorStage[] {
  return stages.flatMap((stage) => [stage, ...everyStage(stage.group?.stages ?? [])]);
}

function everySequence(stages: readonly VectorStage[]): (readonly VectorStage[])[] {
  return [stages, ...stages.flatMap((stage) => (stage.group ? everySequence(stage.group.stages) : []))];
}

function unless(holds: boolean, says: string): string[] {
  return holds ? [] : [says];
}
