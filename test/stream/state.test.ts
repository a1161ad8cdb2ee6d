import { describe, expect, test } from "@jest/globals";
import {
  aggregatingState,
  listState,
  mapState,
  reducingState,
  StreamEnvironment,
  valueState,
  type KeyedContext,
  type StateDescriptor,
  type StateTtl,
  type Task,
  type TaskSnapshot,
  type ValueState,
} from "../../src/stream/index.ts";

type Action = (context: KeyedContext<string, unknown>) => unknown;

interface Step {
  readonly key: string;
  readonly act: Action;
}

/** A job whose records say what is to be done with the state of their key. */
class Lab {
  readonly task: Task;
  readonly #steps;
  #result: unknown;

  constructor(snapshot?: TaskSnapshot) {
    const env = new StreamEnvironment();
    this.#steps = env.source<Step>("steps");
    this.#steps
      .keyBy(({ key }) => key)
      .process<never>(() => ({
        processElement: ({ act }, context) => void (this.#result = act(context)),
      }))
      .named("lab");
    this.task = env.createTask(
      snapshot === undefined ? {} : { snapshot: JSON.parse(JSON.stringify(snapshot)) as TaskSnapshot },
    );
  }

  act<R>(key: string, act: (context: KeyedContext<string, unknown>) => R): R {
    this.task.push(this.#steps, { key, act }, 0);
    return this.#result as R;
  }

  /** How many keys have something. */
  get keys(): number {
    return this.task.status().operators["lab"]!.keys;
  }
}

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

  test("so are a key and its timers", () => {
    let kept: KeyedContext<string, unknown> | null = null;
    new Lab().act("a", (context) => (kept = context));
    const message = "lab: a key or its timers were asked for while no key is at hand";
    expect(() => kept!.key).toThrow(message);
    expect(() => kept!.registerEventTimeTimer(5)).toThrow(message);
    expect(() => kept!.deleteProcessingTimeTimer(5)).toThrow(message);
  });
});

describe("time to live", () => {
  const DAY: StateTtl = { ms: 100 };

  /** Writes at 0; `r50` reads at 50, `w50` writes at 50, `k50` uses another key; each read says what it saw. */
  function check(ttl: StateTtl, script: string, expected: string): void {
    const state = valueState<string>({ name: "state", ttl });
    const lab = new Lab();
    lab.act("a", (context) => context.state(state).update("here"));
    const seen = script.split(" ").map((step) => {
      lab.task.advanceProcessingTime(Number(step.slice(1)));
      if (step.startsWith("w")) return lab.act("a", (context) => context.state(state).update("here")) ?? "written";
      return lab.act(step.startsWith("k") ? "other" : "a", (context) => context.state(state).value()) ?? "gone";
    });
    expect(`${seen.join(" ")}, ${lab.keys} keys`).toBe(expected);
  }

  test("an item lives so long after it was written", () => {
    check(DAY, "r99 r100", "here gone, 0 keys");
    check(DAY, "r99 w99 r198 r199", "here written here gone, 0 keys");
  });

  test("or after it was read, if that counts", () => {
    check({ ...DAY, update: "onReadAndWrite" }, "r99 r198 r298", "here here gone, 0 keys");
  });

  test("what has expired may be shown until it is cleaned up, which reading does", () => {
    check({ ...DAY, visibility: "returnExpiredIfNotCleanedUp" }, "r150 r150", "here gone, 0 keys");
  });

  test("using other keys cleans up", () => {
    check(DAY, "k150", "gone, 0 keys");
    check({ ...DAY, cleanUp: { incremental: 0 } }, "k150", "gone, 1 keys");
  });

  test("the items of lists and maps live each for itself", () => {
    const list = listState<number>({ name: "list", ttl: DAY });
    const map = mapState<string, number>({ name: "map", ttl: DAY });
    const lab = new Lab();
    const add = (n: number): void =>
      lab.act("a", (context) => {
        context.state(list).add(n);
        context.state(map).put(`k${n}`, n);
      });
    add(1);
    lab.task.advanceProcessingTime(60);
    add(2);
    lab.task.advanceProcessingTime(120);
    expect(lab.act("a", (context) => [context.state(list).get(), context.state(map).entries()])).toEqual([
      [2],
      [["k2", 2]],
    ]);
  });

  test("snapshots may leave out what has expired", () => {
    const held = (fullSnapshot: boolean): unknown => {
      const state = valueState<string>({ name: "state", ttl: { ms: 100, cleanUp: { fullSnapshot } } });
      const lab = new Lab();
      lab.act("a", (context) => context.state(state).update("here"));
      lab.task.advanceProcessingTime(100);
      return Object.values(lab.task.snapshot().operators["lab"]!.keyGroups!)[0]![0]!.state["state"];
    };
    expect(held(false)).toEqual({ value: "here", updated: 0 });
    expect(held(true)).toBeUndefined();
  });

  test("of nothing is refused", () => {
    expect(() => valueState({ name: "x", ttl: { ms: 0 } })).toThrow(
      "the time to live of state `x` is 0; expected a whole number of milliseconds, at least 1",
    );
  });
});

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
