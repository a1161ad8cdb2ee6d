/** `and`, `or`, `not`: anything but true is false (S8.4). */

import { describe, expect, test } from "@jest/globals";

import type { Value } from "../../src/expr/types.ts";
import { check, parse, run } from "./evaluate.ts";

const data = { yes: true, no: false, one: 1, text: "true", list: [true] };

describe("anything but true is false", () => {
  test.each<[source: string, expected: Value]>([
    ["yes and yes", true],
    ["yes and no", false],
    ["no or yes", true],
    ["no or no", false],
    ["not yes", false],
    ["not no", true],
    ["not not yes", true],
    ["not not not yes", false],
    ["yes and one", false],
    ["one or text", false],
    ["not one", true],
    ["not missing", true],
    ["not not one", false],
    ["missing or yes", true],
    ["missing and yes", false],
    ["list or no", false],
    ["yes and yes and yes", true],
    ["yes and yes and no", false],
    ["yes and yes and yes and yes and no", false],
    ["no or no or no or yes", true],
    ["no or no or no or no", false],
  ])("%s is %j", (source, expected) => check(source, { data }, expected));
});

describe("precedence, from loosest to tightest", () => {
  test.each<[source: string, expected: Value]>([
    ["yes or no and no", true],
    ["(yes or no) and no", false],
    ["not no and no", false],
    ["not (no and no)", true],
    ["not one == 2", true],
    ["one + 1 == 2 and yes", true],
  ])("%s is %j", (source, expected) => check(source, { data }, expected));
});

test("a chain of hundreds of conditions is one condition", () => {
  const never = Array.from({ length: 400 }, (_, i) => `one == ${i + 2}`).join(" or ");
  expect(run(parse(never), { data }).value).toBe(false);
  expect(run(parse(`${never} or one == 1`), { data }).value).toBe(true);
});
