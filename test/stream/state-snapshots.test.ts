/** What snapshots hold of state, and what of them can be restored. */

import { describe, expect, test } from "@jest/globals";
import {
  listState,
  StreamEnvironment,
  valueState,
  type StateDescriptor,
  type TaskSnapshot,
  type ValueState,
} from "../../src/stream/index.ts";
import { Lab, type Step } from "./lab.ts";

// S11.21
describe("snapshots of state", () => {
  function saved<T>(descriptor: StateDescriptor<ValueState<T>>, value: T): TaskSnapshot {
    const lab = new Lab();
    lab.act("a", (context) => context.state(descriptor).update(value));
    return lab.task.snapshot();
  }

  function restored<T>(snapshot: TaskSnapshot, descriptor: StateDescriptor<ValueState<T>>): T | undefined {
    return new Lab(snapshot).act("a", (context) => context.state(descriptor).value());
  }

  test("hold what was, and not what is done with it afterwards", () => {
    const state = valueState<{ n: number }>({ name: "state" });
    const value = { n: 1 };
    const snapshot = saved(state, value);
    value.n = 2;
    expect(restored(snapshot, state)).toEqual({ n: 1 });
  });

  test("hold what has a codec", () => {
    const state = valueState<Date>({
      name: "state",
      codec: { encode: (date) => date.toISOString(), decode: (json) => new Date(json as string) },
    });
    expect(restored(saved(state, new Date(5)), state)).toEqual(new Date(5));
  });

  test.each<[what: string, value: unknown, place: string]>([
    ["a date", { seen: [new Date(0)] }, "holds a Date at .seen[0]"],
    ["a map", new Map(), "holds a Map"],
    ["an infinity", { least: Infinity }, "holds Infinity at .least"],
    ["a function", [() => 1], "holds a function at [0]"],
  ])("refuse %s, and say where it is", (_, value, place) => {
    expect(() => saved(valueState({ name: "state" }), value)).toThrow(`state \`state\` of lab ${place}`);
  });

  test("bring another version's items to this one", () => {
    const before = valueState<number>({ name: "state" });
    const after = valueState<{ n: number }>({ name: "state", version: 2, migrate: (n) => ({ n }) });
    expect(restored(saved(before, 5), after)).toEqual({ n: 5 });
    const without = valueState<{ n: number }>({ name: "state", version: 2 });
    expect(() => restored(saved(before, 5), without)).toThrow(
      "lab: the value state `state` has version 1 in the snapshot, and the job has 2",
    );
  });

  test("are refused for a state of another kind", () => {
    const snapshot = saved(valueState({ name: "state" }), 5);
    expect(() => new Lab(snapshot).act("a", (context) => context.state(listState({ name: "state" })).get())).toThrow(
      "lab: the list state `state` is a value state in the snapshot",
    );
  });

  test("a time to live may come and go", () => {
    const forever = valueState<number>({ name: "state" });
    const expiring = valueState<number>({ name: "state", ttl: { ms: 100 } });
    expect(restored(saved(forever, 5), expiring)).toBe(5);
    expect(restored(saved(expiring, 5), forever)).toBe(5);
  });

  test("keep state that nobody has asked for since", () => {
    const state = valueState<number>({ name: "state" });
    expect(restored(new Lab(saved(state, 5)).task.snapshot(), state)).toBe(5);
  });

  test("of another format are refused", () => {
    expect(() => new Lab({ ...new Lab().task.snapshot(), format: 99 })).toThrow(
      "the snapshot has format 99; expected 1",
    );
  });

  test("with state of an operator that is gone are refused, unless it may be dropped", () => {
    const snapshot = saved(valueState({ name: "state" }), 5);
    const env = new StreamEnvironment();
    env
      .source<Step>("steps")
      .map((step) => step)
      .named("labs");
    expect(() => env.createTask({ snapshot })).toThrow('the snapshot has state of an operator "lab"');
    expect(() => env.createTask({ snapshot, mayDropState: true })).not.toThrow();
  });
});
