/** The delta trigger, and evictors by delta and after the function, on the smallest input that shows them. */

import { describe, expect, test } from "@jest/globals";
import {
  countEvictor,
  countTrigger,
  deltaEvictor,
  deltaTrigger,
  globalWindows,
  sessionWindows,
  StreamEnvironment,
  timeEvictor,
  type Evictor,
  type TaskSnapshot,
} from "../../src/stream/index.ts";
import { check, type Reading } from "./windowed.ts";

const assigner = globalWindows();
const apart = (a: Reading, b: Reading): number => Math.abs(b.at - a.at);

// S11.27
describe("how far a record is from another", () => {
  test("makes a delta trigger fire, from the one that fired last", () => {
    const trigger = deltaTrigger({ threshold: 10, delta: apart });
    check({ assigner, windowed: (w) => w.trigger(trigger), input: "a0 a6 a10 a11 a21 a22" }, [
      "a: 0 6 10 11",
      "a: 0 6 10 11 21 22",
    ]);
  });

  test("is measured within a key and a window", () => {
    const trigger = deltaTrigger({ threshold: 4, delta: apart });
    check({ windowed: (w) => w.trigger(trigger), input: "a1 b9 a6 a12 a17" }, ["a[0,10): 1 6", "a[10,20): 12 17"]);
  });

  test("says which records a delta evictor leaves", () => {
    const evictor = deltaEvictor({ threshold: 5, delta: apart });
    check({ assigner, windowed: (w) => w.trigger(countTrigger(3)).evictor(evictor), input: "a1 a9 a6 a7 a8 a12" }, [
      "a: 9 6",
      "a: 9 8 12",
    ]);
  });

  test("is refused as a threshold that nothing could be beyond, or everything is", () => {
    for (const threshold of [0, -1, NaN, Infinity]) {
      expect(() => deltaTrigger({ threshold, delta: apart })).toThrow(
        `the threshold of a delta trigger is ${threshold}; expected a number greater than 0`,
      );
      expect(() => deltaEvictor({ threshold, delta: apart })).toThrow("the threshold of a delta evictor is");
    }
  });

  test("tells nothing of windows that become one", () => {
    const windows = new StreamEnvironment()
      .source<Reading>("readings")
      .keyBy(({ key }) => key)
      .window(sessionWindows({ gap: 5 }))
      .trigger(deltaTrigger({ threshold: 1, delta: apart }));
    expect(() => windows.reduce((a) => a)).toThrow('the trigger "delta over 1" has no `onMerge`');
  });

  test("may be of records that are no JSON, which a codec brings over a snapshot", () => {
    const seen: number[] = [];
    const codec = { encode: (at: Date) => at.getTime(), decode: (json: unknown) => new Date(json as number) };
    const start = (snapshot?: TaskSnapshot) => {
      const env = new StreamEnvironment();
      const dates = env.source<Date>("dates", { timestamp: (date) => date.getTime() });
      dates
        .keyBy(() => "k")
        .window(assigner)
        .trigger(deltaTrigger<Date>({ threshold: 10, delta: (a, b) => b.getTime() - a.getTime(), codec }))
        .codec(codec)
        .process<never>(() => ({ process: (all) => void seen.push(all.length) }));
      return { dates, task: env.createTask(snapshot === undefined ? {} : { snapshot }) };
    };
    const before = start();
    before.task.push(before.dates, new Date(1));
    const after = start(JSON.parse(JSON.stringify(before.task.snapshot())));
    for (const at of [11, 12]) after.task.push(after.dates, new Date(at));
    expect(seen).toEqual([3]);
  });
});

// S11.14
describe("evictors after the function", () => {
  const after = (evictor: Evictor<Reading>): string[] => {
    const seen: string[][] = [];
    const env = new StreamEnvironment();
    const readings = env.source<Reading>("readings", { timestamp: ({ at }) => at });
    readings
      .keyBy(({ key }) => key)
      .window(assigner)
      .trigger(countTrigger(2))
      .evictor(evictor)
      .process<never>(() => ({ process: (all) => void seen.push(all.map(({ at }) => String(at))) }));
    const task = env.createTask();
    for (const at of [1, 5, 9, 2]) task.push(readings, { key: "a", at });
    return seen.map((of) => of.join(" "));
  };

  test("let it see all that has come since, and keep for the next firing what they leave", () => {
    expect(after(countEvictor(1, { evict: "after" }))).toEqual(["1 5", "5 9 2"]);
    expect(after(timeEvictor(4, { evict: "after" }))).toEqual(["1 5", "5 9 2"]);
    expect(after(deltaEvictor({ threshold: 3, delta: apart, evict: "after" }))).toEqual(["1 5", "5 9 2"]);
  });
});
