import { describe, expect, test } from "@jest/globals";
import {
  callbackSink,
  execute,
  fileSink,
  fromArray,
  JobFailure,
  lineFormat,
  memorySnapshots,
  sequence,
  type ExecuteOptions,
  type Job,
} from "../../src/connect/index.ts";
import {
  StreamEnvironment,
  valueState,
  type DataStream,
  type ExternalSink,
  type Source,
} from "../../src/stream/index.ts";
import { eventually } from "../support/eventually.ts";
import { TestTime } from "../support/scheduler.ts";
import { batched, silence } from "./batched.ts";

interface Program {
  readonly source?: Source<number>;
  readonly steps?: (numbers: DataStream<number>) => DataStream<number>;
  readonly sink?: ExternalSink<number>;
  readonly options?: ExecuteOptions;
}

const TEN = fromArray([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);

function run({ source = TEN, steps = (numbers) => numbers, sink = callbackSink(() => {}), options }: Program): Job {
  const env = new StreamEnvironment();
  steps(env.fromSource("numbers", source, { timestamp: (n) => n }))
    .sinkTo(sink)
    .named("out");
  return execute(env, options);
}

function failingAt(value: number, times = Infinity): (numbers: DataStream<number>) => DataStream<number> {
  return (numbers) =>
    numbers.map((n) => {
      if (n === value && times-- > 0) throw new Error(`no ${value}`);
      return n;
    });
}

describe("a job that fails says of what, and where", () => {
  async function check(program: Program, expected: string): Promise<void> {
    const job = run(program);
    const failure = await job.finished.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(JobFailure);
    expect((failure as Error).message).toBe(expected);
    expect(job.status()).toMatchObject({ state: "failed", failure });
  }

  test("a function of the program: by the source's split, its position and the record", async () => {
    await check({ steps: failingAt(3) }, 'source numbers, split "0", at its beginning, record 3 from there: no 3');
    const source = batched({
      splits: {
        a: [
          [1, 2],
          [3, 4],
        ],
      },
    });
    await check(
      { source, steps: failingAt(4) },
      'source numbers, split "a", behind position 1, record 2 from there: no 4',
    );
  });

  test("a source", () =>
    check(
      {
        source: batched({
          splits: { a: [[1], [2]] },
          before: async (_, batch) => {
            if (batch === 1) throw new Error("unplugged");
          },
        }),
      },
      'source numbers, split "a", behind position 1: unplugged',
    ));

  test("a sink, also in its close", async () => {
    const failing = { write: async () => undefined, close: async () => Promise.reject(new Error("full")) };
    await check({ sink: { ...failing, write: failing.close } }, "sink out: full");
    await check({ sink: failing }, "sink out: full");
  });

  test("a checkpoint that cannot be stored", () => {
    const store = { ...memorySnapshots(), write: async () => Promise.reject(new Error("full")) };
    return check({ options: { checkpoints: { store } } }, "checkpoint 1: full");
  });

  test("state that is no JSON", () =>
    check(
      {
        steps: (numbers) =>
          numbers
            .keyBy(() => 0)
            .process(() => ({
              processElement: (_, context) => context.state(valueState<() => void>({ name: "calls" })).update(() => {}),
            })),
      },
      "the state of the task: state `calls` of process-1 holds a function, which a snapshot cannot hold; expected JSON",
    ));

  test("a source without splits", () =>
    check(
      { source: batched({ splits: {} }) },
      "the job: source numbers (batches of a test) has no split; expected at least one",
    ));
});

describe("a job that is refused at once", () => {
  test("has no source, or one that is fed by hand", () => {
    expect(() => execute(new StreamEnvironment())).toThrow("the graph has no source; expected at least one");
    const env = new StreamEnvironment();
    env.source("byHand");
    expect(() => execute(env)).toThrow("source byHand is fed by hand");
  });

  test("has no end, and nothing that would commit", () => {
    const sink = fileSink({ path: "nowhere", format: lineFormat<number>(String) });
    expect(() => run({ source: sequence({ from: 1 }), sink })).toThrow(
      "sink out commits with checkpoints, and source numbers has no end; expected `checkpoints`",
    );
  });

  test("is a batch without an end, or from a savepoint", async () => {
    expect(() => run({ source: sequence({ from: 1 }), options: { mode: "batch" } })).toThrow(
      "source numbers (sequence from 1) has no end; expected bounded sources in a batch",
    );
    const job = run({ source: batched({ splits: { a: [] }, atEnd: silence }) });
    const restoreFrom = await job.savepoint({ thenStop: true });
    expect(() => run({ options: { mode: "batch", restoreFrom } })).toThrow("a batch was to go on from a savepoint");
    expect(() => run({ options: { restoreFrom: { ...restoreFrom, format: 2 } } })).toThrow(
      "the checkpoint has format 2; expected 1",
    );
  });

  test.each([
    [{ parallelism: 1000 }, "the parallelism is 1000; expected a whole number from 1 to 128"],
    [{ creditsPerSplit: 0 }, "`creditsPerSplit` is 0"],
    [{ checkpoints: { store: memorySnapshots(), intervalMs: 0 } }, "the `intervalMs` of checkpoints is 0"],
    [{ checkpoints: { store: memorySnapshots(), minPauseMs: -1 } }, "the `minPauseMs` of checkpoints is -1"],
    [{ workers: { count: 0, program: "x" } }, "the `count` of workers is 0"],
    [{ checkpoints: { folder: "x" } }, "the `store` of checkpoints is undefined; expected what `folderSnapshots`"],
    [{ restart: { kind: "fixed" } }, 'the `kind` of `restart` is "fixed"; expected one of "none", "fixedDelay"'],
    [{ restart: { kind: "fixedDelay", attempts: 3 } }, "the `delayMs` of `restart` is undefined; expected a number"],
  ])("has settings that are none: %j", (options, message) => {
    expect(() => run({ options: options as ExecuteOptions })).toThrow(message);
  });
});

// S11.43, S11.44
describe("a job that is restarted", () => {
  const restart = { kind: "fixedDelay", attempts: 3, delayMs: 10 } as const;

  test("begins with its input again without checkpoints, so values may come twice", async () => {
    const seen: number[] = [];
    const source = batched({ splits: { a: [[1], [2], [3]] } });
    const job = run({
      source,
      steps: failingAt(3, 1),
      sink: callbackSink<number>((values) => void seen.push(...values)),
      options: { restart },
    });
    await expect(job.finished).resolves.toEqual({ end: "finished", restarts: 1 });
    expect(seen).toEqual([1, 2, 1, 2, 3]);
    expect(job.status().failure?.message).toContain("no 3");
  });

  test("goes on from the newest checkpoint, with its state", async () => {
    const sums: number[] = [];
    const job = run({
      source: batched({ splits: { a: [[1], [2], [3], [4], [5]] }, before: eventuallyCheckpointed }),
      steps: (numbers) =>
        failingAt(
          4,
          1,
        )(numbers)
          .keyBy(() => 0)
          .reduce((a, b) => a + b),
      sink: callbackSink<number>((values) => void sums.push(...values)),
      options: { restart, checkpoints: { store: memorySnapshots(), intervalMs: 1 } },
    });
    async function eventuallyCheckpointed(): Promise<void> {
      const before = job.status().checkpoints.completed;
      await eventually(async () => job.status().checkpoints.completed > before);
    }
    await expect(job.finished).resolves.toMatchObject({ restarts: 1 });
    expect(sums).toEqual([1, 3, 6, 10, 15]);
  });

  test("waits in between, and gives up as its strategy says", async () => {
    const clock = new TestTime();
    const job = run({ steps: failingAt(1), options: { restart, clock } });
    const failed = job.finished.catch((error: unknown) => (error as Error).message);
    for (const restarts of [0, 1, 2]) {
      await eventually(async () => job.status().state === "restarting");
      expect(job.status().restarts).toBe(restarts);
      await clock.goTo(clock.now() + 9);
      expect(job.status().state).toBe("restarting");
      await clock.goTo(clock.now() + 1);
    }
    expect(await failed).toContain("no 1");
    expect(job.status().restarts).toBe(3);
  });

  test("is canceled while it waits", async () => {
    const clock = new TestTime();
    const job = run({ steps: failingAt(1), options: { restart, clock } });
    await eventually(async () => job.status().state === "restarting");
    await job.cancel();
    await expect(job.finished).resolves.toMatchObject({ end: "canceled" });
  });
});

describe("a checkpoint that fails", () => {
  test("may, so often in a row; what it would have committed is the next one's", async () => {
    const kept = memorySnapshots();
    let writes = 0;
    const store = {
      ...kept,
      write: async (snapshot: Parameters<typeof kept.write>[0]) => {
        if (++writes % 3 !== 0) throw new Error("full");
        await kept.write(snapshot);
      },
    };
    const job = run({ options: { checkpoints: { store, tolerableFailures: 2 } } });
    await expect(job.finished).resolves.toMatchObject({ end: "finished" });
    expect(job.status().checkpoints).toMatchObject({ failed: 2 });
    const strict = run({ options: { checkpoints: { store, tolerableFailures: 1 } } });
    await expect(strict.finished).rejects.toThrow("full");
  });
});
