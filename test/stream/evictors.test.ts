/** Which records of a window are left when it fires. */

import { describe, expect, test } from "@jest/globals";
import {
  countEvictor,
  countTrigger,
  globalWindows,
  StreamEnvironment,
  timeEvictor,
  type Evictor,
} from "../../src/stream/index.ts";
import { check, type Reading } from "./windowed.ts";

// S11.14
describe("evictors", () => {
  test("by time keep what is near the newest, and that need not be the last", () => {
    check({ windowed: (w) => w.evictor(timeEvictor(3)), input: "a1 a4 a2 a5 end" }, ["a[0,10): 4 5"]);
    check({ windowed: (w) => w.evictor(timeEvictor(3)), input: "a5 a2 a3 end" }, ["a[0,10): 5 3"]);
  });

  test("by count keep the last that came", () => {
    check({ windowed: (w) => w.evictor(countEvictor(2)), input: "a5 a1 a4 end" }, ["a[0,10): 1 4"]);
  });

  test("evict for good", () => {
    const every2 = (evictor: Evictor<Reading>) =>
      check.bind(null, {
        assigner: globalWindows(),
        windowed: (w) => w.trigger(countTrigger(2)).evictor(evictor),
        input: "a1 a5 a2 a3",
      });
    every2(timeEvictor(3))(["a: 5", "a: 5 3"]);
    every2(countEvictor(1))(["a: 5", "a: 3"]);
  });

  test("may evict after the firing, and be of one's own making", () => {
    const small: Evictor<Reading> = {
      name: "drop what is small",
      evictAfter: (elements) => elements.filter(({ value: { at } }) => at > 3),
    };
    check({ windowed: (w) => w.trigger(countTrigger(2)).evictor(small), input: "a1 a5 a2 a9" }, [
      "a[0,10): 1 5",
      "a[0,10): 5 2 9",
    ]);
  });

  test("leave to a reduce or an aggregate what is left; of nothing nothing comes", () => {
    const env = new StreamEnvironment();
    const numbers = env.source<number>("numbers");
    const windows = numbers
      .keyBy(() => "k")
      .window(globalWindows())
      .trigger(countTrigger(2));
    const sum = {
      createAccumulator: () => 0,
      add: (n: number, sum: number) => sum + n,
      getResult: (sum: number) => -sum,
    };
    const none: Evictor<number> = { name: "none", evictBefore: () => [] };
    const seen: number[] = [];
    windows
      .evictor(countEvictor(1))
      .reduce((a, b) => a + b)
      .sinkTo((n) => void seen.push(n));
    windows
      .evictor(countEvictor(1))
      .aggregate(sum)
      .sinkTo((n) => void seen.push(n));
    windows
      .evictor(none)
      .aggregate(sum)
      .sinkTo((n) => void seen.push(n));
    const task = env.createTask();
    for (const n of [1, 2]) task.push(numbers, n, 0);
    expect(seen).toEqual([2, -2]);
  });

  // S10.19
  test.each([
    ["by count", countEvictor<number>(10), 19, "990+991+992+993+994+995+996+997+998+999"],
    ["by time", timeEvictor<number>(4), 8, "996+997+998+999"],
  ])("%s do not hold until the firing what will not be left of it", (_, evictor, heldMax, left) => {
    const env = new StreamEnvironment();
    const numbers = env.source<number>("numbers");
    const seen: string[] = [];
    numbers
      .keyBy(() => "k")
      .window(globalWindows())
      .trigger(countTrigger(1000))
      .evictor(evictor)
      .process<never>(() => ({ process: (values) => void seen.push(values.join("+")) }))
      .named("windows");
    const task = env.createTask();
    let held = 0;
    for (let n = 0; n < 1000; n++) {
      task.push(numbers, n, n);
      held = Math.max(held, JSON.stringify(task.snapshot()).split('"timestamp":').length - 1);
    }
    expect(seen).toEqual([left]);
    expect(held).toBeLessThanOrEqual(heldMax);
  });
});
