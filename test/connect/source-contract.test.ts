/** What a source of one's own gives: refused where it cannot be, and found again by its names whatever they are. */

import { describe, expect, test } from "@jest/globals";
import { execute, memorySnapshots } from "../../src/connect/index.ts";
import { StreamEnvironment, type Source, type SourceBatch } from "../../src/stream/index.ts";
import { eventually } from "../support/eventually.ts";
import { MemoryTwoPhaseSink } from "../support/memory-two-phase-sink.ts";
import { batched, silence } from "./batched.ts";

const wrong = (value: unknown): never => value as never;

function giving(batch: unknown, splits: readonly string[] = ["a"]): Source<unknown> {
  return {
    does: "a source of one's own",
    boundedness: "bounded",
    isReplayable: true,
    splits: () => splits,
    async *read() {
      yield wrong(batch) as SourceBatch<unknown>;
    },
  };
}

async function run(source: Source<unknown>): Promise<unknown[]> {
  const env = new StreamEnvironment();
  const seen: unknown[] = [];
  env.fromSource("mine", source).sinkTo((value) => void seen.push(value));
  await execute(env).finished;
  return seen;
}

describe("what is no batch is refused, with the split", () => {
  test.each<[what: string, batch: unknown, message: string]>([
    ["nothing", undefined, "a batch has undefined for its values; expected an array"],
    ["one value", { values: 1, position: 1 }, "a batch has 1 for its values; expected an array"],
    ["no position", { values: [1] }, "the position behind a batch holds a undefined, which a snapshot cannot hold"],
    ["a position of NaN", { values: [1], position: NaN }, "the position behind a batch holds NaN"],
    ["a position in a class", { values: [1], position: { at: new Date(0) } }, "holds a Date at .at, which a snapshot"],
    [
      "too few timestamps",
      { values: [1, 2], timestamps: [5], position: 1 },
      "a batch has 2 values and 1 timestamps; expected one of each",
    ],
  ])("%s", async (_, batch, message) => {
    await expect(run(giving(batch))).rejects.toThrow(`source mine, split "a", at its beginning: `);
    await expect(run(giving(batch))).rejects.toThrow(message);
  });

  test("two splits of one name", async () => {
    await expect(run(giving({ values: [], position: 0 }, ["a", "b", "a"]))).rejects.toThrow(
      `source mine (a source of one's own) has two splits "a"; expected each name once`,
    );
  });
});

/** Reads half, with a savepoint to stop, and then the rest from there. */
async function inTwoLives(make: (atEnd?: typeof silence) => StreamEnvironment): Promise<void> {
  const job = execute(make(silence), { checkpoints: { store: memorySnapshots() } });
  await eventually(async () => job.status().edges[0]?.records === 2);
  const savepoint = await job.savepoint({ thenStop: true });
  await execute(make(), { restoreFrom: JSON.parse(JSON.stringify(savepoint)) as typeof savepoint }).finished;
}

// S11.43
test("a position that the source goes on to change is where it was", async () => {
  const sink = new MemoryTwoPhaseSink<number>();
  await inTwoLives((atEnd) => {
    const env = new StreamEnvironment();
    const position = { at: 0 };
    const source: Source<number, { at: number }> = {
      does: "one object for all positions",
      boundedness: "bounded",
      isReplayable: true,
      splits: () => ["a"],
      async *read({ from, signal }) {
        position.at = from?.at ?? 0;
        while (position.at < 4) {
          if (position.at === 2 && atEnd !== undefined) {
            position.at = 3;
            return await atEnd(signal);
          }
          yield { values: [position.at++], position };
        }
      },
    };
    env.fromSource("mine", source).sinkTo(sink).named("out");
    return env;
  });
  expect(sink.visible).toEqual([0, 1, 2, 3]);
});

describe("names are no properties of objects", () => {
  test.each(["__proto__", "constructor"])("a source, a split and a sink are named %s", async (name) => {
    const sink = new MemoryTwoPhaseSink<number>();
    await inTwoLives((atEnd) => {
      const env = new StreamEnvironment();
      const splits = Object.fromEntries([[name, [[1], [2], ...(atEnd === undefined ? [[3]] : [])]]]);
      const source = batched<number>(atEnd === undefined ? { splits } : { splits, atEnd });
      env
        .fromSource(name, source)
        .union(env.fromSource("other", batched<number>({ splits: { a: [] } })))
        .sinkTo(sink)
        .named(`${name} `);
      return env;
    });
    expect(sink.visible).toEqual([1, 2, 3]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test("a sink of two phases is named after what every object has", async () => {
    const env = new StreamEnvironment();
    const sink = new MemoryTwoPhaseSink<number>();
    env
      .fromSource("numbers", batched({ splits: { a: [[1]] } }))
      .sinkTo(sink)
      .named("constructor");
    await execute(env).finished;
    expect(sink.visible).toEqual([1]);
  });
});
