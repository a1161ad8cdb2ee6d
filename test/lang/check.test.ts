import { describe, expect, test } from "@jest/globals";

import { assert } from "../../src/core/assert.ts";
import { checkFile } from "../../src/lang/check.ts";
import type {
  PatternRuleDefinition,
  RuleDefinition,
  StageDefinition,
  StreamDefinition,
} from "../../src/lang/definition.ts";
import { stageNames } from "../../src/lang/definition.ts";
import { parseFile } from "../../src/lang/parse.ts";
import { printExpr } from "../../src/lang/print.ts";

function checked(source: string): ReturnType<typeof checkFile> {
  const { file, diagnostics } = parseFile(source);
  expect(diagnostics).toEqual([]);
  return checkFile(file!, source);
}

function streamOf(clauses: string): StreamDefinition {
  const { streams, diagnostics } = checked(`stream s { ${clauses} }`);
  expect(diagnostics).toEqual([]);
  return streams[0]!;
}

function ruleOf(clauses: string): PatternRuleDefinition {
  const [rule] = checked(`rule r { ${clauses} }`).rules;
  assert(rule?.kind === "pattern", "no pattern");
  return rule;
}

describe("a stream defines", () => {
  test("the defaults", () => {
    expect(streamOf("")).toEqual({
      name: "s",
      time: null,
      watermark: { kind: "bounded", outOfOrdernessMs: 0 },
      idleMs: 60_000,
      late: "side",
      id: null,
      dedupeMs: null,
      schema: null,
      source: "stream s {  }",
    });
  });
  test("a day of identities where it declares an id", () => {
    expect(streamOf("id x").dedupeMs).toBe(86_400_000);
    expect(streamOf("dedupe 1h id x").dedupeMs).toBe(3_600_000);
  });
  test("its watermark", () => {
    expect(streamOf("watermark bounded 10s").watermark).toEqual({ kind: "bounded", outOfOrdernessMs: 10_000 });
    expect(streamOf("watermark bounded 0s").watermark).toEqual({ kind: "bounded", outOfOrdernessMs: 0 });
    expect(streamOf("watermark ascending").watermark).toEqual({ kind: "ascending" });
    expect(streamOf("watermark punctuated where x").watermark).toMatchObject({ kind: "punctuated" });
  });
  test("when it is idle, or that it never is", () => {
    expect(streamOf("idle 30s").idleMs).toBe(30_000);
    expect(streamOf("idle off").idleMs).toBeNull();
  });
  test("its schema", () => {
    expect(streamOf("schema { a: string? b: { c: number }[]? __proto__: any }").schema).toEqual({
      kind: "object",
      optional: false,
      fields: Object.fromEntries([
        ["a", { kind: "scalar", type: "string", optional: true }],
        [
          "b",
          {
            kind: "list",
            optional: true,
            item: {
              kind: "object",
              optional: false,
              fields: { c: { kind: "scalar", type: "number", optional: false } },
            },
          },
        ],
        ["__proto__", { kind: "scalar", type: "any", optional: false }],
      ]),
    });
  });
});

describe("a rule defines", () => {
  test("the defaults", () => {
    expect(ruleOf("from s pattern { begin a }")).toMatchObject({
      name: "r",
      title: null,
      description: null,
      severity: "medium",
      tags: [],
      streams: ["s"],
      where: null,
      keyBy: [],
      pattern: { withinMs: null, skip: { kind: "pastLastEvent" } },
      emit: [],
      onTimeoutEmit: null,
      suppress: null,
      deliver: [],
      source: "rule r { from s pattern { begin a } }",
    });
  });
  test("what each clause says", () => {
    const source =
      'severity low tags "x", "y" description "d" from s, t where u key by v, w pattern { begin a within 1m skip toLast(a) orFail } ' +
      "emit { m = 1 } on timeout emit { } suppress 1h by z deliver p, q";
    const rule = ruleOf(source);
    expect(rule).toMatchObject({
      severity: "low",
      tags: ["x", "y"],
      description: "d",
      streams: ["s", "t"],
      pattern: { withinMs: 60_000, skip: { kind: "toLast", stage: "a", orFail: true } },
      emit: [{ name: "m" }],
      onTimeoutEmit: [],
      suppress: { ms: 3_600_000 },
      deliver: ["p", "q"],
    });
    const text = (expr: RuleDefinition["where"]): string => printExpr(expr!, { interpolates: false });
    expect([rule.where, ...rule.keyBy, rule.suppress!.by].map(text)).toEqual(["u", "v", "w", "z"]);
  });
  test("nothing where there is an error, and the blocks around it all the same", () => {
    const { streams, rules, diagnostics } = checked("stream s { } rule q { } rule r { from s pattern { begin a } }");
    expect(streams.map(({ name }) => name)).toEqual(["s"]);
    expect(rules.map(({ name }) => name)).toEqual(["r"]);
    expect(diagnostics.map(({ code }) => code)).toEqual(["E102", "E102"]);
  });
});

describe("a stage defines", () => {
  function check(modifiers: string, expected: Partial<StageDefinition>): void {
    const { stages } = ruleOf(`from s pattern { begin z next a ${modifiers} next b within 1h }`).pattern;
    expect(stages[1]).toMatchObject({ name: "a", contiguity: "next", group: null, ...expected });
  }

  test("exactly one event, unless it says otherwise", () => {
    check("", {
      where: null,
      quantifier: { kind: "times", from: 1, to: 1 },
      optional: false,
      greedy: false,
      inner: "relaxed",
      until: null,
      gapMs: null,
    });
  });
  test("how often it occurs", () => {
    check("times(3)", { quantifier: { kind: "times", from: 3, to: 3 } });
    check("times(2, 5)", { quantifier: { kind: "times", from: 2, to: 5 } });
    check("oneOrMore", { quantifier: { kind: "loop", from: 1 } });
    check("timesOrMore(4)", { quantifier: { kind: "loop", from: 4 } });
  });
  test("`times(0, n)` as `times(1, n) optional`", () => {
    check("times(0, 3)", { quantifier: { kind: "times", from: 1, to: 3 }, optional: true });
  });
  test("the same in any order of its modifiers", () => {
    const expected: Partial<StageDefinition> = {
      quantifier: { kind: "loop", from: 1 },
      optional: true,
      greedy: true,
      inner: "strict",
      gapMs: 1000,
    };
    check("optional oneOrMore greedy consecutive gap 1s until x where y", expected);
    check("where y gap 1s consecutive until x greedy oneOrMore optional", expected);
  });
  test("the contiguity inside its loop", () => {
    check("oneOrMore consecutive", { inner: "strict" });
    check("oneOrMore allowCombinations", { inner: "any" });
  });

  test("a group, whose name is only for the reader", () => {
    const { stages } = ruleOf("from s pattern { begin a next g ( begin b next c ) times(2) }").pattern;
    expect(stages[1]).toMatchObject({ name: null, contiguity: "next", quantifier: { kind: "times", from: 2, to: 2 } });
    expect(stages[1]!.group!.map(({ name, contiguity }) => [contiguity, name])).toEqual([
      ["begin", "b"],
      ["next", "c"],
    ]);
    expect(stageNames(stages)).toEqual(["a", "b", "c"]);
  });
});

describe("what Flink does is no reason to refuse", () => {
  function accepts(pattern: string): void {
    const { diagnostics } = checked(`rule r { from s pattern { ${pattern} } }`);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  }

  test("`times(0, n)` after a greedy stage", () =>
    accepts("begin a oneOrMore greedy next b times(0, 2) next c within 1h"));
  test("a `not` stage after a group that only ends in an optional stage", () => {
    accepts("begin ( begin a next b optional ) notNext n next c");
  });
  test("a `not` stage before a loop that is not optional", () =>
    accepts("begin a notNext n next ( begin b ) oneOrMore next c within 1h"));
  test("two `notFollowedBy` in the middle", () => accepts("begin a notFollowedBy n notFollowedBy m next b"));
  test("`notNext` at the end", () => accepts("begin a notNext n"));
  test("a bounded number of passes through a group that can match nothing", () =>
    accepts("begin a next ( begin b optional ) times(2)"));
  test("a `gap` as long as `within`", () => accepts("begin a next b gap 5s within 5s"));
});

describe("the size of a pattern", () => {
  function codes(pattern: string): string[] {
    return checked(`rule r { from s pattern { ${pattern} skip none } }`).diagnostics.map(({ code }) => code);
  }
  const stages = (count: number, modifiers = ""): string =>
    Array.from({ length: count }, (_, index) => `next s${index} ${modifiers}`).join(" ");

  test("is at most 500 stages, groups among them", () => {
    expect(codes(`begin a ${stages(499)}`)).toEqual([]);
    expect(codes(`begin a ${stages(500)}`)).toEqual(["E125"]);
    expect(codes(`begin a next ( begin b ) ${stages(498)}`)).toEqual(["E125"]);
  });
  test("is at most 2000 when its `times` are written out", () => {
    expect(codes("begin a times(1999) next b")).toEqual([]);
    expect(codes("begin a times(1999) next b next c")).toEqual(["E125"]);
    expect(codes("begin ( begin a times(44) ) times(45) next b")).toEqual([]);
    expect(codes("begin ( begin a times(45) ) times(45) next b")).toEqual(["E125"]);
    expect(codes("begin a timesOrMore(2000)")).toEqual(["E125"]);
    expect(codes("begin a next ( begin b times(999999999999999) ) times(999999999999999)")).toEqual(["E125"]);
  });
  test("has at most 500 stages in a row that may be absent", () => {
    expect(codes(`begin a ${stages(498, "optional")} next b`)).toEqual([]);
    expect(codes("begin a next ( begin b optional next c optional ) times(250) next d")).toEqual([]);
    expect(codes("begin a next ( begin b optional next c optional ) times(251) next d")).toEqual(["E125"]);
    expect(codes("begin a next ( begin b optional next c ) times(251) next d")).toEqual([]);
  });
});
