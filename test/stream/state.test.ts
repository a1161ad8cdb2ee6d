/** The kinds of state, by key. */

import { describe, expect, test } from "@jest/globals";
import {
  aggregatingState,
  listState,
  mapState,
  reducingState,
  StreamEnvironment,
  valueState,
  type KeyedContext,
  type ValueState,
} from "../../src/stream/index.ts";
import { type Action, Lab } from "./lab.ts";

// S11.17
describe("kinds of state", () => {
  test("a value belongs to its key", () => {
    const count = valueState<number>({ name: "count" });
    const lab = new Lab();
    lab.act("a", (context) => context.state(count).update(1));
    expect(lab.act("b", (context) => context.state(count).value())).toBeUndefined();
    expect(lab.act("a", (context) => context.state(count).value())).toBe(1);
  });

  test("a list, a map, a reducing and an aggregating state", () => {
    const list = listState<number>({ name: "list" });
    const map = mapState<string, number>({ name: "map" });
    const least = reducingState<number>({ name: "least", reduce: Math.min });
    const mean = aggregatingState({
      name: "mean",
      aggregate: {
        createAccumulator: () => [0, 0] as readonly [number, number],
        add: (value: number, [sum, n]) => [sum + value, n + 1] as const,
        getResult: ([sum, n]) => sum / n,
      },
    });
    const lab = new Lab();
    const read: Action = (context) => [
      context.state(list).get(),
      context.state(map).entries(),
      context.state(least).get(),
      context.state(mean).get(),
    ];
    expect(lab.act("a", read)).toEqual([[], [], undefined, undefined]);
    lab.act("a", (context) => {
      context.state(list).addAll([1, 2]);
      context.state(map).put("x", 1);
      for (const value of [5, 3]) context.state(least).add(value);
      for (const value of [5, 3]) context.state(mean).add(value);
    });
    expect(lab.act("a", read)).toEqual([[1, 2], [["x", 1]], 3, 4]);
    lab.act("a", (context) => {
      context.state(list).update([]);
      context.state(map).remove("x");
      context.state(least).clear();
      context.state(mean).clear();
    });
    expect(lab.act("a", read)).toEqual([[], [], undefined, undefined]);
  });

  test("a key with nothing left is forgotten", () => {
    const count = valueState<number>({ name: "count" });
    const lab = new Lab();
    lab.act("a", (context) => context.state(count).update(1));
    lab.act("b", (context) => context.state(count).value());
    expect(lab.keys).toBe(1);
    lab.act("a", (context) => context.state(count).clear());
    expect(lab.keys).toBe(0);
  });

  test("two states of one name are refused", () => {
    const lab = new Lab();
    lab.act("a", (context) => context.state(valueState({ name: "x" })));
    expect(() => lab.act("a", (context) => context.state(listState({ name: "x" })))).toThrow(
      "lab: the list state `x` is already a value state of version 1",
    );
  });

  test("state outside a key is refused", () => {
    const count = valueState<number>({ name: "count" });
    let kept: ValueState<number> | null = null;
    const lab = new Lab();
    lab.act("a", (context) => (kept = context.state(count)));
    expect(() => kept!.value()).toThrow("lab: state `count` was used while no key is at hand");
  });

  test("also while the function is opened", () => {
    const env = new StreamEnvironment();
    env
      .source<string>("words")
      .keyBy((word) => word)
      .process<never>(() => ({
        open: (context) => void context.state(valueState<number>({ name: "count" })).value(),
        processElement: () => {},
      }))
      .named("lab");
    expect(() => env.createTask()).toThrow("lab: state `count` was used while no key is at hand");
  });

  test("so are a key and its timers", () => {
    let kept: KeyedContext<string, unknown> | null = null;
    new Lab().act("a", (context) => (kept = context));
    const message = "lab: a key or its timers were asked for while no key is at hand";
    expect(() => kept!.key).toThrow(message);
    expect(() => kept!.registerEventTimeTimer(5)).toThrow(message);
    expect(() => kept!.deleteProcessingTimeTimer(5)).toThrow(message);
  });
});
