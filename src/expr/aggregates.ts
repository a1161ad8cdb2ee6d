/** Every aggregate by its name. Those of a match go over events that are there, and are exact; those of a window are bounded. */

import { limits } from "../core/limits.ts";
import { countDistinct } from "./cardinality.ts";
import { distinct, FIRST, LAST, list, type ItemLimits } from "./item-folds.ts";
import { AVG, COUNT, MAX, MIN, STDDEV, SUM } from "./number-folds.ts";
import { percentileFold, percentileOf } from "./percentile.ts";
import type { Aggregate } from "./value-fold.ts";

/** `percent` is the second argument of `percentile`, and means nothing to the others. */
export type Aggregates = ReadonlyMap<string, (percent: number) => Aggregate>;

export const MATCH_AGGREGATES: Aggregates = new Map(
  Object.entries(
    aggregates({
      items: { items: Infinity, chars: Infinity },
      distinctValuesExactMax: Infinity,
      percentileValuesExactMax: Infinity,
    }),
  ),
);

export const WINDOW_AGGREGATES: Aggregates = new Map(
  Object.entries({
    ...aggregates({
      items: { items: limits.windowItemsMax, chars: limits.windowItemsCharsMax },
      distinctValuesExactMax: limits.distinctValuesExactMax,
      percentileValuesExactMax: limits.percentileValuesExactMax,
    }),
    first: () => FIRST,
    last: () => LAST,
  }),
);

interface Bounds {
  readonly items: ItemLimits;
  readonly distinctValuesExactMax: number;
  readonly percentileValuesExactMax: number;
}

function aggregates(bounds: Bounds): Record<string, (percent: number) => Aggregate> {
  const countOfDistinct = countDistinct({ exactMax: bounds.distinctValuesExactMax });
  const numbers = percentileFold({ exactMax: bounds.percentileValuesExactMax });
  const [listed, distinctItems] = [list(bounds.items), distinct(bounds.items)];
  return {
    count: () => COUNT,
    sum: () => SUM,
    avg: () => AVG,
    min: () => MIN,
    max: () => MAX,
    stddev: () => STDDEV,
    distinct: () => distinctItems,
    count_distinct: () => countOfDistinct,
    list: () => listed,
    percentile: (percent) => ({ fold: numbers, result: (kept) => percentileOf(kept as never, percent) }),
  };
}
