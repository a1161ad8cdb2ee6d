import { describe, expect, test } from "@jest/globals";
import { execute, fromArray, memorySnapshots, sequence, type Job } from "../../src/connect/index.ts";
import {
  ascendingTimestamps,
  StreamEnvironment,
  tumblingWindows,
  type IdempotentSink,
} from "../../src/stream/index.ts";
import { eventually } from "../support/eventually.ts";

function collecting<T>(into: T[]): IdempotentSink<T> {
  return { write: async (values) => void into.push(...values), close: async () => undefined };
}

// S11.40
describe("a job over bounded input", () => {
  test.each(["streaming", "batch", "automatic"] as const)(
    "reads all of it, and fires what is open (%s)",
    async (mode) => {
      const env = new StreamEnvironment();
      const seen: number[] = [];
      env
        .fromSource("numbers", fromArray([1, 2, 3, 11, 12, 25]), {
          timestamp: (n) => n,
          watermarks: ascendingTimestamps(),
        })
        .keyBy(() => 0)
        .window(tumblingWindows({ size: 10 }))
        .reduce((a, b) => a + b)
        .sinkTo(collecting(seen));
      await expect(execute(env, { mode }).finished).resolves.toEqual({ end: "finished", restarts: 0 });
      expect(seen).toEqual([6, 23, 25]);
    },
  );

  test("reads splits side by side, and each record once", async () => {
    const env = new StreamEnvironment();
    const seen: number[] = [];
    env
      .fromSource("numbers", sequence({ from: 1, to: 10_000, splits: 3 }), { timestamp: (n) => n })
      .sinkTo(collecting(seen));
    await execute(env).finished;
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 10_000 }, (_, i) => i + 1));
  });
});

describe("an unbounded job", () => {
  test("goes on from a savepoint", async () => {
    const seen: number[] = [];
    const make = (): StreamEnvironment => {
      const env = new StreamEnvironment();
      env
        .fromSource("numbers", sequence({ from: 1 }), { timestamp: (n) => n })
        .sinkTo(collecting(seen))
        .named("sink");
      return env;
    };
    const job: Job = execute(make());
    await eventually(async () => seen.length > 1000);
    const savepoint = await job.savepoint({ thenStop: true });
    await expect(job.finished).resolves.toEqual({ end: "stopped", restarts: 0 });
    const before = seen.length;
    const next = execute(make(), { restoreFrom: savepoint, checkpoints: { store: memorySnapshots(), intervalMs: 5 } });
    await eventually(async () => seen.length > before);
    await next.cancel();
    expect(next.status().state).toBe("canceled");
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, i) => i + 1));
  });
});
