/** Two streams in the same windows. */

import { describe, expect, test } from "@jest/globals";
import {
  ascendingTimestamps,
  boundedOutOfOrderness,
  countEvictor,
  countTrigger,
  globalWindows,
  outputTag,
  purgingTrigger,
  sessionWindows,
  slidingWindows,
  StreamEnvironment,
  tumblingWindows,
  valueState,
  type Codec,
  type CoGroupedWindows,
  type DataStream,
  type JoinedWindows,
  type Tagged,
  type TaskSnapshot,
  type WindowAssigner,
} from "../../src/stream/index.ts";
import { observe } from "./observed.ts";

interface Reading {
  readonly key: string;
  readonly at: number;
}

type Assigner = WindowAssigner<Tagged<Reading, Reading>>;

const timed = { timestamp: ({ at }: Reading) => at };

/** `a5` is a record of the first stream with key a at 5, `A5` one of the second, `|9` a watermark of both. */
function check(
  build: (readings: { first: DataStream<Reading>; second: DataStream<Reading> }) => DataStream<unknown>,
  input: string,
  expected: readonly string[],
): void {
  const env = new StreamEnvironment();
  const first = env.source<Reading>("first", timed);
  const second = env.source<Reading>("second", timed);
  const seen = observe(build({ first, second }));
  const task = env.createTask();
  for (const step of input.split(" ")) {
    const at = Number(step.slice(1));
    if (step === "end") task.end();
    else if (step.startsWith("|")) for (const source of [first, second]) task.input(source).advanceWatermark(at);
    else task.push(step[0]! < "a" ? second : first, { key: step[0]!.toLowerCase(), at });
  }
  expect(seen.filter((text) => text.includes("@"))).toEqual(expected);
}

const byKey = ({ key }: Reading): string => key;

interface JoinCase {
  readonly assigner?: Assigner;
  readonly windowed?: (windows: JoinedWindows<Reading, Reading, string>) => JoinedWindows<Reading, Reading, string>;
  readonly input: string;
}

/** Each pair as `1-2`: the times of its records. */
function checkJoin(
  { assigner = tumblingWindows({ size: 10 }), windowed = (windows) => windows, input }: JoinCase,
  expected: readonly string[],
): void {
  const build = ({ first, second }: { first: DataStream<Reading>; second: DataStream<Reading> }) =>
    windowed(first.join(second).where(byKey).equalTo(byKey).window(assigner)).apply(
      (a, b) => `${a.key}${a.at}-${b.at}`,
    );
  check(build, input, expected);
}

// S11.35
describe("join", () => {
  test("gives every pair of a window and a key, the first stream's records in their order", () => {
    checkJoin({ input: "a1 A2 a3 A4 b5 B12 |20" }, ["a1-2@9", "a1-4@9", "a3-2@9", "a3-4@9"]);
  });

  test("gives nothing for a record that is alone", () => {
    checkJoin({ input: "a1 B2 end" }, []);
  });

  test("takes any windows: sliding ones", () => {
    checkJoin({ assigner: slidingWindows({ size: 4, every: 2 }), input: "a1 A3 end" }, ["a1-3@3"]);
  });

  test("sessions, which become one over both streams", () => {
    checkJoin({ assigner: sessionWindows({ gap: 5 }), input: "a1 A9 a5 end" }, ["a1-9@13", "a5-9@13"]);
  });

  test("windows of processing time", () => {
    const env = new StreamEnvironment();
    const first = env.source<Reading>("first", timed);
    const second = env.source<Reading>("second", timed);
    const assigner = tumblingWindows({ size: 10, time: "processing" });
    const seen = observe(
      first
        .join(second)
        .where(byKey)
        .equalTo(byKey)
        .window(assigner)
        .apply((a, b) => [a.at, b.at]),
    );
    const task = env.createTask();
    task.push(first, { key: "a", at: 1 });
    task.push(second, { key: "a", at: 100 });
    task.advanceProcessingTime(10);
    expect(seen).toEqual(["idle", "[1,100]@9"]);
  });

  test("an allowed late record gives all pairs again, and one that is too late goes to the side", () => {
    const late = outputTag<Tagged<Reading, Reading>>("late");
    const build = ({ first, second }: { first: DataStream<Reading>; second: DataStream<Reading> }) => {
      const windows = first
        .join(second)
        .where(byKey)
        .equalTo(byKey)
        .window(tumblingWindows({ size: 10 }));
      const joined = windows
        .allowedLateness(5)
        .sideOutputLateData(late)
        .apply((a, b) => `${a.at}-${b.at}`);
      return joined.union(joined.sideOutput(late).map(({ stream, value }) => `late ${stream} ${value.at}`));
    };
    check(build, "a1 A2 |9 A3 |14 A4 a5", ["1-2@9", "1-2@9", "1-3@9", "late second 4@4", "late first 5@5"]);
  });

  test("takes triggers and evictors", () => {
    checkJoin(
      {
        assigner: globalWindows(),
        windowed: (windows) => windows.trigger(purgingTrigger(countTrigger(3))).evictor(countEvictor(2)),
        input: "a1 A2 a3 A4 a5 A6",
      },
      ["a3-2@3", "a5-6@6"],
    );
  });

  test("applyFlat gives none, one or many for each pair", () => {
    check(
      ({ first, second }) =>
        first
          .join(second)
          .where(byKey)
          .equalTo(byKey)
          .window(tumblingWindows({ size: 10 }))
          .applyFlat((a, b) => Array.from({ length: b.at - a.at }, (_, i) => i)),
      "a1 A3 A0 end",
      ["0@9", "1@9"],
    );
  });

  test("records that are no JSON go by codecs", () => {
    const codec: Codec<bigint> = { encode: String, decode: (json) => BigInt(json as string) };
    const job = (snapshot?: TaskSnapshot) => {
      const env = new StreamEnvironment();
      const big = env.source<bigint>("big", { watermarks: ascendingTimestamps() });
      const small = env.source<number>("small", { watermarks: ascendingTimestamps() });
      const pairs = big
        .join(small)
        .where((n) => Number(n % 2n))
        .equalTo((n) => n % 2)
        .window(tumblingWindows({ size: 10 }))
        .codecs({ first: codec })
        .apply((a, b) => String(a + BigInt(b)));
      const seen = observe(pairs);
      const task = env.createTask(snapshot === undefined ? {} : { snapshot });
      return { task, big, small, seen };
    };
    const before = job();
    before.task.push(before.big, 10n ** 20n, 1);
    const after = job(JSON.parse(JSON.stringify(before.task.snapshot())) as TaskSnapshot);
    after.task.push(after.small, 2, 2);
    after.task.end();
    expect(after.seen).toContain("100000000000000000002@9");
  });
});

// S11.35
describe("co-group", () => {
  const grouped = (
    build: (windows: CoGroupedWindows<Reading, Reading, string>) => DataStream<unknown>,
    assigner: Assigner = tumblingWindows({ size: 10 }),
  ) => {
    return ({ first, second }: { first: DataStream<Reading>; second: DataStream<Reading> }) =>
      build(first.coGroup(second).where(byKey).equalTo(byKey).window(assigner));
  };
  const times = (readings: readonly Reading[]): string => readings.map(({ at }) => at).join(",");

  test("gives both streams' records of a window and a key, also where one has none", () => {
    check(
      grouped((windows) => windows.apply((first, second) => [`${times(first)}/${times(second)}`])),
      "a1 A2 A3 b4 C5 |9 A15 end",
      ["1/2,3@9", "4/@9", "/5@9", "/15@19"],
    );
  });

  test("has the window, state of the key, side outputs, and an end", () => {
    const firings = valueState<number>({ name: "firings" });
    const build = grouped(
      (windows) =>
        windows.trigger(countTrigger(2)).process<string>(() => ({
          process({ first, second }, context) {
            const state = context.globalState(firings);
            state.update((state.value() ?? 0) + 1);
            context.collect(`${context.key}: ${times(first)}/${times(second)}, firing ${state.value()}`);
          },
          clear: (context) => context.collect(`${context.key} ends at ${context.window.end}`),
        })),
      sessionWindows({ gap: 10 }),
    );
    check(build, "a1 A2 a3 A4 end", ["a: 1/2, firing 1@11", "a: 1,3/2,4, firing 2@13", "a ends at 14@13"]);
  });

  test("is drawn as one operator", () => {
    const env = new StreamEnvironment();
    const first = env.source<Reading>("first", { watermarks: boundedOutOfOrderness(0) });
    const second = env.source<Reading>("second", { watermarks: boundedOutOfOrderness(0) });
    grouped((windows) => windows.apply(() => []))({ first, second });
    expect(env.graph.toText().split("\n")[2]).toBe(
      "coGroup-1  coGroup, window tumbling 10ms  <- first by key, second by key",
    );
  });
});

test.each<[what: string, build: (readings: DataStream<Reading>) => unknown, message: string]>([
  [
    "a key that is a name",
    (readings) => readings.join(readings).where("key" as never),
    'where of a join behind readings was given "key"; expected a function that gives the key',
  ],
  [
    "windows that are none",
    (readings) =>
      readings
        .coGroup(readings)
        .where(byKey)
        .equalTo(byKey)
        .window(10 as never),
    "window behind readings and readings was given 10; expected an object with `assign`",
  ],
  [
    "a global window without a trigger",
    (readings) => readings.join(readings).where(byKey).equalTo(byKey).window(globalWindows()).apply(String),
    "global windows have no trigger: they would never fire",
  ],
])("refused: %s", (_, build, message) => {
  expect(() => build(new StreamEnvironment().source<Reading>("readings"))).toThrow(message);
});
