/** Aggregates over the events of a stage, in match order (S8.8). */

import { describe, expect, test } from "@jest/globals";

import type { Value } from "../../src/expr/types.ts";
import { check, evaluate } from "./evaluate.ts";

const matched = [
  ["a", { n: 4, s: "x", mixed: 1, at: "1970-01-01T00:00:09Z" }],
  ["b", { n: 100 }],
  ["a", { n: null, s: "z", mixed: "text", list: [1, { k: 1, l: 2 }] }],
  ["a", { s: "x", mixed: true, list: [1, { l: 2, k: 1 }] }],
  ["a", { n: 2, s: "y", mixed: 3 }],
] as const;

describe("over a stage's events", () => {
  test.each<[source: string, expected: Value]>([
    ["count(a)", 4],
    ["count(a.n)", 2],
    ["sum(a.n)", 6],
    ["avg(a.n)", 3],
    ["min(a.n)", 2],
    ["max(a.n)", 4],
    ["min(a.s)", "x"],
    ["max(a.s)", "z"],
    ["distinct(a.s)", ["x", "z", "y"]],
    ["count_distinct(a.s)", 3],
    ["list(a.s)", ["x", "z", "x", "y"]],
    ["list(a.n)", [4, null, null, 2]],
    ["list(b)", [{ n: 100 }]],
    ["first(a.s)", "x"],
    ["last(a.s)", "y"],
    ["count(b)", 1],
    ["length(list(a))", 4],
    ["count(a) + count(b)", 5],
    ["'z' in list(a.s)", true],
    ["'q' in distinct(a.s)", false],
    ["contains(list(a.s), 'y')", true],
  ])("%s is %j", (source, expected) => check(source, { matched }, expected));
});

describe("of one that has none", () => {
  test.each<[source: string, expected: Value]>([
    ["count(never)", 0],
    ["count(never.n)", 0],
    ["sum(never.n)", 0],
    ["avg(never.n)", null],
    ["min(never.n)", null],
    ["max(never.n)", null],
    ["distinct(never.n)", null],
    ["count_distinct(never.n)", null],
    ["list(never.n)", null],
    ["list(never)", null],
    ["sum(a.nothing)", 0],
    ["count(a.nothing)", 0],
    ["avg(a.nothing)", null],
    ["distinct(a.nothing)", null],
    ["list(a.nothing)", [null, null, null, null]],
  ])("%s is %j", (source, expected) => check(source, { matched, stages: ["never"] }, expected));
});

describe("wrong types are passed over, and not counted", () => {
  test.each<[source: string, expected: Value]>([
    ["sum(a.mixed)", 4],
    ["avg(a.mixed)", 2],
    ["min(a.mixed)", 1],
    ["max(a.mixed)", 3],
    ["distinct(a.mixed)", [1, "text", true, 3]],
    ["count_distinct(a.mixed)", 4],
    ["sum(a.s)", 0],
    ["avg(a.s)", null],
  ])("%s is %j", (source, expected) => {
    expect(evaluate(source, { matched })).toEqual({ value: expected, faults: 0 });
  });
});

test("distinct goes by content", () => {
  check("distinct(a.list)", { matched }, [[1, { k: 1, l: 2 }]]);
  check(
    "distinct(a.v)",
    {
      matched: [
        ["a", { v: "1" }],
        ["a", { v: 1 }],
        ["a", { v: [1] }],
        ["a", { v: "[1]" }],
      ],
    },
    ["1", 1, [1], "[1]"],
  );
});

test("a sum that is too large is null", () => {
  check(
    "sum(a.n)",
    {
      matched: [
        ["a", { n: 1e308 }],
        ["a", { n: 1e308 }],
      ],
    },
    null,
  );
});

describe("aggregate or function: by its arguments", () => {
  const given = { data: { x: 5 }, matched } as const;
  test.each<[source: string, expected: Value]>([
    ["min(a.n)", 2],
    ["min(a.n, 1)", 1],
    ["max(a.n, x)", 5],
    ["max(x, 3, 9)", 9],
    ["max(count(a), x)", 5],
  ])("%s is %j", (source, expected) => check(source, given, expected));
});

describe("times", () => {
  test.each<[source: string, expected: Value]>([
    ["time(a)", 5000],
    ["time(last(a))", 5000],
    ["time(first(a))", 1000],
    ["time(a[1])", 3000],
    ["time(a[9])", null],
    ["time(b)", 2000],
    ["time(event)", 60_000],
    ["time(never)", null],
    ["time(event) - time(first(a))", 59_000],
    ["time(event) - time(never)", null],
    ["time(first(a).at)", 9000],
    ["time('1970-01-01T00:00:01Z')", 1000],
    ["time(a.s)", null],
  ])("%s is %j", (source, expected) => check(source, { matched, stages: ["never"] }, expected));
});
