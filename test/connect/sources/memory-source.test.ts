import { describe, expect, test } from "@jest/globals";
import { fromArray, fromIterable } from "../../../src/connect/index.ts";
import { readAll, readsOnFromAnywhere } from "./reading.ts";

const numbers = Array.from({ length: 1200 }, (_, i) => i);

async function* slowly(): AsyncGenerator<number> {
  for (const number of numbers.slice(0, 5)) {
    yield number;
    if (number % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("fromArray", () => {
  test("reads it in batches, from any of its positions", async () => {
    expect(await readAll(fromArray(numbers))).toEqual({ values: numbers, positions: [500, 1000, 1200] });
    expect(await readsOnFromAnywhere(fromArray(numbers))).toBe(true);
    expect(await readAll(fromArray([]))).toEqual({ values: [], positions: [] });
  });
});

describe("fromIterable", () => {
  test("reads a set, and what a function makes, from any position", async () => {
    expect((await readAll(fromIterable(new Set(numbers)))).values).toEqual(numbers);
    expect(await readsOnFromAnywhere(fromIterable(new Set(numbers)))).toBe(true);
    expect(await readsOnFromAnywhere(fromIterable(() => numbers.values()))).toBe(true);
  });

  test("reads what comes asynchronously, and a value does not wait for the next", async () => {
    const { values, positions } = await readAll(fromIterable(slowly));
    expect(values).toEqual([0, 1, 2, 3, 4]);
    expect(positions.length).toBeGreaterThan(1);
    expect(await readsOnFromAnywhere(fromIterable(slowly))).toBe(true);
  });

  test("knows what cannot be read again", () => {
    expect(fromIterable(numbers).isReplayable).toBe(true);
    expect(fromIterable(() => slowly()).isReplayable).toBe(true);
    expect(fromIterable(numbers.values()).isReplayable).toBe(false);
    expect(fromIterable(slowly()).isReplayable).toBe(false);
  });

  test("is read once, if it is an iterator that is under way", async () => {
    const once = fromIterable(numbers.slice(0, 3).values());
    expect((await readAll(once)).values).toEqual([0, 1, 2]);
    await expect(readAll(once)).rejects.toMatchObject({ code: "not-replayable" });
    await expect(readAll(fromIterable(slowly()), { from: 2 })).rejects.toMatchObject({ code: "not-replayable" });
  });

  test("fails as what is iterated fails, also while nobody asks", async () => {
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      throw new Error("no more");
    }
    await expect(readAll(fromIterable(failing))).rejects.toThrow("no more");
  });
});
