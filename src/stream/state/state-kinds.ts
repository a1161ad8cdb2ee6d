/** The five kinds of state: what their handles do, and how what they store goes into snapshots and comes out again. */

import { UserError } from "../../core/errors.ts";
import type { Json } from "../../core/event.ts";
import type { AggregateFunction, ReduceFunction } from "../functions/aggregate-function.ts";
import { readItem, type Lifetime } from "./state-ttl.ts";

export interface ValueState<T> {
  value(): T | undefined;
  update(value: T): void;
  clear(): void;
}

export interface ListState<T> {
  get(): readonly T[];
  add(value: T): void;
  addAll(values: Iterable<T>): void;
  update(values: Iterable<T>): void;
  clear(): void;
}

export interface ReadOnlyMapState<K, V> {
  get(key: K): V | undefined;
  has(key: K): boolean;
  entries(): readonly (readonly [K, V])[];
  keys(): readonly K[];
  values(): readonly V[];
  isEmpty(): boolean;
}

export interface MapState<K, V> extends ReadOnlyMapState<K, V> {
  put(key: K, value: V): void;
  remove(key: K): void;
  clear(): void;
}

export interface AggregatingState<In, Out> {
  /** Undefined until something has been added. */
  get(): Out | undefined;
  add(value: In): void;
  clear(): void;
}

export type ReducingState<T> = AggregatingState<T, T>;

/** Where a handle finds what is stored for the current key; undefined is nothing. */
export interface Cell {
  get(): unknown;
  set(stored: unknown): void;
}

/** What a state is called, in messages and in snapshots. */
export type StateWord =
  "value" | "list" | "map" | "reducing" | "aggregating" | "split list" | "union list" | "broadcast map";

export interface StateKind<S> {
  readonly word: StateWord;
  handle(cell: Cell, lifetime: Lifetime): S;
  /** What is left when only some items are kept; undefined for nothing. */
  keep(stored: unknown, isKept: (item: unknown) => boolean): unknown;
  toJson(stored: unknown, itemToJson: (item: unknown) => Json): Json;
  fromJson(json: Json, itemFromJson: (json: Json) => unknown): unknown;
  /** Two keys' or windows' as one; absent where that means nothing. Of state that lives forever. */
  readonly merge?: (a: unknown, b: unknown) => unknown;
}

/** Stored is one item. */
const single = {
  keep: (stored: unknown, isKept: (item: unknown) => boolean) => (isKept(stored) ? stored : undefined),
  toJson: (stored: unknown, itemToJson: (item: unknown) => Json) => itemToJson(stored),
  fromJson: (json: Json, itemFromJson: (json: Json) => unknown) => itemFromJson(json),
};

export const VALUE: StateKind<ValueState<unknown>> = {
  ...single,
  word: "value",
  handle(cell, lifetime) {
    const put = (item: unknown): void => cell.set(item);
    return {
      value: () => readItem(lifetime, cell.get(), put),
      update: (value) => cell.set(value === undefined ? undefined : lifetime.stored(value)),
      clear: () => cell.set(undefined),
    };
  },
};

export function aggregatingKind<In, Acc, Out>(
  aggregate: AggregateFunction<In, Acc, Out>,
): StateKind<AggregatingState<In, Out>> {
  return {
    ...single,
    ...(aggregate.merge === undefined
      ? {}
      : { merge: (a: unknown, b: unknown) => aggregate.merge!(a as Acc, b as Acc) }),
    word: "aggregating",
    handle(cell, lifetime) {
      const put = (item: unknown): void => cell.set(item);
      const read = (): Acc | undefined => readItem(lifetime, cell.get(), put) as Acc | undefined;
      return {
        get() {
          const accumulator = read();
          return accumulator === undefined ? undefined : aggregate.getResult(accumulator);
        },
        add(value) {
          const accumulator = read() ?? aggregate.createAccumulator();
          cell.set(lifetime.stored(aggregate.add(value, accumulator)));
        },
        clear: () => cell.set(undefined),
      };
    },
  };
}

export function reducingKind<T>(reduce: ReduceFunction<T>): StateKind<ReducingState<T>> {
  return {
    ...single,
    merge: (a, b) => reduce(a as T, b as T),
    word: "reducing",
    handle(cell, lifetime) {
      const put = (item: unknown): void => cell.set(item);
      const read = (): T | undefined => readItem(lifetime, cell.get(), put) as T | undefined;
      return {
        get: read,
        add(value) {
          const before = read();
          cell.set(lifetime.stored(before === undefined ? value : reduce(before, value)));
        },
        clear: () => cell.set(undefined),
      };
    },
  };
}

/** Stored is an array of items; each lives for itself. */
export const LIST: StateKind<ListState<unknown>> = {
  word: "list",
  handle(cell, lifetime) {
    const append = (values: Iterable<unknown>): void => {
      const items = (cell.get() ?? []) as unknown[];
      for (const value of values) items.push(lifetime.stored(value));
      cell.set(items.length === 0 ? undefined : items);
    };
    return {
      get() {
        const items = (cell.get() ?? []) as readonly unknown[];
        const left: unknown[] = [];
        const seen: unknown[] = [];
        for (const item of items) {
          const value = readItem(lifetime, item, () => {});
          if (value !== undefined) seen.push(value);
          if (!lifetime.isExpired(item)) left.push(lifetime.afterRead(item));
        }
        if (items.length > 0) cell.set(left.length === 0 ? undefined : left);
        return seen;
      },
      add: (value) => append([value]),
      addAll: append,
      update(values) {
        cell.set(undefined);
        append(values);
      },
      clear: () => cell.set(undefined),
    };
  },
  keep(stored, isKept) {
    const left = (stored as readonly unknown[]).filter(isKept);
    return left.length === 0 ? undefined : left;
  },
  toJson: (stored, itemToJson) => (stored as readonly unknown[]).map(itemToJson),
  fromJson: (json, itemFromJson) => (json as readonly Json[]).map(itemFromJson),
  merge: (a, b) => [...(a as readonly unknown[]), ...(b as readonly unknown[])],
};

type Items = Map<unknown, unknown>;

/** Stored is a map from keys to items; each lives for itself. */
export const MAP: StateKind<MapState<unknown, unknown>> = {
  word: "map",
  handle(cell, lifetime) {
    const put = (key: unknown, item: unknown): void => {
      const items = (cell.get() as Items | undefined) ?? new Map<unknown, unknown>();
      if (item === undefined) items.delete(key);
      else items.set(key, item);
      cell.set(items.size === 0 ? undefined : items);
    };
    const get = (key: unknown): unknown =>
      readItem(lifetime, (cell.get() as Items | undefined)?.get(key), (item) => put(key, item));
    const entries = (): [unknown, unknown][] =>
      [...((cell.get() as Items | undefined) ?? [])].flatMap(([key]) => {
        const value = get(key);
        return value === undefined ? [] : [[key, value]];
      });
    return {
      get,
      has: (key) => get(key) !== undefined,
      entries,
      keys: () => entries().map(([key]) => key),
      values: () => entries().map(([, value]) => value),
      isEmpty: () => entries().length === 0,
      put: (key, value) => put(checkedKey(key), value === undefined ? undefined : lifetime.stored(value)),
      remove: (key) => put(key, undefined),
      clear: () => cell.set(undefined),
    };
  },
  keep(stored, isKept) {
    const left = [...(stored as Items)].filter(([, item]) => isKept(item));
    return left.length === 0 ? undefined : new Map(left);
  },
  toJson: (stored, itemToJson) => [...(stored as Items)].map(([key, item]) => [key as Json, itemToJson(item)]),
  fromJson: (json, itemFromJson) =>
    new Map((json as readonly [Json, Json][]).map(([key, item]) => [key, itemFromJson(item)])),
};

/** UserError `bad-key` for what would be another key, or none, after a snapshot. */
function checkedKey(key: unknown): unknown {
  if (typeof key === "string" || typeof key === "boolean" || Number.isFinite(key)) return key;
  throw new UserError({
    code: "bad-key",
    message: `a key of map state is ${String(key)}; expected a text, a finite number or a boolean`,
    hint: "an object can be found again by its JSON, or by one of its fields",
  });
}
