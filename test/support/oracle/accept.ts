/** Which patterns the language accepts, written from its tables, not from its checker. */

import type { VectorPattern, VectorStage } from "./vector.ts";

/** What is wrong with a pattern, in short; empty when the language accepts it. */
export function refusals(pattern: VectorPattern): string[] {
  const { stages } = pattern;
  const all = everyStage(stages);
  const last = stages.at(-1)!;
  const names = all.flatMap(({ name }) => name ?? []);
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
      pattern.skip.pattern === undefined || stages.some(({ name }) => name === pattern.skip.pattern),
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
    ...unless(!(before && isNot(stage) && mayBeEmpty(before)), "a not stage after an optional one"),
    ...unless(!(isNot(stage) && after?.group && saysOptional(after)), "a not stage before an optional group"),
    ...unless(!(isAbsence && after?.contiguity === "notNext"), "notFollowedBy directly before notNext"),
    ...unless(
      !(isAbsence && after?.contiguity === "notFollowedBy" && index + 2 === sequence.length),
      "two absences at the end",
    ),
  ];
}

export function isNot({ contiguity }: VectorStage): boolean {
  return contiguity === "notNext" || contiguity === "notFollowedBy";
}

export function saysOptional({ optional, quantifier }: VectorStage): boolean {
  return Boolean(optional) || quantifier?.from === 0;
}

/** May it match nothing? */
export function mayBeEmpty(stage: VectorStage): boolean {
  return saysOptional(stage) || Boolean(stage.group?.stages.every(mayBeEmpty));
}

export function isLoop({ quantifier }: VectorStage): boolean {
  return quantifier?.kind === "oneOrMore" || quantifier?.kind === "timesOrMore";
}

export function firstOf(stage: VectorStage): VectorStage {
  return stage.group ? firstOf(stage.group.stages[0]!) : stage;
}

export function lastOf(stage: VectorStage): VectorStage {
  return stage.group ? lastOf(stage.group.stages.at(-1)!) : stage;
}

export function everyStage(stages: readonly VectorStage[]): VectorStage[] {
  return stages.flatMap((stage) => [stage, ...everyStage(stage.group?.stages ?? [])]);
}

export function everySequence(stages: readonly VectorStage[]): (readonly VectorStage[])[] {
  return [stages, ...stages.flatMap((stage) => (stage.group ? everySequence(stage.group.stages) : []))];
}

function unless(holds: boolean, says: string): string[] {
  return holds ? [] : [says];
}
