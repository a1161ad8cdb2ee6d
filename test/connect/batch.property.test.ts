/** Bounded equals unbounded (S11.47): a program comes to the same over a batch as over a stream; fast-check prints the seed of what fails. */

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { callbackSink, execute, type RequestedMode } from "../../src/connect/index.ts";
import {
  boundedOutOfOrderness,
  eventTimeTrigger,
  sessionWindows,
  slidingWindows,
  StreamEnvironment,
  tumblingWindows,
  valueState,
  type DataStream,
  type WindowAssigner,
} from "../../src/stream/index.ts";
import { batched } from "./batched.ts";

const BOUND = 6;

interface Reading {
  readonly key: string;
  readonly at: number;
  readonly id: number;
}

interface Streams {
  readonly first: DataStream<Reading>;
  readonly second: DataStream<Reading>;
}

/** Batches of a split; a record comes up to the bound later than it should, so that none is late. */
const split = fc
  .array(
    fc.record({ key: fc.constantFrom("a", "b", "c"), at: fc.integer({ min: -20, max: 40 }), delay: fc.nat(BOUND) }),
    {
      maxLength: 20,
    },
  )
  .map((all) => all.toSorted((a, b) => a.at + a.delay - (b.at + b.delay)).map(({ key, at }, id) => [{ key, at, id }]));

const key = (reading: Reading): string => reading.key;

interface Run {
  readonly build: (streams: Streams) => DataStream<string>;
  readonly inputs: readonly (readonly (readonly Reading[])[])[];
}

/** All results, sorted. The first stream has two splits. */
async function run(mode: RequestedMode, { build, inputs }: Run): Promise<string[]> {
  const results: string[] = [];
  const env = new StreamEnvironment();
  const options = { timestamp: ({ at }: Reading) => at, watermarks: boundedOutOfOrderness(BOUND) };
  const [a, b, c] = inputs as [Reading[][], Reading[][], Reading[][]];
  const first = env.fromSource("first", batched({ splits: { a, b } }), options);
  const second = env.fromSource("second", batched({ splits: { c } }), options);
  build({ first, second }).sinkTo(callbackSink((values) => void results.push(...values)));
  const job = execute(env, { mode });
  await job.finished;
  expect(job.status().mode).toBe(mode === "automatic" ? "batch" : mode);
  return results.toSorted();
}

const reminders = valueState<number>({ name: "reminder" });

function windows(assigner: WindowAssigner<unknown>): Run["build"] {
  return ({ first, second }) =>
    first
      .union(second)
      .keyBy(key)
      .window(assigner)
      .process(() => ({
        process(elements, context) {
          const { key, window } = context;
          const ids = elements.map(({ at, id }) => `${at}/${id}`).toSorted();
          context.collect(`${key}[${window.start},${window.end}): ${ids.join(" ")}`);
        },
      }));
}

const PROGRAMS: Readonly<Record<string, Run["build"]>> = {
  "tumbling windows": windows(tumblingWindows({ size: 10 })),
  "sliding windows": windows(slidingWindows({ size: 12, every: 5 })),
  "session windows": windows(sessionWindows({ gap: 4 })),
  "windows that reduce, with lateness": ({ first }) =>
    first
      .keyBy(key)
      .window(tumblingWindows({ size: 8 }))
      .trigger(eventTimeTrigger())
      .allowedLateness(3)
      .reduce((a, b) => ({ ...a, id: a.id + b.id }))
      .map(({ key, id }) => `${key}${id}`),
  "sums so far": ({ second }) =>
    second
      .keyBy(key)
      .sum("id")
      .map(({ key, id }) => `${key}${id}`),
  "joins in windows": ({ first, second }) =>
    first
      .join(second)
      .where(key)
      .equalTo(key)
      .window(tumblingWindows({ size: 10 }))
      .apply((a, b) => `${a.key}: ${a.at}/${a.id} ${b.at}/${b.id}`),
  "co-groups": ({ first, second }) =>
    first
      .coGroup(second)
      .where(key)
      .equalTo(key)
      .window(sessionWindows({ gap: 5 }))
      .apply((a, b) => [
        `${[...a, ...b]
          .map(({ at, id }) => `${at}/${id}`)
          .toSorted()
          .join(" ")}: ${a.length} ${b.length}`,
      ]),
  "joins within an interval": ({ first, second }) =>
    first
      .keyBy(key)
      .intervalJoin(second.keyBy(key))
      .between(-5, 3)
      .process<string>(() => ({
        processElement: (a, b, context) => context.collect(`${a.key}: ${a.at}/${a.id} ${b.at}/${b.id}`),
      })),
  "timestamps given on the way": ({ second }) =>
    second
      .map((reading) => ({ ...reading, at: reading.at + 100 }))
      .assignTimestampsAndWatermarks({ timestamp: ({ at }) => at, watermarks: boundedOutOfOrderness(BOUND) })
      .keyBy(key)
      .window(slidingWindows({ size: 10, every: 5 }))
      .maxBy("id")
      .map(({ key, at, id }) => `${key} ${at}/${id}`),
  "timers of event time, records in its order": ({ first, second }) =>
    first
      .inEventTime([second])
      .keyBy(key)
      .process<string>(() => ({
        processElement({ at }, context) {
          const reminder = context.state(reminders);
          const due = reminder.value();
          if (due !== undefined) context.deleteEventTimeTimer(due);
          reminder.update(at + 7);
          context.registerEventTimeTimer(at + 7);
        },
        onTimer: (timestamp, context) => context.collect(`${context.key} silent at ${timestamp}`),
      })),
};

describe.each(Object.entries(PROGRAMS))("%s", (_, build) => {
  test("come to the same over a batch as over a stream", async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(split, split, split), async (inputs) => {
        const streamed = await run("streaming", { build, inputs });
        expect(await run("batch", { build, inputs })).toEqual(streamed);
        expect(await run("automatic", { build, inputs })).toEqual(streamed);
      }),
      { numRuns: 25 },
    );
  });
});
