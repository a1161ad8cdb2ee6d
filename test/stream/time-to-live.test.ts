/** Windows without an end that go: when nobody has heard of them for long, and when nothing is left of them. */

import { describe, expect, test } from "@jest/globals";
import {
  continuousEventTimeTrigger,
  countTrigger,
  endOfInputTrigger,
  globalWindows,
  purgingTrigger,
  StreamEnvironment,
  tumblingWindows,
  valueState,
  type DataStream,
  type Task,
  type TaskSnapshot,
  type WindowedStream,
} from "../../src/stream/index.ts";
import { check } from "./windowed.ts";

// S11.28
describe("windows without an end", () => {
  const pairs = purgingTrigger(countTrigger(2));

  test("go when no record has come for their time to live, and what they hold is not fired", () => {
    check(
      {
        assigner: globalWindows(),
        windowed: (w) => w.trigger(countTrigger(2)).timeToLive(10),
        input: "a1 |10 a5 |14 a8 |18 a100 end",
      },
      ["a: 1 5"],
    );
  });

  test("begin anew with the record that comes next, trigger and all", () => {
    check({ assigner: globalWindows(), windowed: (w) => w.trigger(pairs).timeToLive(10), input: "a1 |11 a20 a21" }, [
      "a: 20 21",
    ]);
  });

  test("go by their newest record, and a late one does not make them older", () => {
    check({ assigner: globalWindows(), windowed: (w) => w.trigger(pairs).timeToLive(10), input: "a9 |18 b1 a2" }, [
      "a: 9 2",
    ]);
  });

  test("fire before they go, where a trigger of time says so", () => {
    check(
      {
        assigner: globalWindows(),
        windowed: (w) => w.trigger(continuousEventTimeTrigger(7)).timeToLive(10),
        input: "a1 |100 a101 end",
      },
      ["a: 1", "a: 101"],
    );
  });

  test("may go by processing time", () => {
    const assigner = globalWindows({ time: "processing" });
    check({ assigner, windowed: (w) => w.trigger(pairs).timeToLive(10), input: "~5 a1 |999 ~14 a2 a3 ~24 a4" }, [
      "a: 1 2",
    ]);
  });

  test("fire at the end of input, where that is their trigger", () => {
    check({ assigner: globalWindows(), windowed: (w) => w.trigger(endOfInputTrigger()), input: "a1 b3 |99 a2 end" }, [
      "a: 1 2",
      "b: 3",
    ]);
  });

  test("and windows that have one have no time to live", () => {
    const windows = new StreamEnvironment()
      .source<string>("words")
      .keyBy((word) => word)
      .window(tumblingWindows({ size: 10 }));
    expect(() => windows.timeToLive(5)).toThrow(
      "tumbling 10ms windows have an end, and go with it: they have no time to live",
    );
  });
});

type Windows = WindowedStream<string, string>;

interface Job {
  readonly fired: (windows: Windows) => DataStream<unknown>;
  readonly snapshot?: TaskSnapshot;
}

/** Each word a key of its own, in a window without an end. */
function job({ fired, snapshot }: Job): { task: Task; push: (word: string, at: number) => void; keys: () => number } {
  const env = new StreamEnvironment();
  const words = env.source<string>("words");
  fired(words.keyBy((word) => word).window(globalWindows())).named("windows");
  const task = env.createTask(snapshot === undefined ? {} : { snapshot });
  return {
    task,
    push: (word, at) => task.push(words, word, at),
    keys: () => task.status().operators["windows"]!.keys,
  };
}

describe("a key is forgotten", () => {
  const count = (windows: Windows) => windows.trigger(countTrigger(3)).timeToLive(10).process<never>(quiet);
  const quiet = () => ({ process: () => {} });

  test("when its window goes, with its function's state", () => {
    const seen: unknown[] = [];
    const firings = valueState<number>({ name: "firings" });
    const { task, push, keys } = job({
      fired: (windows) =>
        windows
          .trigger(countTrigger(1))
          .timeToLive(10)
          .process<never>(() => ({
            process: (_, context) => context.windowState(firings).update(1),
            clear: (context) => void seen.push([context.key, context.firedAt, context.windowState(firings).value()]),
          })),
    });
    push("a", 1);
    push("b", 4);
    task.input({ name: "words" }).advanceWatermark(12);
    expect([seen, keys()]).toEqual([[["a", 11, 1]], 1]);
  });

  test("when its window has been purged, and its trigger remembers nothing", () => {
    const { push, keys } = job({ fired: (windows) => windows.trigger(purgingTrigger(countTrigger(2))).process(quiet) });
    push("a", 1);
    expect(keys()).toBe(1);
    push("a", 2);
    expect(keys()).toBe(0);
  });

  test("also after a restore, and where the snapshot knows of no time to live", () => {
    const before = job({ fired: count });
    before.push("a", 1);
    before.task.input({ name: "words" }).advanceWatermark(8);
    const after = job({ fired: count, snapshot: before.task.snapshot() });
    after.task.input({ name: "words" }).advanceWatermark(11);
    expect(after.keys()).toBe(0);

    const forever = job({ fired: (windows) => windows.trigger(countTrigger(3)).process(quiet) });
    forever.push("a", 1);
    forever.task.input({ name: "words" }).advanceWatermark(8);
    const limited = job({ fired: count, snapshot: forever.task.snapshot() });
    limited.task.input({ name: "words" }).advanceWatermark(17);
    expect(limited.keys()).toBe(1);
    limited.task.input({ name: "words" }).advanceWatermark(18);
    expect(limited.keys()).toBe(0);
  });

  test("at the end of time, whatever was to be looked at once more", () => {
    const { task, push, keys } = job({ fired: count });
    for (const at of [1, 5]) push("a", at);
    task.end();
    expect(keys()).toBe(0);
  });
});
