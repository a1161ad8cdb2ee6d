import { describe, expect, test } from "@jest/globals";
import { sequence, type SequenceOptions } from "../../../src/connect/index.ts";
import { readAll, readsOnFromAnywhere } from "./reading.ts";

/** The numbers of each split. */
async function check(options: SequenceOptions, expected: readonly (readonly number[])[]): Promise<void> {
  const source = sequence(options);
  const splits = await source.splits();
  const read = await Promise.all(splits.map((split) => readAll(source, { split })));
  expect(read.map(({ values }) => values)).toEqual(expected);
  expect(await readsOnFromAnywhere(source)).toBe(true);
}

describe("a sequence", () => {
  test("counts up to its end, and goes on where it was", () => check({ from: -1, to: 3 }, [[-1, 0, 1, 2, 3]]));

  test("may be empty", () => check({ from: 1, to: 0 }, [[]]));

  test("is divided into stretches", async () => {
    await check({ from: 1, to: 7, splits: 3 }, [
      [1, 2],
      [3, 4],
      [5, 6, 7],
    ]);
    await check({ from: 1, to: 2, splits: 3 }, [[], [1], [2]]);
  });

  test("without an end begins at once", async () => {
    const { signal } = new AbortController();
    const reading = sequence({ from: 10 }).read({ split: "0", from: null, signal })[Symbol.asyncIterator]();
    const { value } = await reading.next();
    expect(value.values.slice(0, 3)).toEqual([10, 11, 12]);
    await reading.return?.();
  });

  test("refuses what is no sequence", () => {
    expect(() => sequence({ from: 0.5 })).toThrow("the sequence is from 0.5 to Infinity; expected whole numbers");
    expect(() => sequence({ from: 0, splits: 2 })).toThrow("a sequence without an end was to be divided into 2 splits");
    expect(() => sequence({ from: 0, to: 9, splits: 0 })).toThrow("the `splits` of a sequence is 0");
  });
});
