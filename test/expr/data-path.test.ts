/** The paths of a stream's `time` and `id` clauses. */

import { describe, expect, test } from "@jest/globals";

import type { Json } from "../../src/core/event.ts";
import { compilePath, typecheckPath } from "../../src/expr/data-path.ts";
import { objectType, parseWhere } from "./evaluate.ts";

describe("reads", () => {
  const data = { id: "x", meta: { at: 5, list: [1, 2] }, in: 7, __proto__x: 1 };
  test.each<[source: string, expected: Json]>([
    ["id", "x"],
    ["event.id", "x"],
    ["meta.at", 5],
    ["meta.list[1]", 2],
    ['event["in"]', 7],
    ["meta", { at: 5, list: [1, 2] }],
    ["missing", null],
    ["missing.deep", null],
    ["id.deep", null],
    ["constructor", null],
    ["meta.toString", null],
  ])("%s is %j", (source, expected) => expect(compilePath(parseWhere(source))(data)).toEqual(expected));
});

describe("refuses", () => {
  test.each<[source: string, expected: string]>([
    ["a + 1", "E320 `a + 1` is not a path to a field"],
    ["lower(id)", "E320 `lower(id)` is not a path to a field"],
    ["lower(id).x", "E320 `lower(id).x` is not a path to a field"],
    ["'id'", 'E320 `"id"` is not a path to a field'],
    ["event", "E320 `event` is not a path to a field"],
    ["idd", "E301 the schema declares no field `idd`"],
    ["meta.att", "E301 the schema declares no field `att`"],
    ["meta", "E320 `meta` is an object, and this clause needs a string or a number"],
    ["flag", "E320 `flag` is a boolean, and this clause needs a string or a number"],
  ])("%s: %s", (source, expected) => {
    const schema = objectType("id: string, at: timestamp, meta: { at: number }, flag: boolean");
    expect(typecheckPath(parseWhere(source), schema).map(({ code, message }) => `${code} ${message}`)).toEqual([
      expected,
    ]);
  });

  test.each(["id", "at", "meta.at", "event.id"])("not %s", (source) => {
    const schema = objectType("id: string, at: timestamp, meta: { at: number }");
    expect(typecheckPath(parseWhere(source), schema)).toEqual([]);
    expect(typecheckPath(parseWhere(source), null)).toEqual([]);
  });
});
