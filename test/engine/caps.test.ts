import { describe, expect, test } from "@jest/globals";
import { createEngine, type Alert, type Output } from "../../src/index.ts";
import { KEY_GROUPS } from "../../src/core/key-group.ts";

const RULES = `
  stream s { time at }
  rule r { from s key by k pattern { begin a where t == "a" followedBy b where t == "b" skip none } suppress 1h }`;

function limitsIn(outputs: readonly Output[]): Alert[] {
  return outputs.flatMap((output) => (output.kind === "alert" && output.alert.kind === "limit" ? [output.alert] : []));
}

describe("a cap on partial matches", () => {
  test("per key drops the oldest, is told once, and again after there was room", () => {
    const engine = createEngine({ rules: RULES, caps: { partialMatchesPerKeyMax: 2 } });
    const push = (t: string, at: number): Output[] => engine.push("s", { t, k: "x", at });
    expect(limitsIn([...push("a", 1), ...push("a", 2)])).toEqual([]);
    const [told] = limitsIn(push("a", 3));
    expect(told).toMatchObject({
      key: "x",
      at: "1970-01-01T00:00:00.003Z",
      events: {},
      emit: { limit: "partialMatchesPerKeyMax", max: 2, policy: "the oldest partial matches are dropped" },
    });
    expect(limitsIn(push("a", 4))).toEqual([]);
    expect(push("b", 5)).toMatchObject([3, 4].map((at) => ({ alert: { events: { a: [{ data: { at } }] } } })));
    expect(limitsIn([6, 7, 8].flatMap((at) => push("a", at)))).toHaveLength(1);
  });

  test("per rule starts no new match, in the key group that is full, and is told once", () => {
    const engine = createEngine({ rules: RULES, caps: { partialMatchesPerRuleMax: KEY_GROUPS } });
    const push = (t: string, at: number): Output[] => engine.push("s", { t, k: "x", at });
    expect(limitsIn(push("a", 1))).toEqual([]);
    expect(limitsIn([...push("a", 2), ...push("a", 3)])).toMatchObject([
      { key: null, emit: { limit: "partialMatchesPerRuleMax", max: KEY_GROUPS, policy: "no new matches are started" } },
    ]);
    expect(push("b", 4)).toMatchObject([{ alert: { events: { a: [{ data: { at: 1 } }] } } }]);
  });

  test("survives a snapshot", () => {
    const caps = { partialMatchesPerKeyMax: 2 };
    const engine = createEngine({ rules: RULES, caps });
    for (const at of [1, 2, 3]) engine.push("s", { t: "a", k: "x", at });
    const restored = createEngine({ rules: RULES, caps, snapshot: engine.snapshot() });
    expect(limitsIn(restored.push("s", { t: "a", k: "x", at: 4 }))).toEqual([]);
  });
});

test("names that JavaScript objects have already are names like any other", () => {
  const engine = createEngine({
    rules: `stream __proto__ { time at } rule __proto__ { from __proto__ key by constructor pattern { begin __proto__ where toString == 1 } emit { __proto__ = hasOwnProperty } }`,
  });
  const event = JSON.parse('{ "at": 1, "constructor": "k", "toString": 1, "hasOwnProperty": 2 }') as never;
  const [output] = engine.push("__proto__", event);
  expect(JSON.stringify(output)).toContain('"events":{"__proto__":[');
  expect(JSON.stringify(output)).toContain('"emit":{"__proto__":2}');
});
