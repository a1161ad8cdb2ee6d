/** Templates: how values appear in a text for people (S8.13). */

import { describe, expect, test } from "@jest/globals";

import { limits } from "../../src/core/limits.ts";
import type { Value } from "../../src/expr/types.ts";
import { check, evaluate } from "./evaluate.ts";

const data = { user: "ann", n: 3, x: 0.5, yes: true, list: ["a", 1], object: { b: 1, a: "x" }, none: null };

describe("values", () => {
  test.each<[source: string, expected: Value]>([
    ['"${user}: ${n} failures"', "ann: 3 failures"],
    ['"${x} ${yes} ${-n}"', "0.5 true -3"],
    ['"[${none}${missing}]"', "[]"],
    ['"${list} ${object}"', '["a",1] {"a":"x","b":1}'],
    ['"${n + 1} of ${if(yes, "all", "none")}"', "4 of all"],
    ['"${"${user}!"}"', "ann!"],
    ['"\\${user}"', "${user}"],
    ["'${user}'", "${user}"],
    ['"$user $ {n}"', "$user $ {n}"],
    ['"${5m} ms"', "300000 ms"],
  ])("%s is %j", (source, expected) => check(source, { data }, expected));
});

test("stages", () => {
  const matched = [
    ["a", { ip: "1" }],
    ["a", { ip: "2" }],
  ] as const;
  check('"${count(a)} from ${distinct(a.ip)}, last ${a.ip}"', { matched }, '2 from ["1","2"], last 2');
});

test("a text that is too long is cut, and says so", () => {
  const { value } = evaluate('"${text}${text}"', { data: { text: "x".repeat(limits.madeTextCharsMax) } });
  expect(value).toHaveLength(limits.madeTextCharsMax);
  expect(value).toMatch(/x…$/);
});

test("a cut never leaves half a character", () => {
  const { value } = evaluate('"a${text}"', { data: { text: "👍".repeat(limits.madeTextCharsMax) } });
  expect(() => encodeURIComponent(value as string)).not.toThrow(); // it throws for half a character
});
