/** What a change of a list comes to, and the limits it meets. */

import { describe, expect, test } from "@jest/globals";
import { limits } from "../../src/core/limits.ts";
import { planListChange } from "../../src/engine/service/list-plan.ts";
import type { ListChange, ListValue } from "../../src/engine/log/log-record.ts";
import { Lists } from "../../src/engine/named-lists.ts";

function lists(contents: Readonly<Record<string, readonly ListValue[]>>): Lists {
  const made = new Lists();
  for (const [name, put] of Object.entries(contents)) made.apply({ kind: "list", offset: 0, name, change: { put } });
  return made;
}

function plan(before: readonly ListValue[], change: ListChange): string {
  const made = lists({ l: before });
  const planned = planListChange(made, { name: "l", change });
  made.apply({ kind: "list", offset: 1, name: "l", change });
  expect(made.get("l")?.values.size ?? 0).toBe(planned.count);
  const bytes = [...(made.get("l")?.values ?? [])].reduce<number>(
    (sum, value) => sum + JSON.stringify(value).length,
    0,
  );
  expect(made.get("l")?.bytes ?? 0).toBe(bytes);
  return `${planned.change}: +${planned.added} -${planned.removed} = ${planned.count}`;
}

describe("a change", () => {
  test.each<[before: readonly ListValue[], change: ListChange, expected: string]>([
    [["a", "b"], { put: ["b", "c", "c"] }, "updated: +1 -1 = 2"],
    [["a", "b"], { put: ["b", "a"] }, "unchanged: +0 -0 = 2"],
    [["a"], { put: [] }, "updated: +0 -1 = 0"],
    [["a"], { add: ["a", "b", "b"], remove: [] }, "updated: +1 -0 = 2"],
    [["a"], { add: [], remove: ["a", "z", "a"] }, "updated: +0 -1 = 0"],
    [["a"], { add: ["a"], remove: ["a"] }, "unchanged: +0 -0 = 1"],
    [[1, true], { add: ["1"], remove: ["true"] }, "updated: +1 -0 = 3"],
    [[0], { put: [-0] }, "unchanged: +0 -0 = 1"],
    [["a", "b"], { removed: true }, "updated: +0 -2 = 0"],
    [[], { removed: true }, "updated: +0 -0 = 0"],
  ])("of %j by %j is %s", (before, change, expected) => {
    expect(plan(before, change)).toBe(expected);
  });

  test("of a list that is not there puts it, or is refused", () => {
    expect(planListChange(lists({}), { name: "l", change: { put: [] } })).toMatchObject({
      change: "created",
      count: 0,
    });
    for (const change of [{ add: ["a"], remove: [] }, { removed: true }] as const) {
      expect(() => planListChange(lists({ lost: [] }), { name: "lots", change })).toThrow(
        expect.objectContaining({ code: "unknown-list", hint: "did you mean `lost`?" }) as unknown as Error,
      );
    }
  });
});

describe("a limit that would be passed is named", () => {
  const refusal = (made: Lists, change: ListChange): string => {
    try {
      planListChange(made, { name: "l", change });
      return "taken";
    } catch (error) {
      return (error as Error).message;
    }
  };
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  const texts = (bytes: number, tag = ""): string[] => {
    const text = (i: number): string => `${tag}${i}`.padEnd(limits.listValueCharsMax - 2, ".");
    return Array.from({ length: Math.floor(bytes / limits.listValueCharsMax) }, (_, i) => text(i));
  };

  test("values of one list", () => {
    const full = lists({ l: numbers(limits.listValuesMax) });
    expect(refusal(full, { add: [-1], remove: [0] })).toBe("taken");
    expect(refusal(full, { add: [-1], remove: [] })).toBe(
      `\`l\` would have ${limits.listValuesMax + 1} values; ${limits.listValuesMax} are the most`,
    );
    expect(refusal(full, { add: [], remove: [7] })).toBe("taken");
  });

  test("bytes of one list", () => {
    expect(refusal(lists({}), { put: texts(limits.listBytesMax) })).toBe("taken");
    expect(refusal(lists({}), { put: texts(limits.listBytesMax + limits.listValueCharsMax) })).toMatch(
      /^`l` would have \d+ bytes as JSON; 16777216 are the most$/,
    );
  });

  test("bytes of all lists together", () => {
    const many = Math.floor(limits.listsBytesMax / limits.listBytesMax);
    const value = texts(limits.listBytesMax);
    const full = lists(Object.fromEntries(Array.from({ length: many }, (_, i) => [`l${i}`, value])));
    expect(refusal(full, { put: ["a"] })).toBe("taken");
    expect(refusal(full, { put: texts(limits.listBytesMax) })).toMatch(
      /all lists together \d+; 134217728 together are/,
    );
  });

  test("lists", () => {
    const full = lists(Object.fromEntries(numbers(limits.listsMax).map((i) => [`l${i}`, []])));
    expect(refusal(full, { put: [] })).toBe(`there are ${limits.listsMax} lists, and ${limits.listsMax} are the most`);
  });
});
