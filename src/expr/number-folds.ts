/** Folds of numbers: counts, sums, averages, deviations and extremes. What they cannot use they pass over (S8.8, S10.9). */

import type { Json } from "../core/event.ts";
import { finite } from "./finite.ts";
import type { Aggregate, ValueFold } from "./value-fold.ts";

/** How many values there are: nulls are none. */
export const COUNT: Aggregate<number> = {
  fold: {
    create: () => 0,
    add: (count, value) => (value === null ? count : count + 1),
    merge: (earlier, later) => earlier + later,
    encode: (count) => count,
    decode: (json) => json as number,
  },
  result: (count) => count,
};

// ---- sums ----------------------------------------------------------------------------------------------------------

/**
 * A sum, and what rounding has lost of it (A. Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher
 * Summen, 1974): ten times 0.1 is 1.
 */
interface Total {
  sum: number;
  lost: number;
  count: number;
}

const TOTAL: ValueFold<Total> = {
  create: () => ({ sum: 0, lost: 0, count: 0 }),
  add(total, value) {
    if (typeof value !== "number") return total;
    addNumber(total, value);
    total.count++;
    return total;
  },
  merge(earlier, later) {
    addNumber(earlier, later.sum);
    earlier.lost += later.lost;
    earlier.count += later.count;
    return earlier;
  },
  encode: ({ sum, lost, count }) => [finiteOrNull(sum), finiteOrNull(lost), count],
  decode(json) {
    const [sum, lost, count] = json as readonly [Json, Json, number];
    return { sum: numberOrNaN(sum), lost: numberOrNaN(lost), count };
  },
};

function addNumber(total: Total, value: number): void {
  const sum = total.sum + value;
  total.lost += Math.abs(total.sum) >= Math.abs(value) ? total.sum - sum + value : value - sum + total.sum;
  total.sum = sum;
}

export const SUM: Aggregate<Total> = { fold: TOTAL, result: ({ sum, lost }) => finite(sum + lost) };

export const AVG: Aggregate<Total> = {
  fold: TOTAL,
  result: ({ sum, lost, count }) => (count === 0 ? null : finite((sum + lost) / count)),
};

// ---- deviation -----------------------------------------------------------------------------------------------------

/** The mean, and the sum of the squares of what the values differ from it. */
interface Moments {
  count: number;
  mean: number;
  squares: number;
}

/**
 * Value by value as B. P. Welford (Note on a method for calculating corrected sums of squares and products, 1962), two as
 * one as T. F. Chan, G. H. Golub and R. J. LeVeque (Updating formulae and a pairwise algorithm for computing sample
 * variances, 1979): squares of large numbers are never subtracted from each other.
 */
const MOMENTS: ValueFold<Moments> = {
  create: () => ({ count: 0, mean: 0, squares: 0 }),
  add(moments, value) {
    if (typeof value !== "number") return moments;
    const difference = value - moments.mean;
    moments.count++;
    moments.mean += difference / moments.count;
    moments.squares += difference * (value - moments.mean);
    return moments;
  },
  merge(earlier, later) {
    if (later.count === 0) return earlier;
    const count = earlier.count + later.count;
    const difference = later.mean - earlier.mean;
    earlier.mean += (difference * later.count) / count;
    earlier.squares += later.squares + difference * difference * ((earlier.count * later.count) / count);
    earlier.count = count;
    return earlier;
  },
  encode: ({ count, mean, squares }) => [count, finiteOrNull(mean), finiteOrNull(squares)],
  decode(json) {
    const [count, mean, squares] = json as readonly [number, Json, Json];
    return { count, mean: numberOrNaN(mean), squares: numberOrNaN(squares) };
  },
};

/** Of a sample, as SQL's STDDEV_SAMP: one value deviates from nothing, and has none. */
export const STDDEV: Aggregate<Moments> = {
  fold: MOMENTS,
  result: ({ count, squares }) => (count < 2 ? null : finite(Math.sqrt(squares / (count - 1)))),
};

/** What has once left the numbers does not come back to them, and JSON has no word for it. */
function finiteOrNull(number: number): Json {
  return Number.isFinite(number) ? number : null;
}

function numberOrNaN(json: Json): number {
  return typeof json === "number" ? json : Number.NaN;
}

// ---- extremes ------------------------------------------------------------------------------------------------------

/** Of the numbers, where there are any; otherwise of the texts. */
interface Extreme {
  number: number | null;
  text: string | null;
}

export const MIN = extreme((a, b) => a < b);
export const MAX = extreme((a, b) => a > b);

function extreme(isBetter: (a: number | string, b: number | string) => boolean): Aggregate<Extreme> {
  const take = (found: Extreme, { number, text }: Extreme): Extreme => {
    if (number !== null && (found.number === null || isBetter(number, found.number))) found.number = number;
    if (text !== null && (found.text === null || isBetter(text, found.text))) found.text = text;
    return found;
  };
  return {
    fold: {
      create: () => ({ number: null, text: null }),
      add(found, value) {
        if (typeof value === "number") return take(found, { number: value, text: null });
        return typeof value === "string" ? take(found, { number: null, text: value }) : found;
      },
      merge: take,
      encode: ({ number, text }) => [number, text],
      decode(json) {
        const [number, text] = json as readonly [number | null, string | null];
        return { number, text };
      },
    },
    result: ({ number, text }) => number ?? text,
  };
}
