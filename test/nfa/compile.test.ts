/**
 * Automata of the smallest patterns, by hand. A line is a state: `b > c if b` takes, `b ~ b:1 if !b` passes the event over, `b / c`
 * goes on without it; `x` is the stop state. A condition goes by its stage, `b.until` is the loop's end, `gap 5` a limit.
 */

import { describe, expect, test } from "@jest/globals";
import { matchScope } from "../../src/engine/rules/compiled-rule.ts";
import { compilePattern } from "../../src/nfa/compile.ts";
import type { Edge, Guard, Nfa } from "../../src/nfa/nfa.ts";
import { patternRule } from "../support/pattern-rule.ts";

const STAGE = /\b(begin|next|followedBy|followedByAny|notNext|notFollowedBy) ([a-z])\b/g;

/** Each stage `b` takes the events with the field `b`; states stand in the order in which they can be reached. */
function check(pattern: string, expected: readonly string[]): void {
  const stages = pattern.replace(STAGE, "$1 $2 where exists(event.$2)");
  const rule = patternRule(`rule r { from s pattern { ${stages} skip none } }`);
  expect(linesOf(compilePattern(rule.pattern, matchScope(rule, null)))).toEqual(expected);
}

function linesOf(nfa: Nfa): string[] {
  const reached = [nfa.start];
  for (const id of reached) {
    for (const { target } of nfa.states[id]!.edges) if (!reached.includes(target)) reached.push(target);
  }
  const waiting = reached.map((id) => nfa.states[id]!).filter(({ kind }) => kind === "normal" || kind === "pending");
  return waiting.map(({ name, edges }) => `${name}: ${edges.map((edge) => edgeText(nfa, edge)).join(", ")}`);
}

const SIGNS = { TAKE: ">", IGNORE: "~", PROCEED: "/" } as const;

function edgeText(nfa: Nfa, { action, target, guard, gaps }: Edge): string {
  const { kind, name } = nfa.states[target]!;
  const gap = gaps === null ? "" : ` gap ${[...new Set(gaps)].join("|")}`;
  const condition = guard.length === 0 ? "" : ` if ${guardText(nfa, guard)}`;
  return `${SIGNS[action]} ${kind === "stop" ? "x" : name}${gap}${condition}`;
}

function guardText({ conditions }: Nfa, guard: Guard): string {
  const texts = guard.map(({ condition, negated }) => {
    const { source } = conditions[condition]!;
    if (source.kind === "all") throw new Error("only patterns with one condition per stage are written here");
    return `${negated ? "!" : ""}${source.stage}${source.kind === "until" ? ".until" : ""}`;
  });
  return texts.join(" & ");
}

describe("contiguity", () => {
  test("says what may be passed over", () => {
    check("begin a next b", ["a: > b if a", "b: > end if b"]);
    check("begin a followedBy b", ["a: > b if a", "b: > end if b, ~ b if !b"]);
    check("begin a followedByAny b", ["a: > b if a", "b: > end if b, ~ b"]);
  });
});

describe("optional", () => {
  test("goes on without the stage, once", () => {
    check("begin a next b optional next c", ["a: > b if a", "b: > c if b, / c", "c: > end if c"]);
    check("begin a followedBy b optional next c", [
      "a: > b if a",
      "b: > c if b, / c, ~ b:1 if !b",
      "c: > end if c",
      "b:1: > c if b, ~ b:1 if !b",
    ]);
  });
});

describe("quantifiers", () => {
  test("an open loop takes more, or is left", () => {
    check("begin a next b oneOrMore next c", [
      "a: > b:2 if a",
      "b:2: > b if b",
      "b: / c, > b if b, ~ b:1 if !b",
      "c: > end if c",
      "b:1: > b if b, ~ b:1 if !b",
    ]);
  });

  test("`consecutive` and `allowCombinations` say what may stand inside", () => {
    check("begin a next b oneOrMore consecutive next c", [
      "a: > b:1 if a",
      "b:1: > b if b",
      "b: / c, > b if b",
      "c: > end if c",
    ]);
    check("begin a next b times(2) allowCombinations", ["a: > b:1 if a", "b:1: > b if b", "b: > end if b, ~ b"]);
  });

  test("a range may be left after its least", () => {
    check("begin a times(1, 2) consecutive next b", ["a:1: > a if a", "a: > b if a, / b", "b: > end if b"]);
  });

  test("a loop from n on has n stages before it", () => {
    check("begin a timesOrMore(2) consecutive", ["a:2: > a:1 if a", "a:1: > a if a", "a: / end, > a if a"]);
  });
});

describe("greedy", () => {
  test("keeps the loop's events from the next stage", () => {
    check("begin a oneOrMore greedy consecutive next b", ["a:1: > a if a", "a: / b, > a if a", "b: > end if b & !a"]);
  });

  test("is over with `until`: the next stage has a free copy", () => {
    check("begin a oneOrMore greedy consecutive until event.u next b", [
      "a:1: > a if a & !a.until",
      "a: / b:1 if a.until, / b if !a.until, > a if a & !a.until",
      "b:1: > end if b",
      "b: > end if b & !a",
    ]);
  });
});

describe("not", () => {
  test("next: the very next event is looked at, and then the next stage gets it", () => {
    check("begin a notNext n followedBy c", ["a: > n if a", "n: / c if !n, / x if n", "c: > end if c, ~ c if !c"]);
    check("begin a notNext n", ["a: > n if a", "n: ~ end if !n, / x if n"]);
  });

  test("followed by: watched for while the next stage is waited for", () => {
    check("begin a notFollowedBy n followedBy c", ["a: > c if a", "c: > end if c, / x if n, ~ c if !c"]);
  });

  test("followed by, at the end: waited for", () => {
    check("begin a notFollowedBy n gap 5ms", ["a: > n if a", "n: / x if n, ~ n if !n"]);
  });
});

describe("groups", () => {
  test("are their stages in a row, for each pass", () => {
    check("begin a next ( begin b next c ) times(2) consecutive next d", [
      "a: > b:1 if a",
      "b:1: > c:1 if b",
      "c:1: > b if c",
      "b: > c if b",
      "c: > d if c",
      "d: > end if d",
    ]);
  });

  test("left out, are left out from their first stage", () => {
    check("begin a next ( begin b next c ) optional next d", [
      "a: > b if a",
      "b: > c if b, / d",
      "c: > d if c",
      "d: > end if d",
    ]);
  });
});

describe("gaps", () => {
  test("limit the taking, between occurrences too", () => {
    check("begin a next b times(2) consecutive gap 5ms", [
      "a: > b:1 if a",
      "b:1: > b gap 5 if b",
      "b: > end gap 5 if b",
    ]);
  });

  test("of a group limit what begins its passes", () => {
    check("begin a next ( begin b next c ) times(2) consecutive gap 5ms", [
      "a: > b:1 if a",
      "b:1: > c:1 gap 5 if b",
      "c:1: > b if c",
      "b: > c gap 5 if b",
      "c: > end if c",
    ]);
  });
});

describe("what a state may come to", () => {
  /** Waits and ends of the states that can be reached, as `name gap completes? beside-an-absence?`. */
  function outlook(pattern: string): string[] {
    const stages = pattern.replace(STAGE, "$1 $2 where exists(event.$2)");
    const rule = patternRule(`rule r { from s pattern { ${stages} skip none } }`);
    const nfa = compilePattern(rule.pattern, matchScope(rule, null));
    const waiting = nfa.states.filter(({ kind }) => kind === "normal" || kind === "pending");
    return waiting.map(({ name, gaps, mayComplete, absenceBeside }) =>
      [name, gaps === null ? "" : `gap ${gaps.join("|")}`, mayComplete ? "complete" : "", absenceBeside ? "beside" : ""]
        .filter((part) => part !== "")
        .join(" "),
    );
  }

  test("follows through any number of optional stages", () => {
    expect(outlook("begin a followedBy b optional gap 5ms followedBy c gap 7ms optional")).toEqual([
      "c gap 7|7|7 complete",
      "c:1 gap 7|7|7",
      "b gap 7|7|7 complete",
      "b:1 gap 5|5|5",
      "a",
    ]);
  });

  test("an absence runs beside the loop that starts it", () => {
    expect(outlook("begin a oneOrMore notFollowedBy n gap 5ms")).toEqual([
      "n gap 5|5",
      "a complete beside",
      "a:1 beside",
      "a:2",
    ]);
  });
});

test("a row of 499 stages that may be absent is compiled like any other", () => {
  const rule = patternRule("rule r { from s pattern { begin a followedBy b optional } }");
  const [a, b] = rule.pattern.stages;
  const row = Array.from({ length: 499 }, (_, i) => ({ ...b!, name: `b${i}`, gapMs: i + 1 }));
  const long = { ...rule, pattern: { ...rule.pattern, stages: [a!, ...row] } };
  const { states } = compilePattern(long.pattern, matchScope(long, null));
  const waiting = states.filter(({ mayComplete }) => mayComplete);
  expect(waiting).toHaveLength(499);
  expect(new Set(waiting.flatMap(({ gaps }) => gaps))).toEqual(new Set([499])); // the last one's, that each leads to
});
