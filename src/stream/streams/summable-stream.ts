/** What streams by key and streams in windows share: sums, and the least and greatest, of the records that belong together. */

import type { AggregateFunction } from "../functions/aggregate-function.ts";
import type { DataStream } from "./data-stream.ts";
import { checkFunction } from "../functions/function-checks.ts";
import {
  extremeBy,
  extremeOf,
  extremeOfField,
  sumOf,
  sumOfField,
  type Extreme,
  type ExtremeOptions,
  type FieldOf,
  type Ordered,
  type Selector,
  type TotalOptions,
  type ValueOf,
} from "../functions/totals.ts";

type Total = "sum" | "min" | "max" | "minBy" | "maxBy";

export abstract class SummableStream<T> {
  /** What the records that belong together come to. */
  protected abstract total<Acc, Out>(kind: Total, aggregate: AggregateFunction<T, Acc, Out>): DataStream<Out>;
  /** Where an operator of that kind stands, for messages. */
  protected abstract placeOf(kind: string): string;
  /** For options that do not say. */
  protected abstract optionsOf(options: TotalOptions<T>): TotalOptions<T>;

  /** The first record, with the sum in the field; or the sum of what the function gives. UserError `bad-value`. */
  sum<F extends FieldOf<T, number>>(field: F, options?: TotalOptions<T>): DataStream<T>;
  sum(of: ValueOf<T, number>): DataStream<number>;
  sum(selector: Selector<T, number>, options: TotalOptions<T> = {}): DataStream<T> | DataStream<number> {
    const place = this.#checkedPlace("sum", selector);
    if (typeof selector === "function") return this.total("sum", sumOf(selector, place));
    return this.total("sum", sumOfField(selector, { place, ...this.optionsOf(options) }));
  }

  /** The first record, with the least in the field; or the least of what the function gives. UserError `bad-value`. */
  min<F extends FieldOf<T, Ordered>>(field: F, options?: TotalOptions<T>): DataStream<T>;
  min<V extends Ordered>(of: ValueOf<T, V>): DataStream<V>;
  min<V extends Ordered>(selector: Selector<T, Ordered>, options: TotalOptions<T> = {}): DataStream<T> | DataStream<V> {
    return this.#extreme("min", selector, options);
  }

  /** The first record, with the greatest in the field; or the greatest of what the function gives. UserError `bad-value`. */
  max<F extends FieldOf<T, Ordered>>(field: F, options?: TotalOptions<T>): DataStream<T>;
  max<V extends Ordered>(of: ValueOf<T, V>): DataStream<V>;
  max<V extends Ordered>(selector: Selector<T, Ordered>, options: TotalOptions<T> = {}): DataStream<T> | DataStream<V> {
    return this.#extreme("max", selector, options);
  }

  /** The record that has the least, the first such unless `ties` says `last`. UserError `bad-value`. */
  minBy<F extends FieldOf<T, Ordered>>(
    selector: F | ValueOf<T, Ordered>,
    options: ExtremeOptions<T> = {},
  ): DataStream<T> {
    return this.#extremeBy("min", selector, options);
  }

  /** The record that has the greatest, the first such unless `ties` says `last`. UserError `bad-value`. */
  maxBy<F extends FieldOf<T, Ordered>>(
    selector: F | ValueOf<T, Ordered>,
    options: ExtremeOptions<T> = {},
  ): DataStream<T> {
    return this.#extremeBy("max", selector, options);
  }

  #extreme<V extends Ordered>(
    extreme: Extreme,
    selector: Selector<T, Ordered>,
    options: TotalOptions<T>,
  ): DataStream<T> | DataStream<V> {
    const place = this.#checkedPlace(extreme, selector);
    if (typeof selector !== "function") {
      return this.total(extreme, extremeOfField(selector, { place, extreme, ...this.optionsOf(options) }));
    }
    return this.total(extreme, extremeOf(selector as ValueOf<T, V>, { place, extreme }));
  }

  #extremeBy(extreme: Extreme, selector: Selector<T, Ordered>, options: ExtremeOptions<T>): DataStream<T> {
    const kind = `${extreme}By` as const;
    const place = this.#checkedPlace(kind, selector);
    return this.total(kind, extremeBy(selector, { place, extreme, ...options, ...this.optionsOf(options) }));
  }

  #checkedPlace(kind: Total, selector: unknown): string {
    const operator = this.placeOf(kind);
    if (typeof selector === "string") return operator;
    checkFunction({ operator, value: selector, expected: "a field, or a function that gives a value" });
    return operator;
  }
}
