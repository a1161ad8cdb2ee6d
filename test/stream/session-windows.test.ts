/** Windows that become one as records come between them. */

import { describe, expect, test } from "@jest/globals";
import {
  continuousEventTimeTrigger,
  countTrigger,
  eventTimeTrigger,
  listState,
  sessionWindows,
  StreamEnvironment,
  valueState,
  type MergingState,
  type StateDescriptor,
  type TaskSnapshot,
  type Trigger,
} from "../../src/stream/index.ts";
import { check, type Reading } from "./windowed.ts";

// S11.9
describe("sessions", () => {
  const every3 = continuousEventTimeTrigger(3);

  test("a session lasts as long as records come less than its gap apart", () => {
    check({ assigner: sessionWindows({ gap: 5 }), input: "a1 a12 a5 b3 end" }, [
      "b[3,8): 3",
      "a[1,10): 1 5",
      "a[12,17): 12",
    ]);
  });

  test("a record between two sessions makes them one", () => {
    check({ assigner: sessionWindows({ gap: 5 }), input: "a1 a9 a5 end" }, ["a[1,14): 1 9 5"]);
  });

  test("sessions that only touch stay apart", () => {
    check({ assigner: sessionWindows({ gap: 5 }), input: "a1 a6 end" }, ["a[1,6): 1", "a[6,11): 6"]);
  });

  test("sessions of processing time go by when records come", () => {
    const assigner = sessionWindows({ gap: 5, time: "processing" });
    check({ assigner, input: "a90 ~4 a10 ~9 a20 ~14" }, ["a[0,9): 90 10", "a[9,14): 20"]);
  });

  test("a session's gap may depend on the record", () => {
    const assigner = sessionWindows<unknown>({ gap: (value) => ((value as Reading).at < 10 ? 1 : 20) });
    check({ assigner, input: "a1 a10 a29 end" }, ["a[1,2): 1", "a[10,49): 10 29"]);
  });

  test("the state of a trigger is brought together when sessions are", () => {
    const assigner = sessionWindows({ gap: 5 });
    check({ assigner, windowed: (w) => w.trigger(countTrigger(3)), input: "a1 a8 a4" }, ["a[1,13): 1 8 4"]);
    check({ assigner, windowed: (w) => w.trigger(every3), input: "a1 a8 a4 |3 |12 end" }, [
      "a[1,13): 1 8 4",
      "a[1,13): 1 8 4",
      "a[1,13): 1 8 4",
      "a[1,13): 1 8 4",
    ]);
  });

  // S11.21
  test("the state of a trigger that nobody has asked for since a restore is brought together, too", () => {
    const start = (snapshot?: TaskSnapshot) => {
      const env = new StreamEnvironment();
      const numbers = env.source<number>("numbers");
      const seen: number[] = [];
      numbers
        .keyBy(() => "k")
        .window(sessionWindows({ gap: 5 }))
        .trigger(countTrigger(3))
        .reduce((a, b) => a + b)
        .sinkTo((sum) => void seen.push(sum));
      return { numbers, seen, task: env.createTask(snapshot === undefined ? {} : { snapshot }) };
    };
    const before = start();
    for (const at of [1, 8]) before.task.push(before.numbers, at, at);
    const { numbers, seen, task } = start(before.task.snapshot());
    task.push(numbers, 4, 4);
    expect(seen).toEqual([13]);
  });

  test("a late record that joins an open session is in time", () => {
    check({ assigner: sessionWindows({ gap: 5 }), input: "a10 |12 a6 a2 end" }, ["a[2,15): 10 6 2"]);
    check({ assigner: sessionWindows({ gap: 5 }), input: "a10 |12 a2 end" }, ["late a2", "a[10,15): 10"]);
  });

  // S11.16
  test("sessions have no state of the window, and their functions are told so", () => {
    const count = valueState<number>({ name: "count" });
    const env = new StreamEnvironment();
    const numbers = env.source<number>("numbers");
    numbers
      .keyBy(() => "k")
      .window(sessionWindows({ gap: 5 }))
      .process<never>(() => ({ process: (_, context) => void context.windowState(count) }))
      .named("sessions");
    const task = env.createTask();
    task.push(numbers, 1, 1);
    expect(() => task.end()).toThrow("sessions: state `count` was asked for by window, and these windows merge");
  });

  // S11.26
  test.each<[what: string, state: unknown, message: string]>([
    ["a value", valueState<number>({ name: "seen" }), "the value state `seen` cannot be merged"],
    [
      "what has a time to live",
      listState<number>({ name: "seen", ttl: { ms: 5 } }),
      "the list state `seen` has a time to live, and cannot be merged",
    ],
  ])("%s of two sessions is not made one", (_, state, message) => {
    const trigger: Trigger<unknown> = {
      ...eventTimeTrigger(),
      onMerge: (context) => context.mergeState(state as StateDescriptor<MergingState>),
    };
    expect(() =>
      check({ assigner: sessionWindows({ gap: 5 }), windowed: (w) => w.trigger(trigger), input: "a1 a4" }, []),
    ).toThrow(message);
  });
});
