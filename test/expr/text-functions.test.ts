/** Functions of text (S8.9). */

import { describe, expect, test } from "@jest/globals";

import { limits } from "../../src/core/limits.ts";
import type { Value } from "../../src/expr/types.ts";
import { check, evaluate, parse, run } from "./evaluate.ts";

const data = { text: "Héllo 👍!", list: ["a", { b: 1 }], path: "a/b//c", n: 5, yes: true };

describe("values", () => {
  test.each<[source: string, expected: Value]>([
    ["lower('ABC É')", "abc é"],
    ["upper('abc é')", "ABC É"],
    ["trim('  a b ')", "a b"],
    ["length('abc')", 3],
    ["length(text)", 8],
    ["length('')", 0],
    ["length(list)", 2],
    ["substring('abcdef', 2)", "cdef"],
    ["substring('abcdef', 1, 3)", "bc"],
    ["substring('abcdef', 0, 99)", "abcdef"],
    ["substring('abcdef', -5, 2)", "ab"],
    ["substring('abcdef', 4, 2)", ""],
    ["substring('abcdef', 99)", ""],
    ["substring('abcdef', 1.9, 3.9)", "bc"],
    ["substring(text, 6, 7)", "👍"],
    ["concat('a', 'b', 'c')", "abc"],
    ["concat('n=', n, ' ', yes)", "n=5 true"],
    ["concat(list)", '["a",{"b":1}]'],
    ["contains('abc', 'b')", true],
    ["contains('abc', 'x')", false],
    ["contains('abc', '')", true],
    ["contains(list, 'a')", true],
    ["contains(list, list[1])", true],
    ["contains(list, 'x')", false],
    ["startsWith('abc', 'ab')", true],
    ["startsWith('abc', 'bc')", false],
    ["endsWith('abc', 'bc')", true],
    ["endsWith('abc', 'ab')", false],
    ["replace('a-b-c', '-', '+')", "a+b+c"],
    ["replace('a.b', '.', '$&')", "a$&b"],
    ["replace('abc', '', 'x')", "abc"],
    ["replace('aaa', 'aa', 'b')", "ba"],
    ["split(path, '/')", ["a", "b", "", "c"]],
    ["split(path, ',')", ["a/b//c"]],
    ["split('a👍', '')", ["a", "👍"]],
    ["split('', ',')", [""]],
  ])("%s is %j", (source, expected) => check(source, { data }, expected));
});

describe("null, or a wrong type, gives null, and no fault", () => {
  test.each([
    "lower(missing)",
    "lower(n)",
    "upper(list)",
    "trim(n)",
    "length(n)",
    "length(missing)",
    "substring(text, missing)",
    "substring(text, 1, missing)",
    "substring(text, 'a')",
    "substring(n, 1)",
    "concat('a', missing)",
    "contains('5', n)",
    "contains(missing, 'a')",
    "contains('a', missing)",
    "contains(n, 'a')",
    "startsWith(n, '5')",
    "endsWith('a', missing)",
    "replace(text, 'a', missing)",
    "split(n, ',')",
  ])("%s", (source) => {
    expect(run(parse(source), { data })).toEqual({ value: null, faults: 0 });
  });
});

describe("a text that would be too long is null", () => {
  const long = "x".repeat(limits.madeTextCharsMax);

  test("concat", () => {
    expect(evaluate("concat(long)", { data: { long } }).value).toBe(long);
    check("concat(long, 'x')", { data: { long } }, null);
  });

  test("replace", () => {
    check("replace(long, 'x', 'xx')", { data: { long } }, null);
    check("length(replace(long, 'xx', 'y'))", { data: { long } }, limits.madeTextCharsMax / 2);
  });

  test("split", () => {
    check("length(split(text, ','))", { data: { text: ",".repeat(limits.splitItemsMax - 1) } }, limits.splitItemsMax);
    check("split(text, ',')", { data: { text: ",".repeat(limits.splitItemsMax) } }, null);
    check("split(text, '')", { data: { text: long } }, null);
  });
});
