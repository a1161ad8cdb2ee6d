/** The constructs of the pattern language, and which of them a pattern has: what a set of patterns is judged by. */

import { everyStage, isLoop } from "./accept.ts";
import type { VectorPattern, VectorStage } from "./vector.ts";

export const CONSTRUCTS = [
  "next",
  "followedBy",
  "followedByAny",
  "notNext",
  "notNext at the end",
  "notFollowedBy",
  "absence by within",
  "absence by gap",
  "group",
  "group repeated",
  "group optional",
  "group in a group",
  "times(n)",
  "times(a, b)",
  "timesOrMore",
  "oneOrMore",
  "optional",
  "greedy",
  "consecutive",
  "allowCombinations",
  "until",
  "gap",
  "within",
  "iterative condition",
  "skip none",
  "skip toNext",
  "skip pastLastEvent",
  "skip toFirst",
  "skip toLast",
  "orFail",
] as const;
export type Construct = (typeof CONSTRUCTS)[number];

/** Of each line a pattern has at most one; only `skip toFirst` and `skip toLast` go with `orFail`. */
const EXCLUSIVE: readonly (readonly Construct[])[] = [
  ["notNext at the end", "absence by within", "absence by gap"],
  ["skip none", "skip toNext", "skip pastLastEvent", "skip toFirst", "skip toLast"],
  ["skip none", "orFail"],
  ["skip toNext", "orFail"],
  ["skip pastLastEvent", "orFail"],
];

/** Every two constructs that one pattern can have, as `a + b`. */
export function everyPair(): string[] {
  return CONSTRUCTS.flatMap((a, i) =>
    CONSTRUCTS.slice(i + 1)
      .filter((b) => !EXCLUSIVE.some((line) => line.includes(a) && line.includes(b)))
      .map((b) => `${a} + ${b}`),
  );
}

export function pairsIn(pattern: VectorPattern): string[] {
  const found = constructsIn(pattern);
  const present = CONSTRUCTS.filter((construct) => found.has(construct));
  return present.flatMap((a, i) => present.slice(i + 1).map((b) => `${a} + ${b}`));
}

export function constructsIn({ stages, withinMs, skip }: VectorPattern): Set<Construct> {
  const last = stages.at(-1)!;
  return new Set([
    ...everyStage(stages).flatMap((stage) => constructsOf(stage, stage === last)),
    ...when(withinMs !== null, "within"),
    SKIPS[skip.strategy],
    ...when(skip.throwOnMiss, "orFail"),
  ]);
}

const SKIPS = {
  noSkip: "skip none",
  skipToNext: "skip toNext",
  skipPastLastEvent: "skip pastLastEvent",
  skipToFirst: "skip toFirst",
  skipToLast: "skip toLast",
} as const;

function constructsOf(stage: VectorStage, isLast: boolean): Construct[] {
  const { contiguity, group, quantifier, optional, gapMs } = stage;
  const isAbsence = contiguity === "notFollowedBy" && isLast;
  return [
    ...joinOf(stage, isLast),
    ...when(gapMs && !isAbsence, "gap"),
    ...when(group, "group"),
    ...when(group && quantifier, "group repeated"),
    ...when(group && optional, "group optional"),
    ...when(
      group?.stages.some((inner) => inner.group),
      "group in a group",
    ),
    ...when(optional && !group, "optional"),
    ...when(quantifier?.kind === "times", quantifier?.from === quantifier?.to ? "times(n)" : "times(a, b)"),
    ...when(isLoop(stage), quantifier?.kind === "oneOrMore" ? "oneOrMore" : "timesOrMore"),
    ...when(stage.greedy, "greedy"),
    ...when(stage.consecutive, "consecutive"),
    ...when(stage.allowCombinations, "allowCombinations"),
    ...when(stage.until, "until"),
    ...when(/"(?:count|last)":/.test(JSON.stringify([stage.where, stage.until])), "iterative condition"),
  ];
}

function joinOf({ contiguity, gapMs }: VectorStage, isLast: boolean): Construct[] {
  switch (contiguity) {
    case "begin":
      return [];
    case "notNext":
      return [isLast ? "notNext at the end" : "notNext"];
    case "notFollowedBy":
      if (!isLast) return ["notFollowedBy"];
      return [gapMs ? "absence by gap" : "absence by within"];
    case "next":
    case "followedBy":
    case "followedByAny":
      return [contiguity];
  }
}

function when(holds: unknown, construct: Construct): Construct[] {
  return holds ? [construct] : [];
}
