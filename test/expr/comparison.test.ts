/** Comparisons: what is equal, what has an order, and what null and two types come to (S8.2). */

import { describe, expect, test } from "@jest/globals";

import type { Value } from "../../src/expr/types.ts";
import { type Outcome, check, parse, run } from "./evaluate.ts";

const data = { user: "ann", amount: 100, admin: true, tags: ["a", "b"], home: { city: "Paris", zip: 75001 } };

describe("equality", () => {
  test.each<[source: string, expected: Value]>([
    ["user == 'ann'", true],
    ["user == 'bob'", false],
    ["'ann' == user", true],
    ["user != 'bob'", true],
    ["amount == 100", true],
    ["amount == 100.0", true],
    ["amount == 50 + 50", true],
    ["-amount == -100", true],
    ["admin == true", true],
    ["event.user == user", true],
    ["10m == 600000", true],
    ["tags == ['a', 'b']", true],
    ["tags == ['b', 'a']", false],
    ["tags != ['a']", true],
    ["home == event.home", true],
    ["home == home.city", false],
    ["0 == -0", true],
  ])("%s is %j", (source, expected) => check(source, { data }, expected));

  test("objects are equal whatever the order of their fields", () => {
    check("a == b", { data: { a: { x: 1, y: [2] }, b: { y: [2], x: 1 } } }, true);
    check("a == b", { data: { a: { x: 1 }, b: { x: 1, y: 2 } } }, false);
    check("a == b", { data: { a: { x: 1, y: 2 }, b: { x: 1, z: 2 } } }, false);
  });

  test("a field that is only inherited is not equal to one that is there", () => {
    check("a == b", { data: { a: { toString: "x" }, b: { other: "x" } } }, false);
  });
});

describe("order", () => {
  test.each<[source: string, expected: Value]>([
    ["amount > 99", true],
    ["amount > 100", false],
    ["amount >= 100", true],
    ["amount < 100", false],
    ["amount <= 100", true],
    ["99 < amount", true],
    ["100 <= amount", true],
    ["101 > amount", true],
    ["100 >= amount", true],
    ["amount > -5", true],
    ["amount > home.zip", false],
    ["user < 'bob'", true],
    ["user >= 'ann'", true],
    ["'Z' < 'a'", true],
    ["user > home.city", true],
  ])("%s is %j", (source, expected) => check(source, { data }, expected));
});

// Missing is null; every kind of value against every other, one way and the other.
const VALUES = { none: null, text: "5", number: 5, flag: true, list: [5], object: { five: 5 } };
const NAMES = Object.keys(VALUES) as (keyof typeof VALUES)[];
const pairs = NAMES.flatMap((left) => NAMES.map((right) => [left, right] as const));

describe.each(["==", "!=", "<", "<=", ">", ">="])("%s", (operator) => {
  const equality = operator === "==" || operator === "!=";

  /** What the two come to, from their kinds alone. */
  function expected(left: string, right: string): Outcome {
    if (left === "none" || right === "none") return { value: false, faults: 0 };
    if (left !== right) return { value: operator === "!=", faults: 1 };
    const ordered = equality || left === "text" || left === "number";
    return ordered ? { value: operator !== "!=" && operator.includes("="), faults: 0 } : { value: false, faults: 1 };
  }

  test.each(pairs)(`%s ${operator} %s`, (left, right) => {
    expect(run(parse(`${left} ${operator} ${right}`), { data: VALUES })).toEqual(expected(left, right));
  });
});

describe("null", () => {
  test.each<[source: string, expected: Value]>([
    ["user == null", false],
    ["user != null", true],
    ["nobody == null", true],
    ["nobody != null", false],
    ["null == nobody", true],
    ["null != nobody", false],
    ["null == null", true],
    ["nobody == nothing", false],
    ["nobody != nothing", false],
    ["nobody == 'ann'", false],
    ["nobody != 'ann'", false],
    ["nobody < 5", false],
    ["5 >= nobody", false],
    ["not nobody == 'ann'", true],
    ["tags[7] == null", true],
    ["home.street.number == null", true],
  ])("%s is %j, and no fault", (source, expected) => {
    expect(run(parse(source), { data })).toEqual({ value: expected, faults: 0 });
  });
});

describe("two types", () => {
  test.each<[source: string, expected: Value]>([
    ["user == 5", false],
    ["user != 5", true],
    ["amount == 'ann'", false],
    ["amount < 'ann'", false],
    ["'ann' < amount", false],
    ["user < 5", false],
    ["5 < user", false],
    ["admin > false", false],
    ["home.city == 5", false],
    ["home == 5", false],
    ["tags == home", false],
  ])("%s is %j, and counted", (source, expected) => {
    expect(run(parse(source), { data })).toEqual({ value: expected, faults: 1 });
  });

  test("what is not looked at is not counted", () => {
    expect(run(parse("user == 'bob' and amount == 'x'"), { data })).toEqual({ value: false, faults: 0 });
    expect(run(parse("user == 'ann' or amount == 'x'"), { data })).toEqual({ value: true, faults: 0 });
  });
});

describe("a field declared `timestamp`", () => {
  const schema = "at: timestamp, until: timestamp?";
  const asText = { at: "2026-03-29T01:00:00Z" };
  const asNumber = { at: Date.parse("2026-03-29T01:00:00Z") };

  test.each([asText, asNumber])("%j is the same moment", (given) => {
    check("at == '2026-03-29T01:00:00Z'", { data: given, schema }, true);
    check("at == '2026-03-29T02:00:00+01:00'", { data: given, schema }, true);
    check("at > '2026-03-29T00:59:59.999Z'", { data: given, schema }, true);
    check("'2026-03-29T01:00:00Z' < at", { data: given, schema }, false);
  });
});
