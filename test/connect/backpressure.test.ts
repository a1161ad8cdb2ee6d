/** A sink that is slow makes the task wait, and the task the sources: nothing piles up, and it is seen where (S11.41). */

import { describe, expect, test } from "@jest/globals";
import { callbackSink, execute, type Job } from "../../src/connect/index.ts";
import { limits } from "../../src/core/limits.ts";
import { StreamEnvironment, type IdempotentSink } from "../../src/stream/index.ts";
import { eventually } from "../support/eventually.ts";
import { settled, TestTime } from "../support/scheduler.ts";
import { batched } from "./batched.ts";

/** Takes nothing before it is opened, and counts what it is given. */
class GatedSink {
  open: () => void = () => undefined;
  readonly #opened = new Promise<void>((resolve) => (this.open = resolve));
  readonly seen: number[] = [];
  readonly sink: IdempotentSink<number> = callbackSink(async (values) => {
    await this.#opened;
    this.seen.push(...values);
  });
}

const BATCH = 100;

/** So many batches of 100 in each split. */
function batchesOf(count: number): number[][] {
  return Array.from({ length: count }, (_, batch) => Array.from({ length: BATCH }, (_, i) => batch * BATCH + i));
}

interface Pipe {
  readonly job: Job;
  /** Batches that have been asked for, by split. */
  readonly read: Record<string, number>;
}

function pipe({ into, clock, fanOut = 1 }: { into: IdempotentSink<number>; clock: TestTime; fanOut?: number }): Pipe {
  const env = new StreamEnvironment();
  const read: Record<string, number> = { a: 0, b: 0 };
  const source = batched({
    splits: { a: batchesOf(500), b: batchesOf(500) },
    before: async (split) => void read[split]!++,
  });
  env
    .fromSource("numbers", source, { timestamp: (n) => n })
    .flatMap((n) => Array.from({ length: fanOut }, () => n))
    .sinkTo(into)
    .named("slow");
  return { job: execute(env, { clock, creditsPerSplit: 3 }), read };
}

function edge(job: Job, from: string) {
  return job.status().edges.find((edge) => edge.from === from || edge.to === from)!;
}

describe("a sink that takes nothing", () => {
  test("stops its sources, with a bounded number of values on their way", async () => {
    const clock = new TestTime();
    const gate = new GatedSink();
    const { job, read } = pipe({ into: gate.sink, clock });
    await eventually(async () => edge(job, "slow").queued > limits.sinkWaitingValuesMax);
    await settled();
    const batches = read["a"]! + read["b"]!;
    // What waits for the sink, what the credits let be read ahead, and the batch that the task is at.
    expect(batches * BATCH).toBeLessThanOrEqual(limits.sinkWaitingValuesMax + (2 * (3 + 1) + 2) * BATCH);
    expect(edge(job, "slow").queued).toBeLessThanOrEqual(limits.sinkWaitingValuesMax + BATCH);
    await settled();
    expect(read["a"]! + read["b"]!).toBe(batches);
    gate.open();
    await job.finished;
    expect(gate.seen.length).toBe(2 * 500 * BATCH);
  });

  test("is seen on each edge: what waits, what there is room for, how long it has been so", async () => {
    const clock = new TestTime();
    const gate = new GatedSink();
    const { job } = pipe({ into: gate.sink, clock });
    await settled();
    await eventually(async () => ["numbers/a", "numbers/b", "slow"].every((end) => edge(job, end).credits === 0));
    await settled();
    await clock.goTo(5000);
    expect(edge(job, "numbers/a")).toMatchObject({ to: "task", queued: 3, credits: 0, backpressuredMs: 5000 });
    expect(edge(job, "slow")).toMatchObject({ from: "task", credits: 0, backpressuredMs: 5000 });
    gate.open();
    await job.finished;
    expect(edge(job, "slow")).toMatchObject({
      records: 2 * 500 * BATCH,
      queued: 0,
      credits: limits.sinkWaitingValuesMax,
    });
  });

  test("is waited for in the middle of a batch, where much comes of each record", async () => {
    const gate = new GatedSink();
    const { job } = pipe({ into: gate.sink, clock: new TestTime(), fanOut: 1000 });
    await eventually(
      async () => edge(job, "slow").backpressuredMs >= 0 && edge(job, "slow").queued > limits.sinkWaitingValuesMax,
    );
    await settled();
    expect(edge(job, "slow").queued).toBeLessThanOrEqual(limits.sinkWaitingValuesMax + limits.sinkBatchValuesMax);
    expect(edge(job, "numbers/a").records + edge(job, "numbers/b").records).toBeLessThan(BATCH);
    await cancelOpened(job, gate);
  });

  test("does not keep a job from being canceled, once it lets go", async () => {
    const gate = new GatedSink();
    const { job } = pipe({ into: gate.sink, clock: new TestTime() });
    await eventually(async () => edge(job, "slow").credits === 0);
    await cancelOpened(job, gate);
    await expect(job.finished).resolves.toMatchObject({ end: "canceled" });
    expect(gate.seen.length).toBeLessThanOrEqual(limits.sinkWaitingValuesMax);
  });
});

async function cancelOpened(job: Job, gate: GatedSink): Promise<void> {
  const canceled = job.cancel();
  gate.open();
  await canceled;
}

test("a slow sink beside a fast one slows both: the task is one", async () => {
  const env = new StreamEnvironment();
  const fast: number[] = [];
  const gate = new GatedSink();
  const numbers = env.fromSource("numbers", batched({ splits: { a: batchesOf(500) } }), { timestamp: (n) => n });
  numbers.sinkTo(callbackSink((values) => void fast.push(...values)));
  numbers.sinkTo(gate.sink).named("slow");
  const job = execute(env);
  await eventually(async () => edge(job, "slow").credits === 0);
  await settled();
  expect(fast.length).toBeLessThanOrEqual(limits.sinkWaitingValuesMax + BATCH);
  gate.open();
  await job.finished;
  expect(fast).toEqual(gate.seen);
});
