/** Sums and extremes, as aggregate functions: of a field of records, or of what a function gives of them (S11.33). */

import { UserError } from "../../core/errors.ts";
import type { AggregateFunction } from "./aggregate-function.ts";
import type { Codec } from "../state/codec.ts";
import { wordFor } from "./function-checks.ts";

/** The names of the fields that hold a `V`. */
export type FieldOf<T, V> = { [F in keyof T]-?: T[F] extends V ? F : never }[keyof T] & string;

/** What a function gives of a record. The type of a method, so that a stream of strings can go where one of anything is asked for. */
export type ValueOf<T, V> = { of(value: T): V }["of"];

/** What is added up or compared: a field, by its name, or what a function gives. */
export type Selector<T, V> = string | ValueOf<T, V>;

/** What there is an order of: numbers, and texts by their UTF-16 units. */
export type Ordered = number | string;

export interface TotalOptions<T> {
  /** For records that are no JSON: how they are kept in snapshots. */
  readonly codec?: Codec<T> | undefined;
}

export interface ExtremeOptions<T> extends TotalOptions<T> {
  /** Of several that are equal, which is kept. Default: `first`. */
  readonly ties?: "first" | "last";
}

export type Extreme = "min" | "max";

/** An aggregate of records, of which there is at least one. */
type Total<T> = AggregateFunction<T, T | null, T>;

/** Of what a function gives. `place` is named in a refusal, as in all below. */
export function sumOf<T>(of: ValueOf<T, number>, place: string): AggregateFunction<T, number, number> {
  return {
    createAccumulator: () => 0,
    add: (value, sum) => sum + checkedNumber(of(value), place),
    getResult: (sum) => sum,
    merge: (a, b) => a + b,
  };
}

/** The first record, with the sum in its field. */
export function sumOfField<T>(field: string, { place, codec }: { readonly place: string } & TotalOptions<T>): Total<T> {
  const amount = (value: T): number => checkedNumber(fieldOf(value, field), `${place}, \`${field}\``);
  return total({ codec, pick: (a, b) => ({ ...a, [field]: amount(a) + amount(b) }), check: amount });
}

/** Of what a function gives. */
export function extremeOf<T, V extends Ordered>(
  of: ValueOf<T, V>,
  { place, extreme }: { readonly place: string; readonly extreme: Extreme },
): AggregateFunction<T, V | null, V> {
  const better = (a: V | null, b: V): V => (a === null || isBetter(b, { than: a, extreme }) ? b : a);
  return {
    createAccumulator: () => null,
    add: (value, most) => better(most, checkedOrdered(of(value), place)),
    getResult: (most) => most!,
    merge: (a, b) => (b === null ? a : better(a, b)),
  };
}

/** The first record, with the least or greatest in its field. */
export function extremeOfField<T>(
  field: string,
  { place, codec, extreme }: { readonly place: string; readonly extreme: Extreme } & TotalOptions<T>,
): Total<T> {
  const of = (value: T): Ordered => checkedOrdered(fieldOf(value, field), `${place}, \`${field}\``);
  const pick = (a: T, b: T): T =>
    isBetter(of(b), { than: of(a), extreme }) ? { ...a, [field]: fieldOf(b, field) } : a;
  return total({ codec, pick, check: of });
}

/** The record that has it, as it came. */
export function extremeBy<T>(
  selector: Selector<T, Ordered>,
  { place, codec, extreme, ties = "first" }: { readonly place: string; readonly extreme: Extreme } & ExtremeOptions<T>,
): Total<T> {
  const given = (value: T): unknown => (typeof selector === "function" ? selector(value) : fieldOf(value, selector));
  const of = (value: T): Ordered => checkedOrdered(given(value), place);
  const isPicked = (a: Ordered, b: Ordered): boolean =>
    isBetter(b, { than: a, extreme }) || (ties === "last" && !isBetter(a, { than: b, extreme }));
  return total({ codec, pick: (a, b) => (isPicked(of(a), of(b)) ? b : a), check: of });
}

function total<T>({
  codec,
  pick,
  check,
}: {
  readonly pick: (a: T, b: T) => T;
  /** So that the first record is refused, too. */
  readonly check: (value: T) => unknown;
} & TotalOptions<T>): Total<T> {
  return {
    createAccumulator: () => null,
    add(value, most) {
      if (most !== null) return pick(most, value);
      check(value);
      return value;
    },
    getResult: (most) => most!,
    merge: (a, b) => (a === null || b === null ? (a ?? b) : pick(a, b)),
    // Whatever is kept has had a record.
    ...(codec === undefined ? {} : { codec: codec as Codec<T | null> }),
  };
}

function fieldOf(value: unknown, field: string): unknown {
  return (value as Readonly<Record<string, unknown>> | null | undefined)?.[field];
}

function isBetter(value: Ordered, { than, extreme }: { readonly than: Ordered; readonly extreme: Extreme }): boolean {
  return extreme === "min" ? value < than : value > than;
}

function checkedNumber(value: unknown, place: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw badValue({ value, place, expected: "a finite number" });
}

function checkedOrdered<V>(value: V, place: string): V & Ordered {
  if (typeof value === "string" || (typeof value === "number" && !Number.isNaN(value))) return value;
  throw badValue({ value, place, expected: "a number or a text" });
}

function badValue({ value, place, expected }: { value: unknown; place: string; expected: string }): UserError {
  return new UserError({
    code: "bad-value",
    message: `${place}: a record has ${wordFor(value)}; expected ${expected}`,
    hint: "filter such records out before",
  });
}
