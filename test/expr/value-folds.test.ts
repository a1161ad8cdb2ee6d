/**
 * Every aggregate of a window, against what is plainly worked out over all values: folded in any pieces, put together in any
 * grouping, and through JSON at any point. SEED takes the seed that a failure prints.
 */

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { canonicalJson } from "../../src/core/canonical-json.ts";
import { WINDOW_AGGREGATES } from "../../src/expr/aggregates.ts";
import type { Value } from "../../src/expr/types.ts";
import type { Aggregate } from "../../src/expr/value-fold.ts";

const { SEED } = process.env;
const parameters = { numRuns: 300, ...(SEED === undefined ? {} : { seed: Number(SEED) }) };

const number = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.constantFrom(0, -0, 0.1, 1e15, -1e-9),
);
const value: fc.Arbitrary<Value> = fc.oneof(
  { weight: 5, arbitrary: number },
  fc.constantFrom<Value>(null, true, false, "a", "b", "ä", "10", ["a", 1], { x: 1 }, { x: 1, y: null }),
);
const values = fc.array(value, { maxLength: 40 });

const numbersOf = (all: readonly Value[]): number[] => all.filter((one) => typeof one === "number");
const present = (all: readonly Value[]): Value[] => all.filter((one) => one !== null);
const different = (all: readonly Value[]): Value[] => {
  const texts = present(all).map(canonicalJson);
  return present(all).filter((_, index) => texts.indexOf(texts[index]!) === index);
};

const orNull = (items: readonly Value[]): Value => (items.length === 0 ? null : items);
/** Exact in as many digits as it takes. */
const exactSum = (all: readonly number[]): number => Number(all.reduce((sum, one) => sum + scaled(one), 0n)) / 2 ** 40;
const scaled = (one: number): bigint => BigInt(Math.round(one * 2 ** 20)) << 20n;

function extreme(all: readonly Value[], pick: (...numbers: number[]) => number, end: 0 | -1): Value {
  const numbers = numbersOf(all);
  if (numbers.length > 0) return pick(...numbers);
  return (
    all
      .filter((one) => typeof one === "string")
      .sort()
      .at(end) ?? null
  );
}

function deviation(numbers: readonly number[]): Value {
  if (numbers.length < 2) return null;
  const mean = numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  return Math.sqrt(numbers.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (numbers.length - 1));
}

function rank(numbers: readonly number[], percent: number): Value {
  const least = numbers
    .toSorted((a, b) => a - b)
    .find((one) => {
      return numbers.filter((other) => other <= one).length * 100 >= percent * numbers.length;
    });
  return least ?? null;
}

/** What each comes to over all values at once. */
const PLAIN: Readonly<Record<string, (all: readonly Value[]) => Value>> = {
  count: (all) => present(all).length,
  sum: (all) => numbersOf(all).reduce((sum, one) => sum + one, 0),
  avg: (all) =>
    numbersOf(all).length === 0 ? null : numbersOf(all).reduce((a, b) => a + b, 0) / numbersOf(all).length,
  min: (all) => extreme(all, Math.min, 0),
  max: (all) => extreme(all, Math.max, -1),
  stddev: (all) => deviation(numbersOf(all)),
  first: (all) => present(all)[0] ?? null,
  last: (all) => present(all).at(-1) ?? null,
  list: orNull,
  distinct: (all) => orNull(different(all)),
  count_distinct: (all) => different(all).length || null,
  percentile: (all) => rank(numbersOf(all), 90),
};

function aggregateOf(name: string): Aggregate {
  return WINDOW_AGGREGATES.get(name)!(90);
}

function folded({ fold }: Aggregate, all: readonly Value[]): unknown {
  return all.reduce<unknown>((accumulator, one) => fold.add(accumulator, one), fold.create());
}

/** As it leaves: JSON does not tell -0 from 0. */
const written = (one: unknown): unknown => JSON.parse(JSON.stringify(one));

/** Sums of the same numbers in another grouping differ in their last digits. */
function expectAlike(actual: Value, expected: Value, all: readonly Value[]): void {
  const size = Math.max(1, ...numbersOf(all).map(Math.abs));
  const near = typeof actual === "number" && typeof expected === "number" && Math.abs(actual - expected) <= size * 1e-7;
  expect(near ? written(expected) : written(actual)).toEqual(written(expected));
}

describe("S10.8, S8.8: every aggregate", () => {
  test("is among those that are worked out plainly here", () => {
    expect(Object.keys(PLAIN).sort()).toEqual([...WINDOW_AGGREGATES.keys()].sort());
  });

  describe.each(Object.keys(PLAIN))("%s", (name) => {
    const aggregate = aggregateOf(name);
    const { fold, result } = aggregate;

    test("comes to what it is over all values", () => {
      fc.assert(
        fc.property(values, (all) => expectAlike(result(folded(aggregate, all)), PLAIN[name]!(all), all)),
        parameters,
      );
    });

    test("is the same in pieces, however they are put together, and leaves the later piece as it is", () => {
      fc.assert(
        fc.property(values, values, values, (a, b, c) => {
          const all = [...a, ...b, ...c];
          const [second, third] = [folded(aggregate, b), folded(aggregate, c)];
          const before = JSON.stringify([fold.encode(second), fold.encode(third)]);
          const left = fold.merge(fold.merge(folded(aggregate, a), second), third);
          expect(JSON.stringify([fold.encode(second), fold.encode(third)])).toBe(before);
          const right = fold.merge(folded(aggregate, a), fold.merge(second, third));
          expectAlike(result(left), PLAIN[name]!(all), all);
          expectAlike(result(right), PLAIN[name]!(all), all);
        }),
        parameters,
      );
    });

    test("goes on from JSON as if nothing had been, bit by bit", () => {
      fc.assert(
        fc.property(values, values, (a, b) => {
          const restored = fold.decode(JSON.parse(JSON.stringify(fold.encode(folded(aggregate, a)))) as Value);
          const gone = b.reduce<unknown>((accumulator, one) => fold.add(accumulator, one), restored);
          const whole = folded(aggregate, [...a, ...b]);
          expect(written([fold.encode(gone), result(gone)])).toEqual(written([fold.encode(whole), result(whole)]));
        }),
        parameters,
      );
    });

    test("gives a result that does not change with it", () => {
      const accumulator = folded(aggregate, [1, "a", 2]);
      const then = result(accumulator);
      const copy = structuredClone(then);
      fold.add(accumulator, 5);
      expect(then).toEqual(copy);
    });
  });
});

describe("numbers", () => {
  const of = (name: string, all: readonly Value[]): Value => aggregateOf(name).result(folded(aggregateOf(name), all));

  test("S10.9: rounding is not lost sight of in a sum", () => {
    expect(
      of(
        "sum",
        Array.from({ length: 10 }, () => 0.1),
      ),
    ).toBe(1);
    expect(of("sum", [1e16, 1, -1e16])).toBe(1);
    expect(of("avg", [1e16, 1, -1e16, 1])).toBe(0.5);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), { maxLength: 50 }), (whole) => {
        const numbers = whole.map((one) => one / 2 ** 20);
        expect(of("sum", numbers)).toBe(exactSum(numbers));
      }),
      parameters,
    );
  });

  test("S10.9: a deviation of large numbers is that of what they differ by", () => {
    expect(of("stddev", [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])).toBe(Math.sqrt(30));
    const { fold, result } = aggregateOf("stddev");
    const halves = [
      [1e9 + 4, 1e9 + 7],
      [1e9 + 13, 1e9 + 16],
    ].map((half) => folded(aggregateOf("stddev"), half));
    expect(result(fold.merge(halves[0], halves[1]))).toBeCloseTo(Math.sqrt(30), 6);
  });

  test("S8.3: a result that is not finite is null, and stays so through JSON", () => {
    for (const name of ["sum", "avg", "stddev"]) {
      const { fold, result } = aggregateOf(name);
      const accumulator = folded(aggregateOf(name), [1e308, 1e308, -1e308, 1.7e308, -1.7e308]);
      expect([name, result(accumulator)]).toEqual([name, null]);
      const restored = fold.decode(JSON.parse(JSON.stringify(fold.encode(accumulator))) as Value);
      expect(result(fold.add(restored, 1))).toBe(null);
    }
  });
});
