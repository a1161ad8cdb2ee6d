/** Canonical JSON: one text for one value. */

import { describe, expect, test } from "@jest/globals";

import { canonicalJson } from "../../src/core/canonical-json.ts";
import type { Json } from "../../src/core/event.ts";

describe("the text of a value", () => {
  test.each<[value: Json, text: string]>([
    [null, "null"],
    [true, "true"],
    [-0, "0"],
    [1e21, "1e+21"],
    ['a"\n', '"a\\"\\n"'],
    [[], "[]"],
    [{}, "{}"],
    [[1, [2, {}], "x"], '[1,[2,{}],"x"]'],
    [{ b: 1, a: { d: [], c: null } }, '{"a":{"c":null,"d":[]},"b":1}'],
    [{ "2": 1, "10": 2, a: 3 }, '{"10":2,"2":1,"a":3}'],
    [JSON.parse('{"__proto__": {"b": 1, "a": 2}}') as Json, '{"__proto__":{"a":2,"b":1}}'],
  ])("%j is %s", (value, text) => expect(canonicalJson(value)).toBe(text));
});

test("a value may be deeper than the machine's stack", () => {
  const text = `${'{"a":['.repeat(50_000)}1${"]}".repeat(50_000)}`;
  expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
});
