/** Joins against nested loops, over streams out of order, at any parallelism, cut by snapshots; fast-check prints the seed of what fails. */

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  boundedOutOfOrderness,
  sessionWindows,
  slidingWindows,
  StreamEnvironment,
  tumblingWindows,
  type DataStream,
  type Tagged,
  type Task,
  type TaskSnapshot,
  type WindowAssigner,
} from "../../src/stream/index.ts";

const BOUND = 6;

interface Reading {
  readonly stream: "first" | "second";
  readonly key: string;
  readonly at: number;
  readonly id: number;
}

/** A record comes up to the bound later than it should, so that none is late. */
const readings = fc
  .array(
    fc.record({
      stream: fc.constantFrom("first" as const, "second" as const),
      key: fc.constantFrom("a", "b", "c"),
      at: fc.integer({ min: -20, max: 40 }),
      delay: fc.nat(BOUND),
    }),
    { maxLength: 40 },
  )
  .map((all) =>
    all
      .toSorted((a, b) => a.at + a.delay - (b.at + b.delay))
      .map(({ stream, key, at }, id): Reading => ({ stream, key, at, id })),
  );

/** Before which record the task stops, and at which parallelism it goes on. */
const cuts = fc.array(fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 4 })), { maxLength: 3 });
const parallelism = fc.integer({ min: 1, max: 4 });
const key = (reading: Reading): string => reading.key;

interface Streams {
  readonly first: DataStream<Reading>;
  readonly second: DataStream<Reading>;
}

interface Run {
  readonly parallelism: number;
  readonly cuts: readonly (readonly [at: number, parallelism: number])[];
}

/** All results, sorted. At the end nothing is left of any key. */
function run(
  records: readonly Reading[],
  { build, parallelism, cuts }: Run & { readonly build: (streams: Streams) => DataStream<string> },
): string[] {
  const results: string[] = [];
  const start = (parallelism: number, snapshot?: TaskSnapshot): { task: Task; push: (reading: Reading) => void } => {
    const env = new StreamEnvironment();
    const options = { timestamp: ({ at }: Reading) => at, watermarks: boundedOutOfOrderness(BOUND) };
    const [first, second] = [env.source<Reading>("first", options), env.source<Reading>("second", options)];
    build({ first, second })
      .named("joined")
      .sinkTo((value, at) => void results.push(`${value} @${at}`));
    const task = env.createTask({ parallelism, ...(snapshot === undefined ? {} : { snapshot }) });
    return { task, push: (reading) => task.push(reading.stream === "first" ? first : second, reading) };
  };
  let job = start(parallelism);
  for (const [index, record] of records.entries()) {
    for (const [, at] of cuts.filter(([where]) => where === index)) {
      job = start(at, JSON.parse(JSON.stringify(job.task.snapshot())) as TaskSnapshot);
    }
    job.push(record);
  }
  job.task.end();
  expect(job.task.status().operators["joined"]).toMatchObject({ keys: 0, timers: 0, lateRecordsDropped: 0 });
  return results.toSorted();
}

/** Every pair of equal keys. */
function pairs(records: readonly Reading[]): [Reading, Reading][] {
  const first = records.filter(({ stream }) => stream === "first");
  const second = records.filter(({ stream }) => stream === "second");
  return first.flatMap((one) =>
    second.filter((other) => other.key === one.key).map((other): [Reading, Reading] => [one, other]),
  );
}

interface Windowing {
  readonly assigner: WindowAssigner<Tagged<Reading, Reading>>;
  /** The ends of a record's windows; sessions are of all records of its key. */
  readonly endsOf: (reading: Reading, all: readonly Reading[]) => number[];
}

function tumbling(size: number): Windowing {
  const assigner = tumblingWindows({ size });
  return { assigner, endsOf: ({ at }) => assigner.assign(null, at).map(({ end }) => end) };
}

function sliding(size: number, every: number): Windowing {
  const assigner = slidingWindows({ size, every });
  return { assigner, endsOf: ({ at }) => assigner.assign(null, at).map(({ end }) => end) };
}

/** A session ends a gap after the first record that none follows within the gap. */
function sessions(gap: number): Windowing {
  return {
    assigner: sessionWindows({ gap }),
    endsOf({ key, at }, all) {
      let last = at;
      const times = all.filter((other) => other.key === key && other.at > at).map((other) => other.at);
      for (const time of times.toSorted((a, b) => a - b)) if (time < last + gap) last = time;
      return [last + gap];
    },
  };
}

const windowing = fc.oneof(
  fc.integer({ min: 1, max: 15 }).map(tumbling),
  fc
    .tuple(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 15 }))
    .map(([a, b]) => sliding(Math.max(a, b), Math.min(a, b))),
  fc.integer({ min: 1, max: 10 }).map(sessions),
);

// S11.35, S11.36
describe("what joins give is what nested loops give", () => {
  test("window join", () => {
    fc.assert(
      fc.property(readings, windowing, parallelism, cuts, (records, { assigner, endsOf }, parallelism, cuts) => {
        const expected = pairs(records).flatMap(([one, other]) => {
          const ends = endsOf(other, records);
          const shared = endsOf(one, records).filter((end) => ends.includes(end));
          return shared.map((end) => `${one.key}${one.id}-${other.id} @${end - 1}`);
        });
        const build = ({ first, second }: Streams) =>
          first
            .join(second)
            .where(key)
            .equalTo(key)
            .window(assigner)
            .apply((one, other) => `${one.key}${one.id}-${other.id}`);
        expect(run(records, { build, parallelism, cuts })).toEqual(expected.toSorted());
      }),
    );
  });

  test("co-group", () => {
    const idsOf = (of: readonly Reading[]): string => of.map(({ id }) => id).join(",");
    fc.assert(
      fc.property(readings, windowing, parallelism, cuts, (records, { assigner, endsOf }, parallelism, cuts) => {
        const windows = new Map<string, Reading[]>();
        for (const record of records) {
          for (const end of endsOf(record, records)) {
            const name = `${record.key} @${end - 1}`;
            windows.set(name, [...(windows.get(name) ?? []), record]);
          }
        }
        const expected = [...windows].map(([name, of]) => {
          const [first, second] = ["first", "second"].map((stream) => of.filter((each) => each.stream === stream));
          return `${idsOf(first!)}/${idsOf(second!)} of ${name}`;
        });
        const inOrder = (of: readonly Reading[]): Reading[] => of.toSorted((a, b) => a.id - b.id);
        const build = ({ first, second }: Streams) =>
          first
            .coGroup(second)
            .where(key)
            .equalTo(key)
            .window(assigner)
            .apply((one, other) => [`${idsOf(inOrder(one))}/${idsOf(inOrder(other))} of ${(one[0] ?? other[0])!.key}`]);
        expect(run(records, { build, parallelism, cuts })).toEqual(expected.toSorted());
      }),
    );
  });

  test("interval join", () => {
    const bound = fc.integer({ min: -12, max: 12 });
    fc.assert(
      fc.property(readings, fc.tuple(bound, bound), parallelism, cuts, (records, bounds, parallelism, cuts) => {
        const [lower, upper] = [Math.min(...bounds), Math.max(...bounds)];
        const expected = pairs(records)
          .filter(([one, other]) => other.at - one.at >= lower && other.at - one.at <= upper)
          .map(([one, other]) => `${one.key}${one.id}-${other.id} @${Math.max(one.at, other.at)}`);
        const build = ({ first, second }: Streams) =>
          first
            .keyBy(key)
            .intervalJoin(second.keyBy(key))
            .between(lower, upper)
            .process<string>(() => ({
              processElement: (one, other, context) => context.collect(`${context.key}${one.id}-${other.id}`),
            }));
        expect(run(records, { build, parallelism, cuts })).toEqual(expected.toSorted());
      }),
    );
  });
});
