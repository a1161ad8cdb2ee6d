/** Arithmetic: over numbers, and null for everything that is not one (S8.3). */

import { describe, expect, test } from "@jest/globals";

import type { Value } from "../../src/expr/types.ts";
import { check, parse, run } from "./evaluate.ts";

const data = { a: 7, b: 2, zero: 0, text: "7", huge: 1e308, list: [1] };

describe("numbers", () => {
  test.each<[source: string, expected: Value]>([
    ["a + b", 9],
    ["a - b", 5],
    ["a * b", 14],
    ["a / b", 3.5],
    ["a % b", 1],
    ["-a % b", -1],
    ["-a", -7],
    ["--a", 7],
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["10 - 4 - 3", 3],
    ["100 / 10 / 5", 2],
    ["2 * a % 4", 2],
    ["1 - -1", 2],
    ["5m / 1s", 300],
    ["1h30m - 30m", 3_600_000],
    ["1 + 2 + 3 + 4 - 5", 5],
  ])("%s is %j", (source, expected) => check(source, { data }, expected));
});

describe("null where there is no number, and no fault", () => {
  test.each([
    "a + missing",
    "missing - a",
    "-missing",
    "a + text",
    "text * b",
    "-text",
    "list + 1",
    "a / zero",
    "zero / zero",
    "a % zero",
    "huge * 10",
    "huge + huge",
    "-huge - huge",
    "a + missing + b",
    "1 + 2 + text + 3",
    "huge * 10 * 0",
    "now() + missing",
  ])("%s", (source) => {
    expect(run(parse(source), { data })).toEqual({ value: null, faults: 0 });
  });
});

test("zero has no sign", () => {
  for (const source of ["-zero", "zero * -1", "0 / -5", "-7 % 7"]) {
    const { value } = run(parse(source), { data });
    expect(Object.is(value, 0)).toBe(true);
  }
});

test("a sum of hundreds of terms is one sum", () => {
  const terms = Array.from({ length: 900 }, () => "a").join(" + ");
  expect(run(parse(terms), { data }).value).toBe(6300);
});
