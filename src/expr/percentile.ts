/** `percentile(x, p)`: exact over a few numbers, and to 1 % of the result from there on (S10.12). */

import type { Json } from "../core/event.ts";
import {
  addNumber,
  countOf,
  createSketch,
  decodeSketch,
  encodeSketch,
  mergeSketch,
  type Sketch,
  valueAt,
} from "./dd-sketch.ts";
import type { Value } from "./types.ts";
import type { ValueFold } from "./value-fold.ts";

/** The numbers themselves, until there are too many of them. */
export type Numbers =
  { readonly few: number[]; readonly sketch: null } | { readonly few: null; readonly sketch: Sketch };

/** One for all percentiles of the same numbers. */
export function percentileFold({ exactMax }: { readonly exactMax: number }): ValueFold<Numbers> {
  const take = (numbers: Numbers, number: number): Numbers => {
    if (numbers.few === null) {
      addNumber(numbers.sketch, number);
      return numbers;
    }
    numbers.few.push(number);
    return numbers.few.length > exactMax ? sketched(numbers.few) : numbers;
  };
  return {
    create: () => ({ few: [], sketch: null }),
    add: (numbers, value) => (typeof value === "number" ? take(numbers, value) : numbers),
    merge(earlier, later) {
      if (later.few !== null) return later.few.reduce(take, earlier);
      const whole = earlier.few === null ? earlier : sketched(earlier.few);
      mergeSketch(whole.sketch, later.sketch);
      return whole;
    },
    encode: ({ few, sketch }) => (few === null ? encodeSketch(sketch) : few.slice()),
    decode: (json: Json) =>
      Array.isArray(json)
        ? { few: (json as readonly number[]).slice(), sketch: null }
        : { few: null, sketch: decodeSketch(json) },
  };
}

function sketched(numbers: readonly number[]): { readonly few: null; readonly sketch: Sketch } {
  const sketch = createSketch();
  for (const number of numbers) addNumber(sketch, number);
  return { few: null, sketch };
}

/** By nearest rank (S8.15): the least of the numbers that `percent` of them do not exceed. */
export function percentileOf({ few, sketch }: Numbers, percent: number): Value {
  const count = few === null ? countOf(sketch) : few.length;
  if (count === 0) return null;
  // 99.9 % of 1000 is rank 999, whatever binary fractions make of it.
  const rank = Math.max(1, Math.ceil((percent * count) / 100 - 1e-9));
  return few === null ? valueAt(sketch, rank) + 0 : few.toSorted((a, b) => a - b)[rank - 1]! + 0;
}
