/** What time does in a job: timers of processing time, idle splits, and when checkpoints are due. */

import { describe, expect, test } from "@jest/globals";
import { callbackSink, execute, memorySnapshots, type Job } from "../../src/connect/index.ts";
import { ascendingTimestamps, StreamEnvironment, tumblingWindows } from "../../src/stream/index.ts";
import { settled, TestTime } from "../support/scheduler.ts";
import { batched, silence } from "./batched.ts";

test("processing time goes on by the clock, while nothing comes", async () => {
  const clock = new TestTime(1000);
  const env = new StreamEnvironment();
  const fired: number[] = [];
  env
    .fromSource("numbers", batched({ splits: { a: [[7]] }, atEnd: silence }), { timestamp: (n) => n })
    .keyBy((n) => n)
    .process<number>(() => ({
      processElement: (_, context) => context.registerProcessingTimeTimer(context.processingTime + 100),
      onTimer: (timestamp, context) => context.collect(timestamp),
    }))
    .sinkTo(callbackSink((values) => void fired.push(...values)));
  const job = execute(env, { clock });
  await settled();
  await clock.goTo(1099);
  expect(fired).toEqual([]);
  await clock.goTo(1150);
  expect(fired).toEqual([1100]);
  await job.cancel();
});

// S11.42
describe("a split that has fallen silent", () => {
  function run(clock: TestTime, idleAfterMs?: number): { job: Job; fired: number[] } {
    const env = new StreamEnvironment();
    const fired: number[] = [];
    const source = batched({ splits: { busy: [[1, 2, 3], [25]], silent: [[4]] }, atEnd: silence });
    env
      .fromSource("numbers", source, {
        timestamp: (n) => n,
        watermarks: ascendingTimestamps(),
        ...(idleAfterMs === undefined ? {} : { idleAfterMs }),
      })
      .keyBy(() => 0)
      .window(tumblingWindows({ size: 10 }))
      .reduce((a, b) => a + b)
      .sinkTo(callbackSink((values) => void fired.push(...values)));
    return { job: execute(env, { clock }), fired };
  }

  test("holds time back", async () => {
    const clock = new TestTime();
    const { job, fired } = run(clock);
    await settled();
    await clock.goTo(10_000);
    expect(fired).toEqual([]);
    expect(job.status().task?.time["numbers"]?.heldBackBy).toMatchObject({ input: "silent", watermark: 3 });
    await job.cancel();
  });

  test("holds it back no longer, once it is idle", async () => {
    const clock = new TestTime();
    const { job, fired } = run(clock, 500);
    await settled();
    await clock.goTo(480);
    expect(fired).toEqual([]);
    await clock.goTo(600);
    expect(fired).toEqual([10]);
    await job.cancel();
  });
});

// S11.43
describe("checkpoints", () => {
  test("are taken at the interval, each between two batches, beginning before anything is read", async () => {
    const clock = new TestTime();
    const env = new StreamEnvironment();
    env.fromSource("numbers", batched<number>({ splits: { a: [[1]] }, atEnd: silence }), { timestamp: (n) => n });
    const store = memorySnapshots({ retained: 10 });
    const job = execute(env, { clock, checkpoints: { store, intervalMs: 1000 } });
    await settled();
    expect(await store.list()).toEqual([1]);
    expect((await store.read(1)).sources).toEqual({ numbers: { a: { position: null, isEnded: false } } });
    await clock.goTo(999);
    expect(await store.list()).toEqual([1]);
    await clock.goTo(1000);
    expect((await store.read(2)).sources).toEqual({ numbers: { a: { position: 1, isEnded: false } } });
    await clock.goTo(3500);
    expect(await store.list()).toEqual([1, 2, 3, 4]);
    expect(job.status().checkpoints).toEqual({
      completed: 4,
      failed: 0,
      isInProgress: false,
      last: { id: 4, durationMs: 0 },
    });
    await job.cancel();
  });

  test("leave a pause after one that took long", async () => {
    const clock = new TestTime();
    const env = new StreamEnvironment();
    env.fromSource("numbers", batched<number>({ splits: { a: [] }, atEnd: silence }), { timestamp: (n) => n });
    const kept = memorySnapshots({ retained: 10 });
    const store = {
      ...kept,
      write: async (snapshot: Parameters<typeof kept.write>[0]) => {
        await new Promise<void>((resolve) => clock.after(1500, resolve));
        await kept.write(snapshot);
      },
    };
    const job = execute(env, { clock, checkpoints: { store, intervalMs: 1000, minPauseMs: 200 } });
    await settled();
    await clock.goTo(1500); // the first is done, and nothing was read before
    await clock.goTo(1699);
    expect(job.status().checkpoints).toMatchObject({ completed: 1, isInProgress: false });
    await clock.goTo(1700);
    expect(job.status().checkpoints).toMatchObject({ completed: 1, isInProgress: true });
    await clock.goTo(3200);
    expect(job.status().checkpoints).toMatchObject({ completed: 2, last: { id: 2, durationMs: 1500 } });
    await job.cancel();
  });
});
