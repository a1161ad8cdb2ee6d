/** Aggregates over the values of a window's events, each worked out anew from all of them. */

import type { Aggregate, FieldValue } from "./world.ts";

export type AggregateValue = FieldValue | readonly FieldValue[];

/** `rows` are the events' data, in the order in which they came. */
export function aggregated(
  { name, field, percent }: Aggregate,
  rows: readonly Readonly<Record<string, FieldValue>>[],
): AggregateValue {
  if (field === null) return rows.length;
  const values = rows.map((row) => row[field] ?? null);
  const present = values.filter((value) => value !== null);
  const numbers = values.filter((value) => typeof value === "number").toSorted((a, b) => a - b);
  const texts = values.filter((value) => typeof value === "string").toSorted();
  const sum = numbers.reduce((total, value) => total + value, 0);
  const mean = sum / numbers.length;
  switch (name) {
    case "count":
      return present.length;
    case "sum":
      return sum;
    case "avg":
      return numbers.length === 0 ? null : mean;
    case "min":
      return numbers[0] ?? texts[0] ?? null;
    case "max":
      return numbers.at(-1) ?? texts.at(-1) ?? null;
    case "stddev": {
      const squares = numbers.reduce((total, value) => total + (value - mean) ** 2, 0);
      return numbers.length < 2 ? null : Math.sqrt(squares / (numbers.length - 1));
    }
    case "count_distinct":
      return new Set(present).size || null;
    case "distinct":
      return present.length === 0 ? null : [...new Set(present)];
    case "first":
      return present[0] ?? null;
    case "last":
      return present.at(-1) ?? null;
    case "list":
      return values.length === 0 ? null : values;
    case "percentile":
      return numbers.length === 0 ? null : numbers[Math.max(0, Math.ceil((percent! / 100) * numbers.length) - 1)]!;
  }
}
