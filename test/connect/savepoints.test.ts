/** Savepoints: a job goes on behind them, or from them, as itself or as another program (S11.45). */

import { describe, expect, test } from "@jest/globals";
import { callbackSink, execute, memorySnapshots, type ExecuteOptions, type Job } from "../../src/connect/index.ts";
import { ascendingTimestamps, StreamEnvironment, tumblingWindows } from "../../src/stream/index.ts";
import { eventually } from "../support/eventually.ts";
import { MemoryTwoPhaseSink } from "../support/memory-two-phase-sink.ts";
import { batched, silence } from "./batched.ts";

interface Program {
  readonly splits?: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly source?: string;
  readonly sink?: string;
  /** Default: it is silent behind its batches. */
  readonly ends?: boolean;
  readonly options?: ExecuteOptions;
}

/** Sums of windows of 10, into a sink of two phases. */
class Sums {
  readonly sink = new MemoryTwoPhaseSink<number>();

  run({ splits = { a: [[1, 2], [3]] }, source = "numbers", sink = "out", ends = false, options }: Program): Job {
    const env = new StreamEnvironment();
    env
      .fromSource(source, batched({ splits, ...(ends ? {} : { atEnd: silence }) }), {
        timestamp: (n) => n,
        watermarks: ascendingTimestamps(),
      })
      .keyBy(() => 0)
      .window(tumblingWindows({ size: 10 }))
      .reduce((a, b) => a + b)
      .named("windows")
      .sinkTo(this.sink)
      .named(sink);
    return execute(env, { checkpoints: { store: memorySnapshots() }, ...options });
  }
}

async function read(job: Job, records: number): Promise<void> {
  await eventually(async () => job.status().edges[0]?.records === records);
}

describe("a savepoint", () => {
  test("to stop with leaves windows open, which go on in the next job", async () => {
    const sums = new Sums();
    const job = sums.run({});
    await read(job, 3);
    const savepoint = await job.savepoint({ thenStop: true });
    await expect(job.finished).resolves.toEqual({ end: "stopped", restarts: 0 });
    expect(sums.sink.visible).toEqual([]);
    const splits = { a: [[1, 2], [3], [4], [20]] };
    await sums.run({ splits, ends: true, options: { restoreFrom: savepoint } }).finished;
    expect(sums.sink.visible).toEqual([10, 20]);
  });

  test("to go on behind commits what is ready, and is JSON", async () => {
    const sums = new Sums();
    const job = sums.run({ splits: { a: [[1, 2], [13], [24]] } });
    await read(job, 4);
    const savepoint = await job.savepoint();
    await eventually(async () => sums.sink.visible.length === 2);
    expect(job.status().state).toBe("running");
    expect(JSON.parse(JSON.stringify(savepoint))).toEqual(savepoint);
    expect(savepoint.sources).toEqual({ numbers: { a: { position: 3, isEnded: false } } });
    await job.cancel();
    await sums.run({ splits: { a: [[1, 2], [13], [24]] }, ends: true, options: { restoreFrom: savepoint } }).finished;
    expect(sums.sink.visible).toEqual([3, 13, 24]);
  });

  test("many may be asked for at once, and one of them to stop with", async () => {
    const job = new Sums().run({});
    await read(job, 3);
    const [first, , last] = await Promise.all([job.savepoint(), job.savepoint({ thenStop: true }), job.savepoint()]);
    expect(first.sources).toEqual(last.sources);
    await expect(job.finished).resolves.toMatchObject({ end: "stopped" });
  });

  test("that is asked for as the input ends is the end; there is none of a job that is over", async () => {
    const job = new Sums().run({ ends: true, splits: { a: [] } });
    const savepoint = await job.savepoint();
    expect(savepoint.id).toBeGreaterThan(0);
    await job.finished;
    await expect(job.savepoint()).rejects.toThrow("no savepoint was taken: the job is over, finished");
  });

  test("is of its own number where the store has others", async () => {
    const sums = new Sums();
    const store = memorySnapshots({ retained: 10 });
    const job = sums.run({ options: { checkpoints: { store } } });
    const savepoint = await job.savepoint({ thenStop: true });
    await sums.run({ ends: true, options: { checkpoints: { store }, restoreFrom: { ...savepoint, id: 1 } } }).finished;
    expect(await store.list()).toEqual([1, 2, 3, 4]);
  });
});

describe("a job from a savepoint", () => {
  async function check(program: Program, message: string): Promise<void> {
    const sums = new Sums();
    const job = sums.run({});
    await read(job, 3);
    const restoreFrom = await job.savepoint({ thenStop: true });
    const other = { ...program, ends: true };
    await expect(sums.run({ ...other, options: { restoreFrom } }).finished).rejects.toThrow(message);
    const { finished } = sums.run({ ...other, options: { restoreFrom, mayDropState: true } });
    const outcome = await finished.then(
      ({ end }) => end,
      (error: Error) => error.message,
    );
    expect(outcome).toContain(program.splits === undefined ? "finished" : message);
  }

  test("does not forget a source", () =>
    check(
      { source: "figures" },
      'the checkpoint has state of "numbers", which the graph does not read or write any more',
    ));

  test("reads all splits that were read", () =>
    check(
      { splits: { b: [[5]] } },
      'source numbers (batches of a test) has no split "a", which the checkpoint has read from',
    ));

  test("does not forget what is to be committed", async () => {
    const sums = new Sums();
    const job = sums.run({ splits: { a: [[1, 12]] } });
    await read(job, 2);
    const savepoint = await job.savepoint({ thenStop: true });
    expect(savepoint.sinks["out"]).toHaveLength(1);
    const finished = sums.run({ sink: "elsewhere", options: { restoreFrom: savepoint } }).finished;
    await expect(finished).rejects.toThrow('the checkpoint has state of "out"');
  });

  test("is told by the callback's sink what came before only once more", async () => {
    const seen: number[] = [];
    const env = (): StreamEnvironment => {
      const made = new StreamEnvironment();
      made
        .fromSource("numbers", batched({ splits: { a: [[1], [2], [3]] }, atEnd: silence }), { timestamp: (n) => n })
        .sinkTo(callbackSink((values) => void seen.push(...values)));
      return made;
    };
    const job = execute(env());
    await eventually(async () => seen.length === 3);
    const savepoint = await job.savepoint({ thenStop: true });
    const next = execute(env(), { restoreFrom: savepoint });
    await next.savepoint({ thenStop: true });
    expect(seen).toEqual([1, 2, 3]);
  });
});
