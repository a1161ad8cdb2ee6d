/** What holds for everything that a window rule may say: what passes the check gives JSON, and never throws (S8.1, S10.5). */

import { expect, test } from "@jest/globals";
import fc from "fast-check";

import type { JsonObject } from "../../src/core/event.ts";
import { compileExpression } from "../../src/expr/compile.ts";
import { typecheck } from "../../src/expr/typecheck.ts";
import type { Value } from "../../src/expr/types.ts";
import { windowAggregates } from "../../src/expr/window-aggregates.ts";
import { firingScope } from "../../src/expr/window-scope.ts";
import { contextOf, parse, parseWhere } from "./evaluate.ts";

const FIELDS = ["a", "b", "event.a", 'event["b"]', "c", "event", "a.x", "b[0]", "1", "'text'", "null", "[1, a]"];
const KEYS = ["a", "lower(b)", "a + 1", "-(b)", "not c", "a and b", "b.x[0]"];
const OF_VALUES = "count sum avg min max stddev first last list distinct count_distinct".split(" ");

const ofEvent = fc.oneof(
  fc.constantFrom(...FIELDS),
  fc
    .tuple(fc.constantFrom(...FIELDS), fc.constantFrom("+", "-", "==", "and", "in"), fc.constantFrom(...FIELDS))
    .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
  fc.constantFrom(
    "time(event)",
    "length(a)",
    "if(c, a, b)",
    "a like 'x*'",
    "window_end()",
    "max(a, b)",
    "now()",
    "sum(a)",
  ),
);
const aggregate = fc.oneof(
  fc.constant("count()"),
  fc.tuple(fc.constantFrom(...OF_VALUES), ofEvent).map(([name, argument]) => `${name}(${argument})`),
  fc.tuple(ofEvent, fc.constantFrom("0", "50", "99.9", "100", "101")).map(([a, p]) => `percentile(${a}, ${p})`),
);
const said = fc.letrec<{ expr: string }>((tie) => ({
  expr: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    aggregate,
    fc.constantFrom(...KEYS.map((key) => `(${key})`)),
    fc.constantFrom("window_start()", "window_end()", "now()", "1", "'x'", "null", "a", "c"),
    fc
      .tuple(tie("expr"), fc.constantFrom("+", "/", "<", "==", "and", "or", "in"), tie("expr"))
      .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    tie("expr").map((a) => `(not ${a})`),
    tie("expr").map((a) => `"is \${${a}}"`),
    fc.tuple(tie("expr"), fc.constantFrom(".x", "[0]")).map(([a, step]) => `(${a})${step}`),
    fc.tuple(tie("expr"), tie("expr")).map(([a, b]) => `max(${a}, ${b})`),
  ),
})).expr;

const VALUES = [
  null,
  true,
  0,
  -0,
  1,
  2.5,
  1e308,
  -1e308,
  "",
  "a",
  "10",
  "2026-03-29T01:00:00Z",
  [1, "a"],
  { x: [1] },
  [],
];
const value = fc.constantFrom<Value>(...VALUES);
const events: fc.Arbitrary<JsonObject[]> = fc.array(fc.record({ a: value, b: value, c: value }), { maxLength: 6 });
const keys = fc.uniqueArray(fc.constantFrom(...KEYS), { maxLength: 2 });

/** What JSON would turn into null, or leave out. */
const isLost = (one: unknown): boolean => one === undefined || (typeof one === "number" && !Number.isFinite(one));

test("what a window rule may say gives JSON, in pieces and from a snapshot", () => {
  let compiled = 0;
  fc.assert(
    fc.property(said, keys, events, fc.nat(6), (text, keyTexts, all, cut) => {
      const expr = parse(text);
      const keyBy = keyTexts.map(parseWhere);
      const checked = firingScope({ keyBy, schema: null });
      if (typecheck(expr, checked, { position: "emit" }).some(({ severity }) => severity === "error")) return;
      compiled++;
      const aggregates = windowAggregates([expr], { scope: checked, schema: null });
      const say = compileExpression(expr, firingScope({ keyBy, schema: null, results: aggregates.results }));
      const folded = (some: readonly JsonObject[]): unknown[] =>
        some.reduce(
          (accumulator, data) => aggregates.add(accumulator, aggregates.read(contextOf({ data }))),
          aggregates.create(),
        );
      const json = JSON.stringify(aggregates.encode(folded(all.slice(0, cut))));
      const whole = aggregates.merge(aggregates.decode(JSON.parse(json) as Value), folded(all.slice(cut)));
      const context = contextOf({});
      const key = keyBy.length === 1 ? "k" : keyBy.map((_, index) => index);
      context.window = { key, results: aggregates.getResults(whole), start: 0, end: 60_000 };
      expect([...aggregates.getResults(whole), say(context)].filter(isLost)).toEqual([]);
    }),
    { numRuns: 2000 },
  );
  expect(compiled).toBeGreaterThan(300);
});
