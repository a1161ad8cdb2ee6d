/** What a caller gives that cannot be: refused with the operator, what was found and what was expected. */

import { describe, expect, test } from "@jest/globals";
import {
  countTrigger,
  mapState,
  StreamEnvironment,
  tumblingWindows,
  valueState,
  type DataStream,
  type TaskSnapshot,
} from "../../src/stream/index.ts";

const wrong = (value: unknown): never => value as never;

describe("a function that is none is refused where it is given", () => {
  const windows = (words: DataStream<string>) => words.keyBy((word) => word).window(tumblingWindows({ size: 5 }));

  test.each<[what: string, build: (words: DataStream<string>) => unknown, message: string]>([
    [
      "keyBy of a name",
      (words) => words.keyBy(wrong("k")),
      'keyBy behind words was given "k"; expected a function that gives a record\'s key',
    ],
    [
      "map of a number",
      (words) => words.map(wrong(3)),
      "map behind words was given 3; expected a function, or an object with `map`",
    ],
    [
      "filter of another's object",
      (words) => words.filter(wrong({ map: String })),
      "filter behind words was given an object; expected a function, or an object with `filter`",
    ],
    [
      "flatMap of nothing",
      (words) => words.flatMap(wrong(undefined)),
      "flatMap behind words was given undefined; expected a function, or an object with `flatMap`",
    ],
    [
      "process without a factory",
      (words) => words.process(wrong({ processElement() {} })),
      "process behind words was given an object; expected a function that makes one for each subtask",
    ],
    [
      "process by key without a factory",
      (words) => words.keyBy((word) => word).process(wrong(null)),
      "process behind words was given null; expected a function that makes one for each subtask",
    ],
    [
      "a sink that takes nothing",
      (words) => words.sinkTo(wrong([])),
      "sinkTo behind words was given an array; expected a function, or an object with `record`",
    ],
    [
      "a window of a number",
      (words) => words.windowAll(wrong(5)),
      "window behind words was given 5; expected an object with `assign`",
    ],
    [
      "a trigger of a name",
      (words) => windows(words).trigger(wrong("count")),
      'trigger behind words was given "count"; expected an object with `onElement`',
    ],
    [
      "reduce of a number",
      (words) => windows(words).reduce(wrong(1)),
      "reduce behind words was given 1; expected a function that makes one of two",
    ],
    [
      "aggregate of a function",
      (words) => windows(words).aggregate(wrong(String)),
      "aggregate behind words was given a function; expected an object with `getResult`",
    ],
    [
      "union with a name",
      (words) => words.union(wrong("others")),
      'union behind words was given "others"; expected a stream',
    ],
    [
      "connect with nothing",
      (words) => words.connect(wrong(undefined)),
      "connect behind words was given undefined; expected a stream",
    ],
    [
      "a stream by key with one that has none",
      (words) => words.keyBy((word) => word).connect(wrong(words)),
      "connect behind words was given an object; expected a stream by key",
    ],
    [
      "an interval join with a stream that has no key",
      (words) => words.keyBy((word) => word).intervalJoin(wrong(words)),
      "intervalJoin behind words was given an object; expected a stream by key",
    ],
    [
      "a window function that is no factory",
      (words) => windows(words).reduce((a) => a, wrong({ process() {} })),
      "a function of windows behind words was given an object; expected a function that makes one for each subtask",
    ],
    [
      "a partitioner of a number",
      (words) => words.partitionCustom(wrong(1), (word) => word),
      "partitionCustom behind words was given 1; expected a function that gives a subtask",
    ],
  ])("%s", (_, build, message) => {
    expect(() => build(new StreamEnvironment().source<string>("words"))).toThrow(
      expect.objectContaining({ code: "bad-argument", message }),
    );
  });

  // S11.1
  test.each<[what: string, build: (words: DataStream<string>) => unknown, message: string]>([
    ["a sink", (words) => words.sinkTo(wrong(async () => {})), "sinkTo behind words was given an async function"],
    ["a filter", (words) => words.filter(wrong(async () => false)), "filter behind words was given an async function"],
    ["a key", (words) => words.keyBy(wrong(async () => "")), "keyBy behind words was given an async function"],
    [
      "the beginning of a map",
      (words) => words.map({ open: wrong(async () => {}), map: String }),
      "map behind words was given an object whose `open` is an async function",
    ],
  ])("an async function, which nobody would wait for: %s", (_, build, message) => {
    expect(() => build(new StreamEnvironment().source<string>("words"))).toThrow(
      `${message}; expected one that has done its work when it returns`,
    );
  });

  test("a process function with an async method, in `createTask`", () => {
    const env = new StreamEnvironment();
    env
      .source<string>("words")
      .keyBy((word) => word)
      .process(() => ({ processElement: wrong(async () => {}) }))
      .named("counting");
    expect(() => env.createTask()).toThrow(
      "counting: its factory made an object whose `processElement` is an async function; expected one that has done",
    );
  });

  test("a factory that makes no function, in `createTask`", () => {
    const env = new StreamEnvironment();
    env
      .source<string>("words")
      .process(wrong(() => {}))
      .named("counting");
    expect(() => env.createTask()).toThrow(
      "counting: its factory made undefined; expected an object with `processElement`",
    );
  });
});

test("a flatMap that gives nothing is told what it lacks", () => {
  const env = new StreamEnvironment();
  const words = env.source<string>("words");
  words.flatMap((word) => void word as never);
  expect(() => env.createTask().push(words, "a", 1)).toThrow(
    "flatMap-1: its function gave undefined; expected something to iterate over",
  );
});

test("a trigger that decides nothing is told what it may say", () => {
  const env = new StreamEnvironment();
  const words = env.source<string>("words");
  words
    .windowAll(tumblingWindows({ size: 5 }))
    .trigger({ ...countTrigger(1), name: "mine", onElement: () => wrong(undefined) })
    .reduce((a) => a);
  expect(() => env.createTask().push(words, "a", 1)).toThrow(
    'window-1: the trigger "mine" gave undefined; expected CONTINUE, FIRE, PURGE or FIRE_AND_PURGE',
  );
});

test("a watermark that is no number", () => {
  const env = new StreamEnvironment();
  const words = env.source<string>("words");
  expect(() => env.createTask().raiseWatermark(words, NaN)).toThrow("the watermark of words was raised to NaN");
});

test.each([NaN, undefined, null, {}, new Date(0)])("a key of map state that a snapshot would change: %p", (key) => {
  const env = new StreamEnvironment();
  const words = env.source<string>("words");
  const map = mapState<string, number>({ name: "map" });
  words
    .keyBy((word) => word)
    .process(() => ({ processElement: (_, context) => context.state(map).put(wrong(key), 1) }));
  expect(() => env.createTask().push(words, "a", 1)).toThrow("expected a text, a finite number or a boolean");
});

describe("names are no properties of objects", () => {
  function counting(name: string, snapshot?: TaskSnapshot) {
    const count = valueState<number>({ name: "constructor" });
    const env = new StreamEnvironment();
    const words = env.source<string>("words");
    const seen: number[] = [];
    words
      .keyBy((word) => word)
      .process<number>(() => ({
        processElement(_, context) {
          const state = context.state(count);
          state.update((state.value() ?? 0) + 1);
          context.collect(state.value()!);
        },
      }))
      .named(name)
      .sinkTo((value) => void seen.push(value));
    const task = env.createTask(snapshot === undefined ? {} : { snapshot });
    return { task, seen, push: (word: string) => task.push(words, word, 0) };
  }

  test.each(["__proto__", "constructor", "toString"])("an operator named %s keeps its state", (name) => {
    const before = counting(name);
    before.push("__proto__");
    expect(Object.keys(before.task.status().operators)).toEqual([name]);
    const after = counting(name, JSON.parse(JSON.stringify(before.task.snapshot())) as TaskSnapshot);
    after.push("__proto__");
    after.push("constructor");
    expect(after.seen).toEqual([2, 1]);
  });

  test("a state named `__proto__` is refused", () => {
    expect(() => valueState({ name: "__proto__" })).toThrow(
      "a value state is named `__proto__`, which JSON objects take for something else",
    );
  });
});

test.each<[what: string, snapshot: unknown, message: string]>([
  ["null", null, "the snapshot is null; expected what `task.snapshot()` gave"],
  ["a text", "{}", 'the snapshot is "{}"; expected what `task.snapshot()` gave'],
  ["an object of another kind", {}, "the snapshot has format undefined; expected 1"],
])("no snapshot: %s", (_, snapshot, message) => {
  const env = new StreamEnvironment();
  env.source<string>("words");
  expect(() => env.createTask({ snapshot: wrong(snapshot) })).toThrow(message);
  expect(() => env.createTask().update(wrong(snapshot))).toThrow(message);
});
