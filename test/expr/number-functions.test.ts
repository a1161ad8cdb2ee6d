/** Functions of numbers (S8.10). */

import { describe, expect, test } from "@jest/globals";

import type { Value } from "../../src/expr/types.ts";
import { check, parse, run } from "./evaluate.ts";

describe("values", () => {
  test.each<[source: string, expected: Value]>([
    ["abs(-5)", 5],
    ["abs(5)", 5],
    ["floor(2.7)", 2],
    ["floor(-2.1)", -3],
    ["ceil(2.1)", 3],
    ["ceil(-2.7)", -2],
    ["round(2.4)", 2],
    ["round(2.5)", 3],
    ["round(-2.5)", -3],
    ["round(-2.4)", -2],
    ["round(2.345, 2)", 2.35],
    ["round(1.005, 2)", 1.01],
    ["round(1234.5, 0)", 1235],
    ["round(0.1 + 0.2, 10)", 0.3],
    ["round(1e300, 5)", 1e300],
    ["round(5e-324, 15)", 0],
    ["round(123456789012345, 15)", 123456789012345],
    ["round(2.7, -1)", 3],
    ["min(3, 1, 2)", 1],
    ["max(3, 1, 2)", 3],
    ["pow(2, 10)", 1024],
    ["pow(4, 0.5)", 2],
    ["sqrt(9)", 3],
    ["log(1)", 0],
    ["round(log(10), 4)", 2.3026],
  ])("%s is %j", (source, expected) => check(source, {}, expected));
});

describe("null where there is no number", () => {
  test.each([
    "abs(missing)",
    "abs('5')",
    "round(missing)",
    "round(1, missing)",
    "min(1, missing)",
    "max('a', 1)",
    "pow(10, 400)",
    "pow(-8, 1 / 3)",
    "sqrt(-1)",
    "log(0)",
    "log(-1)",
  ])("%s", (source) => {
    expect(run(parse(source), {})).toEqual({ value: null, faults: 0 });
  });
});

test("zero has no sign", () => {
  for (const source of ["ceil(-0.5)", "round(-0.2)", "abs(0 - 0)", "floor(0)"]) {
    expect(Object.is(run(parse(source), {}).value, 0)).toBe(true);
  }
});
