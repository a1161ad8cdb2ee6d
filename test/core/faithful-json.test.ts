/** What JSON.parse lets pass and JSON cannot write again. */

import { describe, expect, test } from "@jest/globals";
import { isRoundedInteger, unfaithfulIn } from "../../src/core/faithful-json.ts";
import type { Json } from "../../src/core/event.ts";

describe("the first place that would not stay what it is", () => {
  test.each<[string, string, object | null]>([
    ["nothing", '{ "a": [1, 1.7976931348623157e308, -0.5, "\\ud83d\\ude00", null, true, {}] }', null],
    ["a number beyond doubles", '{ "a": { "b": [0, -1e400] } }', { path: "a.b[1]", what: "number" }],
    ["half a surrogate pair", '{ "k": ["\\ud800"] }', { path: "k[0]", what: "text" }],
    ["half a surrogate pair in a name", '{ "k": { "\\udc00x": 1 } }', { path: "k.\ufffdx", what: "field name" }],
    ["the value itself", "1e999", { path: "", what: "number" }],
    ["in arrays of arrays", "[[1], [[2e308]]]", { path: "[1][0][0]", what: "number" }],
  ])("%s", (_, text, expected) => {
    expect(unfaithfulIn(JSON.parse(text) as Json)).toEqual(expected);
  });
});

test.each<[Json, boolean]>([
  [9007199254740991, false],
  [9007199254740992, true],
  [-(2 ** 60), true],
  [1e300, true],
  [0.1, false],
  ["9007199254740993", false],
  [null, false],
])("%s is a rounded integer: %s", (value, expected) => {
  expect(isRoundedInteger(value)).toBe(expected);
});
