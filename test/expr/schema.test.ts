/** Events against their stream's schema (S2.2). */

import { describe, expect, test } from "@jest/globals";

import type { JsonObject } from "../../src/core/event.ts";
import { checkAgainstSchema } from "../../src/expr/schema.ts";
import { objectType } from "./evaluate.ts";

const schema = objectType(`
  user: string, amount: number?, admin: boolean?, at: timestamp?, tags: string[]?, matrix: number[][]?,
  maybe: number?[]?, home: { city: string, zip: { code: number }? }?, any: any?, items: { price: number }[]?,
  constructor: string?
`);

/** `path: found, expected`; empty when there is no fault. */
function fault(data: JsonObject): string {
  const found = checkAgainstSchema(data, schema);
  return found === null ? "" : `${found.path}: ${found.found}, ${found.expected}`;
}

describe("what the schema allows", () => {
  test.each<[JsonObject]>([
    [{ user: "ann" }],
    [{ user: "" }],
    [{ user: "ann", unknown: { deep: [1] } }],
    [{ user: "ann", amount: 0.5, admin: false }],
    [{ user: "ann", amount: null, admin: null, tags: null, home: null, any: null }],
    [{ user: "ann", at: "2026-03-29T01:00:00+01:00" }],
    [{ user: "ann", at: 1700000000000 }],
    [{ user: "ann", tags: [] }],
    [{ user: "ann", tags: ["a", "b"] }],
    [{ user: "ann", matrix: [[1], []] }],
    [{ user: "ann", maybe: [1, null] }],
    [{ user: "ann", home: { city: "Paris" } }],
    [{ user: "ann", home: { city: "Paris", zip: { code: 75001, x: 1 } } }],
    [{ user: "ann", any: [{ x: 1 }] }],
    [{ user: "ann", items: [{ price: 1 }, { price: 2, extra: true }] }],
    [{ user: "ann", constructor: "own" }],
  ])("%j", (data) => expect(fault(data)).toBe(""));
});

describe("what it refuses, and where", () => {
  test.each<[JsonObject, string]>([
    [{}, "user: nothing, a string"],
    [{ user: null }, "user: nothing, a string"],
    [{ user: 5 }, "user: a number, a string"],
    [{ user: ["ann"] }, "user: an array, a string"],
    [{ user: "ann", amount: "5" }, "amount: a string, a number"],
    [{ user: "ann", admin: "true" }, "admin: a string, a boolean"],
    [{ user: "ann", at: "yesterday" }, "at: a string, a timestamp (RFC 3339 text, or whole epoch milliseconds)"],
    [{ user: "ann", at: 0.5 }, "at: a number, a timestamp (RFC 3339 text, or whole epoch milliseconds)"],
    [{ user: "ann", tags: "a" }, "tags: a string, an array"],
    [{ user: "ann", tags: ["a", 5] }, "tags[1]: a number, a string"],
    [{ user: "ann", tags: ["a", null] }, "tags[1]: nothing, a string"],
    [{ user: "ann", matrix: [[1], ["2"]] }, "matrix[1][0]: a string, a number"],
    [{ user: "ann", home: "Paris" }, "home: a string, an object"],
    [{ user: "ann", home: ["Paris"] }, "home: an array, an object"],
    [{ user: "ann", home: {} }, "home.city: nothing, a string"],
    [{ user: "ann", home: { city: "Paris", zip: { code: "75001" } } }, "home.zip.code: a string, a number"],
    [{ user: "ann", items: [{ price: 1 }, {}] }, "items[1].price: nothing, a number"],
    [{ user: "ann", constructor: 5 }, "constructor: a number, a string"],
  ])("%j", (data, expected) => expect(fault(data)).toBe(expected));
});

test("a required field is not found on what every object inherits", () => {
  const strict = objectType("toString: string, valueOf: any");
  expect(checkAgainstSchema({ toString: "own" }, strict)).toEqual({
    path: "valueOf",
    found: "nothing",
    expected: "a value",
  });
});

test("a field that is no name is quoted in the path", () => {
  const type = objectType("x: { y: number }");
  const quoted = { ...type, fields: { "a b": type.fields["x"]! } };
  expect(checkAgainstSchema({ "a b": { y: "1" } }, quoted)?.path).toBe('["a b"].y');
});
