/** Whatever dies, and wherever, what others see of a two-phase sink is what a calm run shows (S11.x). */

import { describe, expect, test } from "@jest/globals";
import { limits } from "../../src/core/limits.ts";
import type { SinkCut } from "../../src/stream/sink-writer.ts";
import { TwoPhaseWriter } from "../../src/stream/two-phase-writer.ts";
import { MemoryTwoPhaseSink, SinkWorld } from "../support/memory-two-phase-sink.ts";

/** What a job does, and what becomes of its checkpoints: a digit adds that many values, and `|` is a barrier whose checkpoint is
 * completed; with `x` it fails once it is pre-committed, and with `~` it is completed after the next barrier. */
type Program = string;

interface Checkpoint {
  readonly values: number;
  /** How far the program has come. */
  readonly at: number;
  readonly transactions: readonly string[];
}

class Interruption extends Error {}

/** Runs the program over a world; the step with each of these numbers, counted over all lives, ends a life, or fails. */
class Job {
  readonly world = new SinkWorld<number>();
  readonly #program: Program;
  readonly #ends: ReadonlySet<number>;
  readonly #how: "dies" | "fails";
  #saved: Checkpoint = { values: 0, at: 0, transactions: [] };
  #writer: TwoPhaseWriter<number, string> | null = null;
  #steps = 0;
  readonly passed: string[] = [];

  constructor(program: Program, how: "dies" | "fails", ends: readonly number[] = []) {
    this.#program = program;
    this.#how = how;
    this.#ends = new Set(ends);
  }

  get steps(): number {
    return this.#steps;
  }

  async run(): Promise<this> {
    while (!(await this.#live()));
    return this;
  }

  async #live(): Promise<boolean> {
    try {
      if (this.#how === "dies") this.#writer = null; // a dead process keeps nothing
      this.#writer ??= new TwoPhaseWriter({
        sink: new MemoryTwoPhaseSink(this.world, (point) => this.#step(point)),
      });
      await this.#writer.recover(this.#saved.transactions);
      await this.#perform(this.#writer, this.#saved);
      return true;
    } catch (error) {
      if (error instanceof Interruption) return false;
      throw error;
    }
  }

  async #perform(writer: TwoPhaseWriter<number, string>, { at, values: from }: Checkpoint): Promise<void> {
    let values = from;
    let late: (() => Promise<void>) | null = null;
    for (const [index, act] of [...this.#program].entries()) {
      if (index < at) continue;
      if (/\d/.test(act)) {
        await writer.add(Array.from({ length: Number(act) }, () => ++values));
        continue;
      }
      const cut = writer.cut();
      const next = { values, at: index + 1 };
      const before = late;
      late = null;
      if (act === "~") late = () => this.#complete(cut, next);
      else if (act === "x") await cut.preCommitted;
      else await this.#complete(cut, next);
      await before?.();
    }
    await writer.close();
    if (writer.status().failure !== null) throw writer.status().failure;
  }

  async #complete(cut: SinkCut, at: Omit<Checkpoint, "transactions">): Promise<void> {
    const transactions = (await cut.preCommitted) as readonly string[];
    await this.#step("before save");
    if (at.at > this.#saved.at) this.#saved = { ...at, transactions };
    await this.#step("after save");
    cut.complete();
  }

  async #step(point: string): Promise<void> {
    this.passed.push(point);
    if (this.#ends.has(this.#steps++)) throw new Interruption(point);
  }
}

const PROGRAMS: readonly Program[] = ["12|3|", "2x3|1|", "1xx2x1|", "2~1|3|", "1~2~0~1|", "0|2|0|0|"];

describe.each(["dies", "fails"] as const)("a job that %s at any step of its sink or its checkpoints", (how) => {
  test.each(PROGRAMS)("shows what a calm run shows: %s", async (program) => {
    const calm = await new Job(program, how).run();
    const sum = [...program].reduce((total, act) => total + (/\d/.test(act) ? Number(act) : 0), 0);
    expect(calm.world.visible).toEqual(Array.from({ length: sum }, (_, i) => i + 1));
    for (let first = 0; first < calm.steps; first++) {
      const once = await new Job(program, how, [first]).run();
      expect({ first, ...once.world }).toMatchObject({ first, ...calm.world, begun: once.world.begun });
      for (let second = first + 1; second < once.steps; second++) {
        const twice = await new Job(program, how, [first, second]).run();
        expect({ first, second, ...twice.world }).toMatchObject({
          first,
          second,
          ...calm.world,
          begun: twice.world.begun,
        });
      }
    }
  });
});

describe("a two-phase writer", () => {
  async function opened(step?: (point: string) => Promise<void>) {
    const world = new SinkWorld<number>();
    const failures: unknown[] = [];
    const writer = new TwoPhaseWriter({
      sink: new MemoryTwoPhaseSink(world, step),
      failed: (error) => failures.push((error as Error).message),
    });
    await writer.recover([]);
    return { world, writer, failures };
  }

  test("shows nothing before the checkpoint is complete, and all of it then", async () => {
    const { world, writer } = await opened();
    await writer.add([1, 2]);
    const cut = writer.cut();
    await writer.add([3]);
    expect(await cut.preCommitted).toEqual(["t1"]);
    expect(world.visible).toEqual([]);
    cut.complete();
    await writer.close();
    expect(world.visible).toEqual([1, 2]);
  });

  test("begins no transaction where nothing was added", async () => {
    const { world, writer } = await opened();
    expect(await writer.cut().preCommitted).toEqual([]);
    expect(world.begun).toBe(0);
  });

  test("commits what a failed checkpoint pre-committed with the next one, which names both", async () => {
    const { world, writer } = await opened();
    await writer.add([1]);
    await writer.cut().preCommitted;
    await writer.add([2]);
    const next = writer.cut();
    expect(await next.preCommitted).toEqual(["t1", "t2"]);
    expect(writer.status()).toMatchObject({ open: 0, prepared: 2, committed: 0 });
    next.complete();
    await writer.close();
    expect(world.visible).toEqual([1, 2]);
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
    const { writer } = await opened((point) => (point === "before write" ? gate : Promise.resolve()));
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
    let isAway = false;
    const { world, writer, failures } = await opened(async (point) => {
      if (isAway && point.startsWith("before")) throw new Error("away");
    });
    await writer.add([1]);
    isAway = true;
    await expect(writer.cut().preCommitted).rejects.toThrow("away");
    await expect(writer.add([2])).rejects.toThrow("away");
    expect(() => writer.cut()).toThrow("away");
    await expect(writer.recover([])).rejects.toThrow("away");
    expect(failures).toEqual(["away"]);
    isAway = false;
    await writer.recover([]);
    await writer.add([1, 2]);
    const cut = writer.cut();
    await cut.preCommitted;
    cut.complete();
    await writer.close();
    expect(world.visible).toEqual([1, 2]);
  });

  test("refuses values before it was recovered: what an earlier process left would stay", async () => {
    const writer = new TwoPhaseWriter({ sink: new MemoryTwoPhaseSink(new SinkWorld()) });
    await expect(writer.add([1])).rejects.toThrow("never recovered");
  });
});
