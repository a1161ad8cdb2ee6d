/** Whatever dies, and wherever, what others see of a two-phase sink is what a calm run shows. */

import { describe, expect, jest, test } from "@jest/globals";
import { limits } from "../../src/core/limits.ts";
import { TwoPhaseWriter } from "../../src/stream/sinks/two-phase-writer.ts";
import { MemoryTwoPhaseSink } from "../support/memory-two-phase-sink.ts";
import { runSinkJob, valuesIn } from "../support/sink-job.ts";

const PROGRAMS = ["12|3|", "2x3|1|", "1xx2x1|", "2~1|3|", "1~2~0~1|", "0|2|0|0|"];

describe.each(["dies", "fails"] as const)(
  "a job that %s at any one or two steps of its sink or its checkpoints",
  (how) => {
    test.each(PROGRAMS)("shows what a calm run shows, and leaves nothing prepared: %s", async (program) => {
      const calm = await run(program);
      expect(calm).toMatchObject({ visible: valuesIn(program), left: 0 });
      for (let first = 0; first < calm.steps; first++) {
        const once = await run(program, [first]);
        expect({ first, ...once }).toEqual({ first, ...calm, steps: once.steps });
        for (let second = first + 1; second < once.steps; second++) {
          const twice = await run(program, [first, second]);
          expect({ first, second, ...twice }).toEqual({ first, second, ...calm, steps: twice.steps });
        }
      }
    });

    async function run(program: string, ends: readonly number[] = []) {
      const sink = new MemoryTwoPhaseSink<number>();
      const steps = await runSinkJob({ program, how, ends, open: () => sink });
      return { steps, visible: sink.visible, left: sink.prepared.size + sink.open.size };
    }
  },
);

describe("a two-phase writer", () => {
  async function opened() {
    const sink = new MemoryTwoPhaseSink<number>();
    const failures: unknown[] = [];
    const writer = new TwoPhaseWriter({ sink, failed: (error) => failures.push((error as Error).message) });
    await writer.recover([]);
    return { sink, writer, failures };
  }

  test("shows nothing before the checkpoint is complete, and all of it then", async () => {
    const { sink, writer } = await opened();
    await writer.add([1, 2]);
    const cut = writer.cut();
    await writer.add([3]);
    expect(await cut.preCommitted).toEqual(["t1"]);
    expect(sink.visible).toEqual([]);
    await cut.complete();
    await writer.close();
    expect(sink.visible).toEqual([1, 2]);
  });

  test("begins no transaction where nothing was added", async () => {
    const { sink, writer } = await opened();
    expect(await writer.cut().preCommitted).toEqual([]);
    expect(sink.begun).toBe(0);
  });

  test("commits what a failed checkpoint pre-committed with the next one, which names both", async () => {
    const { sink, writer } = await opened();
    await writer.add([1]);
    await writer.cut().preCommitted;
    await writer.add([2]);
    const next = writer.cut();
    expect(await next.preCommitted).toEqual(["t1", "t2"]);
    expect(writer.status()).toMatchObject({ open: 0, prepared: 2, committed: 0 });
    await next.complete();
    await writer.close();
    expect(sink.visible).toEqual([1, 2]);
    expect(writer.status()).toMatchObject({ prepared: 0, committed: 2, aborted: 0 });
  });

  test("names nothing of a later cut in an earlier checkpoint", async () => {
    const { writer } = await opened();
    await writer.add([1]);
    const first = writer.cut();
    await writer.add([2]);
    const second = writer.cut();
    expect(await Promise.all([first.preCommitted, second.preCommitted])).toEqual([["t1"], ["t1", "t2"]]);
  });

  test("hands large amounts over in batches, and has whoever adds wait while too many values wait", async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { sink, writer } = await opened();
    jest.spyOn(sink, "write").mockReturnValue(gate);
    const values = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
    await writer.add(values(limits.sinkWaitingValuesMax));
    let hasRoom = false;
    const added = writer.add([1]).then(() => (hasRoom = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect({ hasRoom, waiting: writer.status().waiting }).toEqual({
      hasRoom: false,
      waiting: limits.sinkWaitingValuesMax + 1,
    });
    release();
    await added;
    expect(writer.status().waiting).toBeLessThan(limits.sinkBatchValuesMax);
  });

  test("works no more after a failure, which it tells once, until it is recovered", async () => {
    const { sink, writer, failures } = await opened();
    await writer.add([1]);
    const away = (["begin", "recover"] as const).map((call) =>
      jest.spyOn(sink, call).mockRejectedValue(new Error("away")),
    );
    await expect(writer.cut().preCommitted).rejects.toThrow("away");
    await expect(writer.add([2])).rejects.toThrow("away");
    expect(() => writer.cut()).toThrow("away");
    await expect(writer.recover([])).rejects.toThrow("away");
    expect(failures).toEqual(["away"]);
    for (const call of away) call.mockRestore();
    await writer.recover([]);
    await writer.add([1, 2]);
    const cut = writer.cut();
    await cut.preCommitted;
    await cut.complete();
    await writer.close();
    expect(sink.visible).toEqual([1, 2]);
  });

  test("refuses values before it was recovered: what an earlier process left would stay", async () => {
    const writer = new TwoPhaseWriter({ sink: new MemoryTwoPhaseSink() });
    await expect(writer.add([1])).rejects.toThrow("never recovered");
  });
});
