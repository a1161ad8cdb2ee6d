/** A job with all that keeps state, stopped anywhere and gone on from its snapshot; fast-check prints the seed of what fails. */

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  boundedOutOfOrderness,
  continuousEventTimeTrigger,
  countTrigger,
  globalWindows,
  listState,
  mapState,
  outputTag,
  sessionWindows,
  slidingWindows,
  StreamEnvironment,
  timeEvictor,
  tumblingWindows,
  valueState,
  type DataStream,
  type KeyedBroadcastProcessFunction,
  type ProcessWindowFunction,
  type Task,
  type TaskSnapshot,
} from "../../src/stream/index.ts";

interface Reading {
  readonly key: string;
  readonly at: number;
  readonly value: number;
}

type Step =
  | { readonly kind: "reading"; readonly reading: Reading; readonly partition: string }
  | { readonly kind: "rule"; readonly limit: number }
  | { readonly kind: "time"; readonly ms: number }
  | { readonly kind: "idle"; readonly partition: string }
  | { readonly kind: "end" };

const partition = fc.constantFrom("p", "q");
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("reading" as const),
      reading: fc.record({ key: fc.constantFrom("a", "b", "c", "d"), at: fc.nat(60), value: fc.nat(9) }),
      partition,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("rule" as const), limit: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("time" as const), ms: fc.nat(60) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("idle" as const), partition }) },
);
const script = fc.array(step, { maxLength: 40 }).map((steps): Step[] => [...steps, { kind: "end" }]);

const limits = mapState<string, number>({ name: "limits" });
const recent = listState<number>({ name: "recent", ttl: { ms: 20, cleanUp: { incremental: 0 } } });
const total = valueState<number>({ name: "total" });
const late = outputTag<Reading>("late");

/** Counts, remembers with a time to live, and sets timers of both kinds. */
const watching = (): KeyedBroadcastProcessFunction<string, Reading, number, string> => ({
  processElement({ key, value, at }, context) {
    const sum = (context.state(total).value() ?? 0) + value;
    context.state(total).update(sum);
    context.state(recent).add(value);
    const limit = context.broadcastState(limits).get("limit") ?? 5;
    if (value > limit) context.collect(`${key}: ${value} of ${sum}, lately ${context.state(recent).get().join(" ")}`);
    context.registerEventTimeTimer(at + 3);
    if (value === 0) context.deleteEventTimeTimer(at + 3);
    if (value % 3 === 0) context.registerProcessingTimeTimer(context.processingTime + value);
  },
  processBroadcastElement(limit, context) {
    context.broadcastState(limits).put("limit", limit);
    context.applyToKeyedState(total, (key, state) => context.collect(`${key} has ${state.value()} under ${limit}`));
  },
  onTimer(at, context) {
    context.collect(`${context.key}: ${context.timeDomain} timer ${at}, total ${context.state(total).value()}`);
    if (at % 4 === 0) context.state(total).clear();
  },
});

/** Each firing, with what it saw and how many there were of the key. */
const showing = (): ProcessWindowFunction<string, Reading, string> => ({
  process(elements, context) {
    const firings = context.globalState(total);
    firings.update((firings.value() ?? 0) + 1);
    const values = elements.map(({ value }) => value).join(" ");
    context.collect(
      `${context.key} [${context.window.start},${context.window.end}): ${values}, firing ${firings.value()}`,
    );
  },
});

interface Running {
  readonly task: Task;
  readonly seen: string[];
  take(step: Step): void;
}

interface Start {
  readonly parallelism: number;
  readonly snapshot?: TaskSnapshot;
}

function start({ parallelism, snapshot }: Start): Running {
  const env = new StreamEnvironment();
  const readings = env.source<Reading>("readings", {
    timestamp: ({ at }) => at,
    watermarks: boundedOutOfOrderness(5),
    partitions: ["p"],
  });
  const rules = env.source<number>("rules");
  const keyed = readings.filter(({ value }) => value !== 8).keyBy(({ key }) => key);
  const seen: string[] = [];
  const show = (name: string, stream: DataStream<unknown>): void => {
    stream.sinkTo((value, at) => void seen.push(`${name} ${JSON.stringify(value)} @${at}`)).named(`show ${name}`);
  };
  const larger = (a: Reading, b: Reading): Reading => (a.value >= b.value ? a : b);

  const watched = keyed.connect(rules.broadcast(limits)).process(watching).named("watching");
  show("watched", watched);
  const sliding = keyed
    .window(slidingWindows({ size: 10, every: 4 }))
    .allowedLateness(3)
    .sideOutputLateData(late);
  show("sliding", sliding.process(showing).named("sliding"));
  const panes = keyed
    .window(slidingWindows({ size: 11, every: 4, offset: 1 }))
    .allowedLateness(5)
    .sideOutputLateData(late);
  show("panes", panes.reduce(larger, showing).named("panes"));
  const sessions = keyed
    .window(sessionWindows({ gap: 4 }))
    .reduce(larger, showing)
    .named("sessions");
  show("sessions", sessions);
  show(
    "late sessions",
    keyed
      .window(sessionWindows({ gap: 4 }))
      .trigger(countTrigger(2))
      .reduce(larger)
      .named("counted sessions"),
  );
  show(
    "continuous",
    keyed
      .window(tumblingWindows({ size: 20 }))
      .trigger(continuousEventTimeTrigger(7))
      .reduce(larger)
      .named("continuous"),
  );
  show("count", keyed.countWindow(3, 2).process(showing).named("count"));
  show(
    "global",
    keyed.window(globalWindows()).trigger(countTrigger(2)).evictor(timeEvictor(9)).process(showing).named("global"),
  );
  show(
    "processing",
    keyed
      .window(tumblingWindows({ size: 10, time: "processing" }))
      .reduce(larger)
      .named("processing"),
  );
  // A second exchange: what comes out by one key goes on by another.
  const all = watched.union(sessions);
  show(
    "again",
    all
      .keyBy((text) => text.length % 3)
      .window(tumblingWindows({ size: 10 }))
      .aggregate(counting)
      .named("again"),
  );

  const task = env.createTask({ parallelism, ...(snapshot === undefined ? {} : { snapshot }) });
  return {
    task,
    seen,
    take(step) {
      switch (step.kind) {
        case "reading":
          return task.input(readings, step.partition).push(step.reading);
        case "rule":
          return task.push(rules, step.limit, 0);
        case "time":
          return task.advanceProcessingTime(step.ms);
        case "idle":
          return task.input(readings, step.partition).markIdle();
        case "end":
          return task.end();
      }
    },
  };
}

const counting = { createAccumulator: () => 0, add: (_: string, n: number) => n + 1, getResult: (n: number) => n };

/** Goes through the script; before the steps told of it stops, and goes on from its snapshot at the parallelism told. */
function run(steps: readonly Step[], stops: ReadonlyMap<number, number> = new Map()): string[][] {
  let running = start({ parallelism: stops.get(-1) ?? 1 });
  return steps.map((step, index) => {
    const parallelism = stops.get(index);
    if (parallelism !== undefined) {
      const snapshot = JSON.parse(JSON.stringify(running.task.snapshot())) as TaskSnapshot;
      running = start({ parallelism, snapshot });
    }
    running.take(step);
    return running.seen.splice(0);
  });
}

const sortedSteps = (outputs: readonly string[][]): string[][] => outputs.map((of) => of.toSorted());

// S11.21
describe("a snapshot and its restoring change nothing", () => {
  test("at any step, to the order of what comes out", () => {
    fc.assert(
      fc.property(script, fc.nat(), (steps, where) => {
        expect(run(steps, new Map([[where % steps.length, 1]]))).toEqual(run(steps));
      }),
    );
  });

  test("at another parallelism, but for the order of keys", () => {
    const parallelisms = fc.array(fc.tuple(fc.integer({ min: -1, max: 40 }), fc.constantFrom(1, 2, 3, 128)), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(script, parallelisms, (steps, stops) => {
        expect(sortedSteps(run(steps, new Map(stops)))).toEqual(sortedSteps(run(steps)));
      }),
    );
  });

  test("and a snapshot does not show the parallelism that it was taken at", () => {
    fc.assert(
      fc.property(script, fc.constantFrom(2, 3, 128), (steps, parallelism) => {
        const [one, many] = [start({ parallelism: 1 }), start({ parallelism })];
        for (const step of steps.slice(0, -1)) for (const running of [one, many]) running.take(step);
        expect(many.task.snapshot()).toEqual(one.task.snapshot());
      }),
      { numRuns: 50 },
    );
  });
});
