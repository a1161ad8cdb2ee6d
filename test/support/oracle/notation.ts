/**
 * A short notation for cases: patterns like `begin a, followedBy ( begin b, next c ) oneOrMore, next d, within 10`,
 * streams like `a x@5 bc`. A stage takes events whose type has the first letter of its name in it.
 */

import type { OracleResult } from "./oracle.ts";
import type { LetterEvent } from "./streams.ts";
import type { VectorPattern, VectorStage } from "./vector.ts";

const SKIPS = {
  none: "noSkip",
  toNext: "skipToNext",
  pastLastEvent: "skipPastLastEvent",
  toFirst: "skipToFirst",
  toLast: "skipToLast",
} as const;

export function patternFrom(text: string): VectorPattern {
  const words = text.match(/times(?:OrMore)?\([\d, ]+\)|[(),]|[^\s(),]+/g) ?? [];
  const stages = readStages(words);
  let withinMs: number | null = null;
  let skip: VectorPattern["skip"] = { strategy: "noSkip" };
  while (words.length > 0) {
    const clause = words.shift();
    if (clause === "within") withinMs = Number(words.shift());
    if (clause === "skip") skip = readSkip(words);
  }
  return { stages, withinMs, skip };
}

function readSkip(words: string[]): VectorPattern["skip"] {
  const strategy = SKIPS[words.shift() as keyof typeof SKIPS];
  if (words.at(0) !== "(") return { strategy };
  const pattern = words[1]!;
  words.splice(0, 3);
  return { strategy, pattern, ...(words.at(0) === "orFail" ? { throwOnMiss: true } : {}) };
}

/** Reads up to a closing parenthesis, or to the clauses after the stages. */
function readStages(words: string[]): VectorStage[] {
  const stages: VectorStage[] = [];
  while (words.length > 0 && words[0] !== ")" && words[0] !== "within" && words[0] !== "skip") {
    stages.push(readStage(words));
    if (words[0] === ",") words.shift();
  }
  return stages;
}

function readStage(words: string[]): VectorStage {
  const contiguity = words.shift() as VectorStage["contiguity"];
  const opening = words.shift()!;
  let stage: VectorStage;
  if (opening === "(") {
    stage = { contiguity, name: null, group: { stages: readStages(words) } };
    words.shift();
  } else {
    stage = { contiguity, name: opening, where: has(opening) };
  }
  while (words.length > 0 && words[0] !== "," && words[0] !== ")") stage = { ...stage, ...readModifier(words) };
  return stage;
}

function readModifier(words: string[]): Partial<VectorStage> {
  const word = words.shift()!;
  const [least, greatest = least] = [...word.matchAll(/\d+/g)].map(Number);
  if (word === "oneOrMore") return { quantifier: { kind: "oneOrMore" } };
  if (word.startsWith("timesOrMore")) return { quantifier: { kind: "timesOrMore", from: least! } };
  if (word.startsWith("times")) return { quantifier: { kind: "times", from: least!, to: greatest! } };
  if (word === "gap") return { gapMs: Number(words.shift()) };
  if (word === "until") return { until: has(words.shift()!) };
  return { [word]: true };
}

function has(name: string): { contains: [{ field: "type" }, { lit: string }] } {
  return { contains: [{ field: "type" }, { lit: name[0]! }] };
}

/** Without `@`, an event is one millisecond later than the one before it. */
export function streamFrom(text: string): LetterEvent[] {
  let ts = 0;
  return text.split(" ").map((word) => {
    const [type, at] = word.split("@");
    ts = at === undefined ? ts + 1 : Number(at);
    return { ts, type: type! };
  });
}

/** One line for each match, as `a0 b1 b2 @2`, or `a0 b1 @30ms` when time brought it out; then `timeout a0 @11ms`. */
export function linesOf({ matches, timeouts, faults }: OracleResult): string[] {
  return [
    ...matches.map(({ match, emittedAt }) => {
      const at = "event" in emittedAt ? String(emittedAt.event) : `${emittedAt.time}ms`;
      return `${taken(match)} @${at}`;
    }),
    ...timeouts.map(({ match, ts }) => `timeout ${taken(match)} @${ts}ms`),
    ...faults.map((match) => `fault ${taken(match)}`),
  ];
}

function taken(match: OracleResult["faults"][number]): string {
  const takes = Object.entries(match).flatMap(([stage, events]) => events.map((event) => ({ stage, event })));
  return takes
    .toSorted((a, b) => a.event - b.event)
    .map(({ stage, event }) => `${stage}${event}`)
    .join(" ");
}
