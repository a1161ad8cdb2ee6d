import { describe, expect, test } from "@jest/globals";

import { limits } from "../../src/core/limits.ts";
import { compileMatching } from "../../src/engine/rules/compiled-rule.ts";
import { newContext } from "../../src/engine/rules/eval-context.ts";
import { costOf, type Cost } from "../../src/nfa/cost.ts";
import { emptyHarvest } from "../../src/nfa/harvest.ts";
import { Matcher } from "../../src/nfa/matcher.ts";
import type { Nfa } from "../../src/nfa/nfa.ts";
import { EMPTY_KEY_STATE } from "../../src/nfa/partial-match.ts";
import { generatePatterns } from "../support/oracle/generate.ts";
import { Random } from "../support/oracle/random.ts";
import { patternRule } from "../support/pattern-rule.ts";

function compiled(source: string): Nfa {
  return compileMatching(patternRule(source), null);
}

/** `B` stands for a stage `b` with a condition of its own. */
function pattern(stages: string): Nfa {
  const named = stages.replace(/\b([A-Z])\b/g, (_, letter: string) => `${letter.toLowerCase()} where event.${letter}`);
  return compiled(`rule r { from s pattern { ${named} skip none } }`);
}

function check(stages: string, by: Cost["by"], reason = ""): void {
  const cost = costOf(pattern(stages));
  const cap = by === "cap" ? limits.partialMatchesPerKeyMax : null;
  expect(cost).toMatchObject({ by, bounded: by !== "cap", cap });
  expect(cost.reason).toContain(reason);
}

describe("a strict sequence is bounded by itself", () => {
  test("nothing is passed over", () => check("begin A next B next C", "strict sequence"));
  test("times, optional and notNext change nothing", () =>
    check("begin A times(3) consecutive next B optional next C notNext N", "strict sequence"));
  test("a stage that takes every event passes none over", () => check("begin a times(10)", "strict sequence"));
  test("a loop may go on for ever", () =>
    check("begin A next B oneOrMore consecutive", "cap", "wait for `b` for ever"));
});

describe("within bounds what does not fork", () => {
  test("waiting", () => check("begin A followedBy B followedBy C within 1m", "within", "longer than 1m"));
  test("without it waiting has no end", () => check("begin A followedBy B", "cap", "wait for `b` for ever"));
  test("a last stage that may be taken later as well", () => check("begin A followedByAny B within 1m", "within"));
  test("a loop at the end", () => check("begin A followedBy B oneOrMore within 1m", "within"));
  test("a greedy loop and its follower", () => check("begin A oneOrMore greedy followedBy B within 1m", "within"));
  test("a range", () => check("begin A times(2, 4) followedBy B within 1m", "within"));
  test("an optional stage", () => check("begin A followedBy B optional followedBy C within 1m", "within"));
  test("a loop of a group whose stages are told apart by order alone", () =>
    check("begin A followedBy ( begin B followedBy C ) oneOrMore next D within 1m", "within"));
  test("an absence at the end", () => check("begin A notFollowedBy N within 1m", "within"));
});

describe("gaps bound it where they end every wait", () => {
  test("of a stage", () => check("begin A followedBy B gap 1m", "gap"));
  test("of an absence", () => check("begin A notFollowedBy N gap 1m", "gap"));
  test("of each stage", () => check("begin A followedBy B gap 1m followedBy C gap 2m", "gap"));
  test("of the only wait that a group has", () => check("begin A followedBy ( begin B next C ) gap 1m", "gap"));
  test("but not of some only", () => check("begin A followedBy B gap 1m followedBy C", "cap", "wait for `c` for ever"));
  test("nor in a loop, which events can keep going", () => check("begin A oneOrMore gap 1m", "cap"));
});

describe("a fork is bounded by the cap alone", () => {
  test("followedByAny before another stage", () =>
    check("begin A followedByAny B followedBy C within 1m", "cap", "an event that `b` takes may also be passed over"));
  test("followedByAny before a loop", () => check("begin A followedByAny B oneOrMore within 1m", "cap"));
  test("a loop that is not greedy, and its follower", () =>
    check("begin A oneOrMore followedBy B within 1m", "cap", "an event that `a` takes may also be passed over"));
  test("a greedy loop whose follower is followed", () =>
    check("begin A oneOrMore greedy followedBy B followedBy C within 1m", "cap", "`b` takes"));
  test("combinations", () => check("begin A times(3) allowCombinations within 1m", "cap"));
  test("combinations in an open loop, which double", () =>
    check("begin A oneOrMore allowCombinations within 1m", "cap", "in a loop"));
  test("followedByAny in a loop of a group", () =>
    check("begin A followedBy ( begin B followedByAny C ) oneOrMore within 1m", "cap", "in a loop"));
  test("an event for either of two stages in a loop of a group", () =>
    check(
      "begin A followedBy ( begin B next C optional ) oneOrMore within 1m",
      "cap",
      "in a loop, an event that `c` takes may also be taken by `b`",
    ));
  test("the worse of two forks is told", () =>
    check("begin A oneOrMore followedBy B oneOrMore allowCombinations within 1m", "cap", "in a loop"));
});

test("states are those that can be reached", () => {
  expect(costOf(pattern("begin A next B")).states).toBe(3);
  expect(costOf(pattern("begin A notNext N next B")).states).toBe(5);
});

// ---- against the matcher ---------------------------------------------------------------------------------------------

/** The most partial matches that so many events of one key come to, all at one time; `ab` is an event for both stages. */
function most(nfa: Nfa, { length, cycle }: { readonly length: number; readonly cycle: readonly string[] }): number {
  const matcher = new Matcher(nfa, { context: newContext({ has: () => false }), partialMatchesPerKeyMax: CAP });
  let [state, greatest] = [EMPTY_KEY_STATE, 0];
  for (let offset = 0; offset < length; offset++) {
    const letters = cycle[offset % cycle.length]!;
    const data = {
      type: letters,
      ...Object.fromEntries(letters.split("").map((letter) => [letter.toUpperCase(), true])),
    };
    state = matcher.step(state, { stream: "s", offset, id: null, ordinal: offset, time: 0, data }, emptyHarvest());
    greatest = Math.max(greatest, state.partials.length);
  }
  return greatest;
}

const CAP = 5_000;
const SEED = Number(process.env["TRIPLINE_SEED"] ?? 1);
const COUNT = Number(process.env["TRIPLINE_PATTERNS"] ?? 40);

test("a chain that can be left in a billion ways costs no more to judge than to read", () => {
  const group = (i: number): string =>
    `followedBy ( begin b${i} where event.b oneOrMore optional greedy until event.u${i} )`;
  const chain = Array.from({ length: 30 }, (_, i) => group(i)).join(" ");
  check(`begin A ${chain} followedBy C within 1m`, "cap");
});

describe("the matcher keeps what is said", () => {
  test.each([
    ["begin A next B next C", "abc", 1],
    ["begin A followedBy B within 1m", "a", 2],
    ["begin A times(2, 4) followedBy B within 1m", "a", 2],
    ["begin A oneOrMore greedy followedBy B within 1m", "a x", 2],
    ["begin A followedBy ( begin B followedBy C ) oneOrMore next D within 1m", "a b c", 2],
    ["begin A oneOrMore followedBy B within 1m", "a", 4],
    ["begin A followedByAny B followedBy C within 1m", "a b", 4],
    ["begin A oneOrMore greedy followedBy B followedBy C within 1m", "a b", 4],
    ["begin A followedByAny B oneOrMore followedBy C within 1m", "a b", 8],
  ])("%s: of twice the events %s, %d times the partial matches", (stages, cycle, factor) => {
    const [nfa, events] = [pattern(stages), cycle.split(" ")];
    const [some, more] = [20, 40].map((length) => most(nfa, { length, cycle: events }));
    expect(costOf(nfa).bounded).toBe(factor <= 2);
    expect(more! / some!).toBeGreaterThan(factor * 0.75);
    expect(more! / some!).toBeLessThan(factor * 1.3);
  });

  test.each([
    ["begin A oneOrMore allowCombinations within 1m", "a"],
    ["begin A followedBy ( begin B followedByAny C ) oneOrMore within 1m", "a b c"],
    ["begin A followedBy ( begin B next C optional ) oneOrMore within 1m", "abc"],
  ])("%s: of events %s they double until the cap", (stages, cycle) => {
    expect(most(pattern(stages), { length: 60, cycle: cycle.split(" ") })).toBe(CAP);
  });

  test("of generated patterns, those said to be bounded grow as their events do at most", () => {
    const letters = new Random(SEED);
    for (const { rule } of generatePatterns({ seed: SEED, count: COUNT })) {
      const nfa = compiled(rule);
      if (!costOf(nfa).bounded) continue;
      const cycle = Array.from({ length: 7 }, () => letters.pick(["a", "b", "c"]));
      const [some, more] = [most(nfa, { length: 40, cycle }), most(nfa, { length: 80, cycle })];
      expect({ rule, cycle, isSteep: more > 2.5 * some + 4 }).toEqual({ rule, cycle, isSteep: false });
    }
  });
});
