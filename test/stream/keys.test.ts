/** What may be a key, and when two are one. */

import { describe, expect, test } from "@jest/globals";
import { StreamEnvironment, valueState } from "../../src/stream/index.ts";

// S11.17
describe("keys", () => {
  const seenBefore = valueState<number>({ name: "seen" });

  function counts(keys: readonly unknown[]): number[] {
    const env = new StreamEnvironment();
    const source = env.source<{ key: unknown }>("source");
    const seen: number[] = [];
    source
      .keyBy(({ key }) => key as string)
      .process<never>(() => ({
        processElement(_, context) {
          const state = context.state(seenBefore);
          state.update((state.value() ?? 0) + 1);
          seen.push(state.value()!);
        },
      }));
    const task = env.createTask();
    for (const key of keys) task.push(source, { key }, 1);
    return seen;
  }

  test("are any JSON, and equal by what they hold", () => {
    expect(counts(["1", 1, null, true, "true", "null"])).toEqual([1, 1, 1, 1, 1, 1]);
    expect(counts([{ a: 1, b: 2 }, { b: 2, a: 1 }, [1], '{"a":1,"b":2}', [1]])).toEqual([1, 2, 1, 1, 2]);
    expect(counts([0, -0])).toEqual([1, 2]);
  });

  test("that are no JSON are refused", () => {
    expect(() => counts([undefined])).toThrow("process-1: the key of a record is undefined; expected JSON");
    expect(() => counts([Number.NaN])).toThrow("process-1: the key of a record is NaN; expected JSON");
    expect(() => counts([new Date(0) as never])).toThrow("process-1: the key of a record is Thu Jan 01 1970");
    expect(() => counts([[{ deep: new Map([[1, 1]]) }] as never])).toThrow("expected JSON");
  });
});
