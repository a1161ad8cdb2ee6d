/** Keys (S2.5): which values are one key, and which events have none. */

import { describe, expect, test } from "@jest/globals";
import type { Json, JsonObject } from "../../src/core/event.ts";
import { compileRule } from "../../src/engine/rules/compiled-rule.ts";
import { newContext } from "../../src/engine/rules/eval-context.ts";
import { keyOf } from "../../src/engine/rules/key.ts";
import { createEngine, parseRules } from "../../src/index.ts";

/** The key of an event under `key by`. */
function keyUnder(keyBy: string, data: JsonObject): Json | undefined {
  const { rules } = parseRules(`rule r { from s ${keyBy} pattern { begin a } }`);
  const context = newContext({ has: () => false });
  context.event = { stream: "s", offset: 0, id: null, ordinal: 0, time: 0, data };
  return keyOf(compileRule(rules[0]!, null).keys, context);
}

/** Whether an event of one follows on one of the other. */
function areOneKey(a: Json, b: Json): boolean {
  const engine = createEngine({ rules: "rule r { from s  key by k  pattern { begin x  followedBy y } }" });
  return [a, b].flatMap((k) => engine.push("s", { k })).length === 1;
}

describe("the key of an event", () => {
  test.each<[string, string, JsonObject, Json | undefined]>([
    ["is null without `key by`", "", { k: 1 }, null],
    ["is the value", "key by k", { k: "x" }, "x"],
    ["may be false, or empty", "key by k", { k: false }, false],
    ["is a list of several", "key by k, l", { k: 1, l: [2] }, [1, [2]]],
    ["may be worked out", "key by lower(k)", { k: "ANN" }, "ann"],
    ["is not there where the value is missing", "key by k", {}, undefined],
    ["is not there where it is null", "key by k", { k: null }, undefined],
    ["is not there where one of several is null", "key by k, l", { k: 1, l: null }, undefined],
    ["is not there where it is an integer that has been rounded", "key by k", { k: 2 ** 53 }, undefined],
    ["may have null inside", "key by k", { k: [null] }, [null]],
  ])("%s", (_, keyBy, data, expected) => {
    expect(keyUnder(keyBy, data)).toEqual(expected);
  });
});

describe("one key", () => {
  test.each<[string, Json, Json]>([
    ["texts", "a", "a"],
    ["numbers, however they are written", 10, 1e1],
    ["zero and its negative", 0, -0],
    ["lists of the same", [1, "a", null], [1, "a", null]],
    ["objects, in any order of their fields", { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
  ])("%s", (_, a, b) => expect(areOneKey(a, b)).toBe(true));
});

describe("two keys", () => {
  test.each<[string, Json, Json]>([
    ["a number and its text", 1, "1"],
    ["true and its text", true, "true"],
    ["true and one", true, 1],
    ["nothing and its text", null, "null"],
    ["a list and its text", [1], "[1]"],
    ["a list and the very text that it is kept under", [1], "\u0000[1]"],
    ["a value and a list of it", "a", ["a"]],
    ["lists in another order", [1, 2], [2, 1]],
    ["lists that read alike when they are joined", ["a,b"], ["a", "b"]],
    ["an empty list and an empty object", [], {}],
    ["upper and lower case", "A", "a"],
    ["letters that look alike", "\u00e9", "e\u0301"],
  ])("%s", (_, a, b) => expect(areOneKey(a, b)).toBe(false));
});
