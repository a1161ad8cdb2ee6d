/** What windows keep, where it may be used, and what of it is in snapshots. */

import { describe, expect, test } from "@jest/globals";
import {
  countEvictor,
  eventTimeTrigger,
  sessionWindows,
  slidingWindows,
  StreamEnvironment,
  tumblingWindows,
  valueState,
  type DataStream,
  type Task,
  type TaskSnapshot,
  type Trigger,
  type TriggerContext,
  type ValueState,
  type WindowAssigner,
  type WindowContext,
  type WindowedStream,
} from "../../src/stream/index.ts";

type Windowed<T> = WindowedStream<T, string>;

/** A task of one operator of windows over records of one key, each at its time; `seen` is what comes out. */
function job<T>(
  { assigner = tumblingWindows({ size: 10 }), snapshot, parallelism = 1 }: Options,
  fired: (windows: Windowed<T>) => DataStream<unknown>,
): { readonly task: Task; readonly seen: unknown[]; readonly push: (value: T, at: number) => void } {
  const env = new StreamEnvironment();
  const records = env.source<T>("records");
  const seen: unknown[] = [];
  fired(records.keyBy(() => "k").window(assigner))
    .named("windows")
    .sinkTo((value) => void seen.push(value));
  const task = env.createTask({ parallelism, ...(snapshot === undefined ? {} : { snapshot }) });
  return { task, seen, push: (value, at) => task.push(records, value, at) };
}

interface Options {
  readonly assigner?: WindowAssigner<unknown>;
  readonly snapshot?: TaskSnapshot;
  readonly parallelism?: number;
}

const copyOf = (snapshot: TaskSnapshot): TaskSnapshot => JSON.parse(JSON.stringify(snapshot)) as TaskSnapshot;

describe("records that windows keep", () => {
  const codec = { encode: (date: Date) => date.getTime(), decode: (json: unknown) => new Date(json as number) };
  const earlier = (a: Date, b: Date): Date => (a < b ? a : b);
  const collect = (windows: Windowed<Date>): DataStream<Date> =>
    windows.process<Date>(() => ({ process: (dates, context) => dates.forEach((date) => context.collect(date)) }));

  // S11.15 S11.21
  // S11.17
  test.each<[what: string, fired: (windows: Windowed<Date>) => DataStream<Date>, assigner?: WindowAssigner<unknown>]>([
    ["for their function", collect],
    ["for an evictor", (windows) => collect(windows.evictor(countEvictor(5)))],
    ["as what they were reduced to", (windows) => windows.reduce(earlier)],
    ["in panes", (windows) => windows.reduce(earlier), slidingWindows({ size: 10, every: 5 })],
  ])("%s are in snapshots by their codec", (_, fired, assigner = tumblingWindows({ size: 10 })) => {
    const before = job<Date>({ assigner }, (windows) => fired(windows.codec(codec)));
    before.push(new Date(7), 6);
    const after = job<Date>({ assigner, snapshot: copyOf(before.task.snapshot()) }, (windows) =>
      fired(windows.codec(codec)),
    );
    after.task.end();
    expect(after.seen[0]).toEqual(new Date(7));
  });

  test("are refused in snapshots if they are no JSON and have none", () => {
    const { task, push } = job<Date>({}, collect);
    push(new Date(7), 6);
    expect(() => task.snapshot()).toThrow("a window of windows holds a Date, which a snapshot cannot hold");
  });
});

test("late records that were dropped are counted on over a snapshot, at any parallelism", () => {
  const count = (windows: Windowed<number>): DataStream<number> => windows.reduce((a, b) => a + b);
  const dropped = (task: Task): number => task.status().operators["windows"]!.lateRecordsDropped;
  const before = job<number>({ parallelism: 3 }, count);
  before.push(1, 5);
  before.task.input({ name: "records" }).advanceWatermark(50);
  before.push(1, 5);
  before.push(1, 6);
  expect(dropped(before.task)).toBe(2);
  for (const parallelism of [1, 2, 128]) {
    const after = job<number>({ parallelism, snapshot: copyOf(before.task.snapshot()) }, count);
    after.push(1, 5);
    expect(dropped(after.task)).toBe(3);
  }
});

describe("the status counts the windows that are there", () => {
  const count = (windows: Windowed<number>): DataStream<number> => windows.allowedLateness(5).reduce((a, b) => a + b);

  test.each<[string, WindowAssigner<unknown>]>([
    ["tumbling", tumblingWindows({ size: 10 })],
    ["sliding, by pane", slidingWindows({ size: 10, every: 4 })],
    ["sessions", sessionWindows({ gap: 6 })],
  ])("%s", (_, assigner) => {
    const { task, push } = job<number>({ assigner }, count);
    for (const time of [5, 17, 11, 9, 30, 31, 52, 58, 55, 70]) {
      push(1, time);
      task.input({ name: "records" }).advanceWatermark(time - 8);
      const snapshot = copyOf(task.snapshot());
      const keys = Object.values(snapshot.operators["windows"]!.keyGroups!).flat();
      const [held] = keys.map(({ windows, sliding }) => (windows ?? sliding?.panes ?? []).length);
      const counted = [task, job<number>({ assigner, snapshot }, count).task].map(
        (one) => one.status().operators["windows"]!.windows,
      );
      expect(counted).toEqual([held ?? 0, held ?? 0]);
    }
    task.end();
    expect(task.status().operators["windows"]!.windows).toBe(0);
  });
});

describe("what is of a window is refused outside of it", () => {
  const state = valueState<number>({ name: "state" });

  test.each([
    ["one by one", tumblingWindows({ size: 10 })],
    ["by pane", slidingWindows({ size: 10, every: 5 })],
  ])("state of the window and of the key, %s", (_, assigner) => {
    const handles: ValueState<number>[] = [];
    const { push, task } = job<number>({ assigner }, (windows) =>
      windows.reduce<never>(
        (a, b) => a + b,
        () => ({
          process: (_, context: WindowContext<string, never>) =>
            void handles.push(context.windowState(state), context.globalState(state)),
        }),
      ),
    );
    push(1, 5);
    task.end();
    expect(() => handles[0]!.value()).toThrow("windows: state `state` was used while no window is at hand");
    expect(() => handles[1]!.value()).toThrow("windows: state `state` was used while no key is at hand");
  });

  test("a trigger's state and timers", () => {
    let kept: TriggerContext | null = null;
    let handle: ValueState<number> | null = null;
    const keeping: Trigger<number> = {
      ...eventTimeTrigger(),
      onElement(_, context) {
        kept = context;
        handle = context.state(state);
        return "CONTINUE";
      },
    };
    job<number>({}, (windows) => windows.trigger(keeping).reduce((a) => a)).push(1, 5);
    expect(() => handle!.value()).toThrow("windows: state `state` was used while no window is at hand");
    expect(() => kept!.registerEventTimeTimer(9)).toThrow(
      "windows: a window or its timers were asked for by a trigger while no window is at hand",
    );
  });
});
