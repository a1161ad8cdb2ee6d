/** What keeps a window small: estimates with their errors, and lists with their limits. SEED takes the seed that a failure prints. */

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { limits } from "../../src/core/limits.ts";
import { WINDOW_AGGREGATES } from "../../src/expr/aggregates.ts";
import type { Value } from "../../src/expr/types.ts";
import type { Aggregate } from "../../src/expr/value-fold.ts";

const { SEED } = process.env;
const parameters = { numRuns: 60, ...(SEED === undefined ? {} : { seed: Number(SEED) }) };

const aggregateOf = (name: string, percent = 0): Aggregate => WINDOW_AGGREGATES.get(name)!(percent);

function folded({ fold }: Aggregate, values: Iterable<Value>): unknown {
  let accumulator = fold.create();
  for (const value of values) accumulator = fold.add(accumulator, value);
  return accumulator;
}

function* texts(from: number, to: number): Generator<string> {
  for (let i = from; i < to; i++) yield `user-${i}`;
}

describe("S10.11: count_distinct", () => {
  const aggregate = aggregateOf("count_distinct");
  const { fold, result } = aggregate;
  const STANDARD_ERROR = 1.04 / Math.sqrt(2 ** 14);

  test("is exact as far as it says", () => {
    const accumulator = folded(aggregate, [...texts(0, 4096), ...texts(0, 4096)]);
    expect([limits.distinctValuesExactMax, result(accumulator)]).toEqual([4096, 4096]);
  });

  test.each([4097, 10_000, 30_000, 100_000])("of %d values is off by no more than three standard errors", (count) => {
    const estimate = result(folded(aggregate, texts(0, count))) as number;
    expect(Math.abs(estimate - count) / count).toBeLessThan(3 * STANDARD_ERROR);
  });

  test("is off by about the standard error that it states", () => {
    const errors = Array.from({ length: 40 }, (_, i) => {
      const from = (i + 1) * 1_000_000;
      return (result(folded(aggregate, texts(from, from + 5000))) as number) / 5000 - 1;
    });
    const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
    expect(deviation).toBeLessThan(1.5 * STANDARD_ERROR);
  });

  test("gives in every version what it gave in the first, because snapshots hold it", () => {
    expect([5000, 50_000].map((count) => result(folded(aggregate, texts(0, count))))).toEqual([4959, 50_190]);
  });

  test("is the same however its pieces overlap and are put together", () => {
    const bound = fc.nat(7000);
    fc.assert(
      fc.property(fc.array(fc.tuple(bound, bound), { minLength: 1, maxLength: 4 }), (ranges) => {
        const pieces = (): unknown[] =>
          ranges.map(([a, b]) => folded(aggregate, texts(Math.min(a, b), Math.max(a, b))));
        const left = pieces().reduce((sum, piece) => fold.merge(sum, piece));
        const right = pieces().reduceRight((sum, piece) => fold.merge(piece, sum));
        const whole = folded(
          aggregate,
          ranges.flatMap(([a, b]) => [...texts(Math.min(a, b), Math.max(a, b))]),
        );
        expect([result(left), result(right)]).toEqual([result(whole), result(whole)]);
        expect(result(fold.decode(JSON.parse(JSON.stringify(fold.encode(left))) as Value))).toEqual(result(whole));
      }),
      { ...parameters, numRuns: 20 },
    );
  });

  test("does not hold long values", () => {
    const long = Array.from({ length: 10 }, (_, i) => "x".repeat(100_000) + i);
    const accumulator = folded(aggregate, [...long, ...long]);
    expect(result(accumulator)).toBe(10);
    expect(JSON.stringify(fold.encode(accumulator)).length).toBeLessThan(1000);
  });
});

describe("S10.12: percentile", () => {
  const { fold } = aggregateOf("percentile");
  const at = (accumulator: unknown, percent: number): Value => aggregateOf("percentile", percent).result(accumulator);
  const nearestRank = (sorted: readonly number[], percent: number): number =>
    sorted[Math.max(1, Math.ceil((percent * sorted.length) / 100 - 1e-9)) - 1]!;

  const magnitude = fc.double({ min: -8, max: 8, noNaN: true });
  const number = fc.oneof(
    magnitude.map((exponent) => 10 ** exponent),
    magnitude.map((exponent) => -(10 ** exponent)),
    fc.constant(0),
    fc.integer({ min: -100, max: 100 }),
  );
  const many = fc.array(number, { minLength: 300, maxLength: 900 });

  test("is one of the numbers while there are few", () => {
    const few = folded(aggregateOf("percentile"), [5, 1, "x", 4, null, 2, 3]);
    expect([0, 20, 20.1, 50, 99, 100].map((percent) => at(few, percent))).toEqual([1, 1, 2, 3, 5, 5]);
    const thousand = Array.from({ length: limits.percentileValuesExactMax }, (_, i) => i + 1);
    expect(at(folded(aggregateOf("percentile"), thousand), 50)).toBe(128);
  });

  test("of many is within 1 % of what it is by nearest rank, and the ends are exact", () => {
    fc.assert(
      fc.property(many, (numbers) => {
        const accumulator = folded(aggregateOf("percentile"), numbers);
        const sorted = numbers.toSorted((a, b) => a - b);
        for (const percent of [0.1, 1, 10, 25, 50, 75, 90, 99, 99.9]) {
          const exact = nearestRank(sorted, percent);
          expect(Math.abs((at(accumulator, percent) as number) - exact)).toBeLessThanOrEqual(
            Math.abs(exact) * 0.01 * (1 + 1e-9),
          );
        }
        expect(at(accumulator, 100)).toBe(sorted.at(-1));
      }),
      parameters,
    );
  });

  test("is the same in pieces, however they are put together, and from JSON", () => {
    const binsOf = (accumulator: unknown): unknown =>
      JSON.parse(JSON.stringify(fold.encode(accumulator)), (_, value: unknown) =>
        Array.isArray(value) && Array.isArray(value[0]) ? value.toSorted((a, b) => Number(a[0]) - Number(b[0])) : value,
      );
    const huge = fc.double({ noNaN: true, noDefaultInfinity: true });
    const piece = fc.array(fc.oneof(number, huge), { maxLength: 400 });
    fc.assert(
      fc.property(piece, piece, many, (a, b, c) => {
        const pieces = (): [unknown, unknown, unknown] => [
          folded(aggregateOf("percentile"), a),
          folded(aggregateOf("percentile"), b),
          folded(aggregateOf("percentile"), c),
        ];
        const [a1, b1, c1] = pieces();
        const [a2, b2, c2] = pieces();
        const whole = binsOf(folded(aggregateOf("percentile"), [...a, ...b, ...c]));
        expect(binsOf(fold.merge(fold.merge(a1, b1), c1))).toEqual(whole);
        const restored = fold.decode(JSON.parse(JSON.stringify(fold.encode(b2))) as Value);
        expect(binsOf(fold.merge(a2, fold.merge(restored, c2)))).toEqual(whole);
      }),
      parameters,
    );
  });

  test("forgets the small before the large, when the numbers are too far apart", () => {
    const numbers = Array.from({ length: 6000 }, (_, i) => 10 ** (i / 10 - 300));
    const accumulator = folded(aggregateOf("percentile"), [...numbers, ...numbers.map((one) => -one)]);
    const sorted = [...numbers.map((one) => -one), ...numbers].sort((a, b) => a - b);
    for (const percent of [0.5, 1, 99, 99.5]) {
      const exact = nearestRank(sorted, percent);
      expect(Math.abs((at(accumulator, percent) as number) / exact - 1)).toBeLessThan(0.01);
    }
    const { positive, negative } = fold.encode(accumulator) as {
      positive: readonly Value[];
      negative: readonly Value[];
    };
    expect(Math.max(positive.length, negative.length)).toBeLessThanOrEqual(limits.percentileBinsMax);
  });
});

describe("S10.10: list and distinct", () => {
  const fits = limits.windowItemsMax;

  test.each(["list", "distinct"])("%s takes in as many items as it says, and tells that there were more", (name) => {
    const aggregate = aggregateOf(name);
    const { fold, result } = aggregate;
    const full = folded(
      aggregate,
      Array.from({ length: fits }, (_, i) => i),
    );
    expect([(result(full) as readonly Value[]).length, fold.isCut!(full)]).toEqual([fits, false]);
    const over = fold.add(full, -1);
    expect([(result(over) as readonly Value[]).at(-1), fold.isCut!(over)]).toEqual([fits - 1, true]);
    expect(fold.isCut!(fold.decode(JSON.parse(JSON.stringify(fold.encode(over))) as Value))).toBe(true);
  });

  test.each(["list", "distinct"])("%s takes in nothing after what did not fit, in whatever pieces", (name) => {
    const aggregate = aggregateOf(name);
    const { fold, result } = aggregate;
    const third = (letter: string): string => letter.repeat(limits.windowItemsCharsMax / 3);
    const items = [third("a"), third("b"), third("c"), "d"];
    expect(result(folded(aggregate, items))).toEqual(items.slice(0, 2));
    const pieces = items.map((item) => folded(aggregate, [item]));
    const both = fold.merge(fold.merge(pieces[0], pieces[1]), fold.merge(pieces[2], pieces[3]));
    expect([result(both), fold.isCut!(both)]).toEqual([items.slice(0, 2), true]);
  });
});
