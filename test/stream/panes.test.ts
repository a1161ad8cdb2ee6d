/** Sliding windows that keep what they have by pane, against the same windows one by one, from which they must not differ. */

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  countEvictor,
  outputTag,
  slidingWindows,
  StreamEnvironment,
  valueState,
  type AggregateFunction,
  type DataStream,
  type ProcessWindowFunction,
  type SlidingOptions,
  type TaskSnapshot,
  type WindowAssigner,
  type WindowedStream,
} from "../../src/stream/index.ts";

interface Reading {
  readonly key: string;
  readonly at: number;
  readonly value: number;
}

/** A record, a watermark, or a stop after which a new task goes on at this parallelism. */
type Step =
  | { readonly kind: "reading"; readonly reading: Reading }
  | { readonly kind: "watermark"; readonly at: number }
  | { readonly kind: "stop"; readonly parallelism: number };

/** All values, in an accumulator that changes: what is shared and must not be shows in a later result. */
const listing: AggregateFunction<Reading, number[], string> = {
  createAccumulator: () => [],
  add({ value }, list) {
    list.push(value);
    return list;
  },
  merge(a, b) {
    a.push(...b);
    return a;
  },
  getResult: (list) => list.toSorted((a, b) => a - b).join(""),
};

const firings = valueState<number>({ name: "firings" });
const late = outputTag<Reading>("late");

/** Each firing, with how many there were of the window and of the key by then; and each end of a window. */
const telling = (): ProcessWindowFunction<string, string, string> => ({
  process([result], context) {
    const counts = [context.windowState(firings), context.globalState(firings)].map((state) => {
      state.update((state.value() ?? 0) + 1);
      return state.value();
    });
    context.collect(`${context.key} until ${context.window.end}: ${result}, firing ${counts.join(", ")}`);
  },
  clear(context) {
    context.collect(`${context.key} until ${context.window.end} is over after ${context.windowState(firings).value()}`);
  },
});

/** Each firing with all of its records. */
const showing = (): ProcessWindowFunction<string, Reading, string> => ({
  process(readings, context) {
    const seen = readings.map(({ at, value }) => `${value}@${at}`).join(" ");
    context.collect(`${context.key} until ${context.window.end}: ${seen}`);
  },
});

type Windowed = WindowedStream<Reading, string>;

interface Job {
  readonly assigner: WindowAssigner<unknown>;
  readonly lateness?: number;
  readonly fired: (windows: Windowed) => DataStream<unknown>;
}

/** What comes out at each step. */
function run({ assigner, lateness = 0, fired }: Job, steps: readonly Step[]): string[][] {
  const seen: string[] = [];
  const start = (options: { parallelism?: number; snapshot?: TaskSnapshot }) => {
    const env = new StreamEnvironment();
    const readings = env.source<Reading>("readings", { timestamp: ({ at }) => at });
    const windows = readings
      .keyBy(({ key }) => key)
      .window(assigner)
      .allowedLateness(lateness)
      .sideOutputLateData(late);
    const results = fired(windows).named("windows");
    results.sinkTo((value, at) => void seen.push(`${JSON.stringify(value)} @${at}`)).named("results");
    results.sideOutput(late).sinkTo((value) => void seen.push(`late ${JSON.stringify(value)}`));
    return { readings, task: env.createTask(options) };
  };
  let running = start({});
  const outputs = steps.map((step) => {
    const { task, readings } = running;
    if (step.kind === "reading") task.push(readings, step.reading);
    else if (step.kind === "watermark") task.input(readings).advanceWatermark(step.at);
    else running = start({ parallelism: step.parallelism, snapshot: JSON.parse(JSON.stringify(task.snapshot())) });
    return seen.splice(0);
  });
  running.task.end();
  expect(running.task.status().operators["windows"]).toMatchObject({ timers: 0 });
  return [...outputs, seen];
}

/** An assigner that is made by changing sliding windows may be any, so it has no panes. */
function oneByOne(options: SlidingOptions): WindowAssigner<unknown> {
  return { ...slidingWindows(options) };
}

const sliding = fc
  .integer({ min: 1, max: 20 })
  .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 1, max: size })))
  .chain(([size, every]) =>
    fc.record({
      size: fc.constant(size),
      every: fc.constant(every),
      offset: fc.integer({ min: 1 - every, max: every - 1 }),
    }),
  );
const reading = fc.record({
  key: fc.constantFrom("a", "b", "c"),
  at: fc.integer({ min: -20, max: 60 }),
  value: fc.nat(9),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("reading" as const), reading }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("watermark" as const), at: fc.integer({ min: -20, max: 60 }) }),
  },
);
const stop: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant("stop" as const),
  parallelism: fc.constantFrom(1, 2, 3, 128),
});
const steps = fc.array(step, { maxLength: 40 });
const withStops = fc.array(fc.oneof({ weight: 4, arbitrary: step }, { weight: 1, arbitrary: stop }), { maxLength: 40 });
const lateness = fc.oneof(fc.constant(0), fc.nat(30));

const sorted = (outputs: readonly string[][]): string[][] => outputs.map((of) => of.toSorted());

// S11.11
describe("sliding windows by pane", () => {
  test("emit what they would one by one, and in the same order", () => {
    fc.assert(
      fc.property(steps, sliding, lateness, (steps, options, lateness) => {
        const fired = (windows: Windowed): DataStream<unknown> => windows.aggregate(listing);
        expect(run({ assigner: slidingWindows(options), lateness, fired }, steps)).toEqual(
          run({ assigner: oneByOne(options), lateness, fired }, steps),
        );
      }),
      { numRuns: 300 },
    );
  });

  test("reduce as they would one by one", () => {
    const sum = (a: Reading, b: Reading): Reading => ({ ...a, value: a.value + b.value, at: Math.max(a.at, b.at) });
    fc.assert(
      fc.property(steps, sliding, lateness, (steps, options, lateness) => {
        const fired = (windows: Windowed): DataStream<unknown> => windows.reduce(sum);
        expect(run({ assigner: slidingWindows(options), lateness, fired }, steps)).toEqual(
          run({ assigner: oneByOne(options), lateness, fired }, steps),
        );
      }),
    );
  });

  test("call their function as they would one by one, with state of the window, and at its end", () => {
    const fired = (windows: Windowed): DataStream<unknown> => windows.aggregate(listing, telling);
    fc.assert(
      fc.property(steps, sliding, lateness, (steps, options, lateness) => {
        expect(sorted(run({ assigner: slidingWindows(options), lateness, fired }, steps))).toEqual(
          sorted(run({ assigner: oneByOne(options), lateness, fired }, steps)),
        );
      }),
    );
  });

  // S11.38
  test("hand their function all records as they would one by one, in the order of arrival", () => {
    const fired = (windows: Windowed): DataStream<unknown> => windows.process(showing);
    fc.assert(
      fc.property(withStops, sliding, lateness, (steps, options, lateness) => {
        expect(sorted(run({ assigner: slidingWindows(options), lateness, fired }, steps))).toEqual(
          sorted(run({ assigner: oneByOne(options), lateness, fired }, steps)),
        );
      }),
    );
  });

  test("go on from a snapshot at any element, at any parallelism", () => {
    const fired = (windows: Windowed): DataStream<unknown> => windows.aggregate(listing, telling);
    fc.assert(
      fc.property(withStops, sliding, lateness, (steps, options, lateness) => {
        const job = { assigner: slidingWindows(options), lateness, fired };
        const stopped = run(job, steps).filter((_, index) => steps[index]?.kind !== "stop");
        const straight = run(
          job,
          steps.filter(({ kind }) => kind !== "stop"),
        );
        expect(sorted(stopped)).toEqual(sorted(straight));
      }),
    );
  });
});

// S11.11
describe("panes", () => {
  const inOrder: AggregateFunction<Reading, readonly number[], string> = {
    createAccumulator: () => [],
    add: ({ at }, list) => [...list, at],
    merge: (a, b) => [...a, ...b],
    getResult: (list) => list.join(" "),
  };

  /** Records of one key at these times; the panes that are held then, and a task of other windows that goes on from there. */
  function held(options: SlidingOptions, times: readonly number[]) {
    const start = (assigner: WindowAssigner<unknown>, snapshot?: TaskSnapshot) => {
      const env = new StreamEnvironment();
      const readings = env.source<Reading>("readings", { timestamp: ({ at }) => at });
      const seen: string[] = [];
      readings
        .keyBy(({ key }) => key)
        .window(assigner)
        .aggregate(inOrder)
        .named("windows")
        .sinkTo((value, at) => void seen.push(`${value} @${at}`));
      return { readings, seen, task: env.createTask(snapshot === undefined ? {} : { snapshot }) };
    };
    const { readings, seen, task } = start(slidingWindows(options));
    for (const at of times) task.push(readings, { key: "a", at, value: 0 });
    const snapshot = task.snapshot();
    const panes = Object.values(snapshot.operators["windows"]!.keyGroups!)[0]![0]!.sliding!.panes;
    task.end();
    return {
      panes: panes.map(({ start, end, contents }) => `[${start},${end}) ${JSON.stringify(contents)}`),
      seen,
      goOn: (assigner: WindowAssigner<unknown>) => start(assigner, snapshot),
    };
  }

  test("hold each record once, however many windows it is in", () => {
    expect(held({ size: 1000, every: 1 }, [5, 5, 6]).panes).toEqual(["[5,6) [5,5]", "[6,7) [6]"]);
  });

  test("hold it once for a function that sees all records, too", () => {
    const env = new StreamEnvironment();
    const readings = env.source<Reading>("readings", { timestamp: ({ at }) => at });
    const windows = readings.keyBy(({ key }) => key).window(slidingWindows({ size: 20, every: 1 }));
    const fired = windows.process(showing).named("windows");
    const seen: string[] = [];
    fired.sinkTo((text) => void seen.push(text));
    const task = env.createTask();
    for (const [value, at] of [7, 3, 5].entries()) task.push(readings, { key: "a", at, value });
    const { panes, arrivals } = Object.values(task.snapshot().operators["windows"]!.keyGroups!)[0]![0]!.sliding!;
    expect(panes.map(({ contents }) => contents)).toEqual([
      [{ value: { key: "a", at: 3, value: 1 }, arrival: 1 }],
      [{ value: { key: "a", at: 5, value: 2 }, arrival: 2 }],
      [{ value: { key: "a", at: 7, value: 0 }, arrival: 0 }],
    ]);
    expect(arrivals).toBe(3);
    task.end();
    expect(seen[10]).toBe("a until 14: 0@7 1@3 2@5");
  });

  test("are cut by the edges of windows only, two to a slide", () => {
    const times = Array.from({ length: 20 }, (_, i) => i);
    expect(held({ size: 11, every: 10 }, times).panes.map((pane) => pane.replace(/ .*/, ""))).toEqual([
      "[0,1)",
      "[1,10)",
      "[10,11)",
      "[11,20)",
    ]);
  });

  test("are few where size and slide have hardly a divisor in common", () => {
    const [day, almostAThird] = [86_400_000, 8 * 3_600_000 - 1000];
    const minutes = Array.from({ length: 1440 }, (_, minute) => minute * 60_000);
    expect(held({ size: day, every: almostAThird }, minutes).panes).toHaveLength(6);
  });

  test("are merged from the earlier to the later, each in the order of arrival", () => {
    expect(held({ size: 20, every: 10 }, [12, 5, 11, 3]).seen).toEqual(["5 3 @9", "5 3 12 11 @19", "12 11 @29"]);
  });

  test("may come to more windows than timers may set each other", () => {
    const env = new StreamEnvironment();
    const readings = env.source<number>("readings");
    let firings = 0;
    readings
      .keyBy(() => "a")
      .window(slidingWindows({ size: 1_000_002, every: 1 }))
      .reduce((a) => a)
      .sinkTo(() => void firings++);
    const task = env.createTask();
    task.push(readings, 1, 0);
    task.end();
    expect(firings).toBe(1_000_002);
  });

  test("and the state of a window go with the last window that has them", () => {
    const env = new StreamEnvironment();
    const readings = env.source<Reading>("readings", { timestamp: ({ at }) => at });
    readings
      .keyBy(({ key }) => key)
      .window(slidingWindows({ size: 10, every: 5 }))
      .allowedLateness(3)
      .aggregate(listing, telling)
      .named("windows");
    const task = env.createTask();
    for (const at of [1, 8, 13]) task.push(readings, { key: "a", at, value: at });
    const heldAt = (watermark: number): unknown => {
      task.input(readings).advanceWatermark(watermark);
      const { panes, windowStates } = Object.values(task.snapshot().operators["windows"]!.keyGroups!)[0]![0]!.sliding!;
      return [panes.map(({ start }) => start), windowStates.map(({ end }) => end)];
    };
    expect(heldAt(4)).toEqual([[0, 5, 10], [5]]);
    expect(heldAt(9)).toEqual([[0, 5, 10], [10]]);
    expect(heldAt(12)).toEqual([[5, 10], []]);
    expect(heldAt(19)).toEqual([[10], [20]]);
  });

  test("of other windows are refused", () => {
    const { goOn } = held({ size: 20, every: 10 }, [5]);
    expect(() => goOn(slidingWindows({ size: 20, every: 5 }))).toThrow(
      "windows: the snapshot is of other windows: it holds a pane from 0 to 10, and sliding 20ms every 5ms windows have none",
    );
    expect(() => goOn(oneByOne({ size: 20, every: 10 }))).toThrow("it holds panes, and not what each window has");
    expect(() => goOn(slidingWindows({ size: 30, every: 10 }))).not.toThrow();
  });

  // S11.38
  test("are missed where many windows overlap that cannot have them", () => {
    const windows = (options: SlidingOptions) =>
      new StreamEnvironment()
        .source<Reading>("readings")
        .keyBy(({ key }) => key)
        .window(slidingWindows(options));
    const unmerged = { createAccumulator: () => 0, add: (_: Reading, n: number) => n + 1, getResult: (n: number) => n };
    const many = { size: 60_060, every: 60 };
    expect(() => windows(many).aggregate(unmerged)).toThrow(
      "sliding 1m60ms every 60ms windows: each record would be added to 1001 of them, one by one; at most 1000 are meant to be",
    );
    expect(() => windows(many).evictor(countEvictor(5)).process(showing)).toThrow("added to 1001 of them");
    expect(() => windows(many).maxOverlap(1001).aggregate(unmerged)).not.toThrow();
    expect(() => windows({ size: 60_000, every: 60 }).aggregate(unmerged)).not.toThrow();
    for (const shared of [windows(many).aggregate(inOrder), windows(many).process(showing)])
      expect(shared).toBeDefined();
  });

  test("are not those of windows that held all they have", () => {
    const job = (assigner: WindowAssigner<unknown>, snapshot?: TaskSnapshot) => {
      const env = new StreamEnvironment();
      const readings = env.source<Reading>("readings", { timestamp: ({ at }) => at });
      readings
        .keyBy(({ key }) => key)
        .window(assigner)
        .aggregate(inOrder)
        .named("windows");
      const task = env.createTask(snapshot === undefined ? {} : { snapshot });
      task.push(readings, { key: "a", at: 1, value: 0 });
      return task.snapshot();
    };
    const options = { size: 20, every: 10 };
    expect(() => job(slidingWindows(options), job(oneByOne(options)))).toThrow(
      "windows: the snapshot is of other windows: it holds what each window has, and not its panes",
    );
  });
});
