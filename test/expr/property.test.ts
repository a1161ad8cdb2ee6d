/** What holds for every expression and every event: it gives JSON, in finite numbers, and never throws (S8.1). */

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import type { JsonObject } from "../../src/core/event.ts";
import { equal } from "../../src/expr/equality.ts";
import { AGGREGATES } from "../../src/expr/aggregate.ts";
import { leastArguments, mostArguments } from "../../src/expr/function.ts";
import { FUNCTIONS } from "../../src/expr/functions.ts";
import { typecheck } from "../../src/expr/typecheck.ts";
import type { Value } from "../../src/expr/types.ts";
import { type Given, check, parse, run, scopeOf } from "./evaluate.ts";

const FIELDS = ["a", "b", "constructor", "__proto__", "length", "x"];
const STAGES = ["s", "t"];

/** Values on which things go wrong: edges of numbers, texts of times, names that objects inherit. */
const json: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Value>(null, true, false, 0, -0, 1, -1, 0.5, 1e308, -1e308, 5e-324, 1e21, 2 ** 53, 86_400_000),
    fc.constantFrom<Value>(
      "",
      "a",
      "A",
      "1",
      "👍",
      "10.0.0.1",
      "::1",
      "2026-03-29T01:00:00Z",
      "Europe/Paris",
      "\ud800",
    ),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ maxLength: 5 }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...FIELDS), tie("value"), { maxKeys: 3 }).map((fields) => ({ ...fields })),
  ),
})).value;

/** With own fields of any name, as `JSON.parse` makes them. */
const data: fc.Arbitrary<JsonObject> = fc
  .array(fc.tuple(fc.constantFrom(...FIELDS), json), { maxLength: 5 })
  .map((fields) => {
    const body = fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",");
    return JSON.parse(`{${body}}`) as JsonObject;
  });

const source: fc.Arbitrary<string> = fc.letrec<{ expr: string }>((tie) => {
  const expr = tie("expr");
  const field = fc.constantFrom(...FIELDS.map((name) => `event.${name}`), "a", "b", "event", 'event["x"]');
  const stage = fc.constantFrom(...STAGES);
  const literal = fc.constantFrom(
    "null",
    "true",
    "1",
    "0",
    "2.5",
    "1e300",
    "10m",
    "'a'",
    "'👍'",
    "'UTC'",
    "'2026-03-29T01:00:00Z'",
  );
  const ofStage = fc.oneof(
    fc.tuple(stage, fc.constantFrom(".a", ".constructor", "[0]", "[1].b", "[9].x")).map(([name, step]) => name + step),
    fc
      .tuple(fc.constantFrom("first", "last"), stage, fc.constantFrom("", ".a"))
      .map(([end, name, step]) => `${end}(${name})${step}`),
    fc
      .tuple(fc.constantFrom(...AGGREGATES), stage, fc.constantFrom(".a", ".b", ".x"))
      .map(([fold, name, step]) => `${fold}(${name}${step})`),
    fc.constantFrom("count(s)", "list(t)", "time(s)", "time(event)", "time(t[0])", "exists(s)"),
  );
  const call = fc
    .constantFrom(...FUNCTIONS)
    .chain(([name, definition]) =>
      fc
        .array(expr, { minLength: leastArguments(definition), maxLength: Math.min(4, mostArguments(definition)) })
        .map((args) => `${name}(${args.join(", ")})`),
    );
  const operators = ["and", "or", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "in", "not in"];
  return {
    expr: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      field,
      literal,
      ofStage,
      call,
      fc.tuple(expr, fc.constantFrom(...operators), expr).map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
      fc.tuple(fc.constantFrom("not", "-"), expr).map(([operator, a]) => `(${operator} (${a}))`),
      fc
        .tuple(expr, fc.constantFrom("like 'a*'", "not like '?'i", "matches '^a+$'", "not matches '[^a]'i"))
        .map(([a, operation]) => `(${a}) ${operation}`),
      fc
        .tuple(expr, fc.constantFrom("in cidr('10.0.0.0/8', '::/0')", "in list('names')", "in [1, 'a', null]"))
        .map(([a, set]) => `(${a}) ${set}`),
      fc.tuple(expr, expr).map(([a, b]) => `[${a}, ${b}]`),
      fc.tuple(expr, fc.constantFrom(".a", "[0]", '["toString"]')).map(([a, step]) => `(${a})${step}`),
      expr.map((a) => `"is \${${a}}"`),
    ),
  };
}).expr;

const given: fc.Arbitrary<Given> = fc.record({
  data,
  matched: fc.array(fc.tuple(fc.constantFrom(...STAGES), data), { maxLength: 4 }),
  stages: fc.constant(STAGES),
  now: fc.constantFrom(0, 1_700_000_000_000, Number.NEGATIVE_INFINITY),
});

/** The first thing in a value that is no JSON. */
function notJson(value: unknown): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return null;
  if (typeof value === "number") return Number.isFinite(value) ? null : `the number ${value}`;
  if (typeof value !== "object") return `a ${typeof value}`;
  return (
    Object.values(value)
      .map(notJson)
      .find((found) => found !== null) ?? null
  );
}

describe("every expression that passes the check", () => {
  test("gives JSON, and never throws", () => {
    let compiled = 0;
    fc.assert(
      fc.property(source, given, (text, one) => {
        const expr = parse(text);
        const scope = scopeOf(one);
        const refused = typecheck(expr, scope, { position: "emit" }).some(({ severity }) => severity === "error");
        if (refused) return;
        compiled++;
        const { value, faults } = run(expr, one);
        expect(notJson(value)).toBeNull();
        expect(faults).toBeGreaterThanOrEqual(0);
        expect(run(expr, one)).toEqual({ value, faults });
      }),
      { numRuns: 1500 },
    );
    // Most of what is made must get as far as running, or the property says nothing.
    expect(compiled).toBeGreaterThan(500);
  });
});

describe("equality", () => {
  test("is reflexive and symmetric, and blind to the order of fields", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(equal(a, a)).toBe(true);
        expect(equal(a, JSON.parse(JSON.stringify(a)) as Value)).toBe(true);
        expect(equal(a, b)).toBe(equal(b, a));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("values 10,000 levels deep", () => {
  const LEVELS = 10_000;
  const deep = (leaf: string) =>
    JSON.parse(`{"v":${'{"a":['.repeat(LEVELS)}${leaf}${"]}".repeat(LEVELS)}}`) as JsonObject;
  const fields = { one: deep("1")["v"]!, same: deep("1")["v"]!, other: deep("2")["v"]! };

  test.each<[source: string, expected: Value]>([
    ["one == same", true],
    ["one == other", false],
    ["one != other", true],
    ["one in [other, same]", true],
    ["one in [other]", false],
    ["contains([one], same)", true],
    ["hash(one) == hash(same)", true],
    ["hash(one) == hash(other)", false],
    ["count_distinct(s.v)", 2],
    ['length("${one}") > 60000', true],
    ["exists(one.a[0].a[0].a)", true],
    ["type(one)", "object"],
  ])("%s is %j", (text, expected) => {
    const matched = [
      ["s", { v: fields.one }],
      ["s", { v: fields.same }],
      ["s", { v: fields.other }],
    ] as const;
    check(text, { data: fields, matched }, expected);
  });
});
