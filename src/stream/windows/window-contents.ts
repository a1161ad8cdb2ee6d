/** What a window holds until it fires: one accumulator, or, where its function or an evictor asks for them, its records. */

import type { Json } from "../../core/event.ts";
import type { Evictor, EvictorContext, WindowElement } from "./evictor.ts";
import type { AggregateFunction, ReduceFunction } from "../functions/aggregate-function.ts";
import type { Codec } from "../state/codec.ts";
import { serializerBy, type Serializer } from "../state/serializer.ts";

/** `C` is what is held, never undefined; `E` is what the window's function sees. */
export interface WindowContents<T, C, E> extends Serializer<C> {
  /** Of windows that merge. */
  readonly canMerge: boolean;
  /** Undefined is nothing yet. */
  add(contents: C | undefined, element: WindowElement<T>): C;
  merge(a: C, b: C): C;
  fire(contents: C, context: EvictorContext): { readonly elements: readonly E[]; readonly left: C };
}

export interface ArrivingElement<T> extends WindowElement<T> {
  /** When it came, among the key's. */
  readonly arrival: number;
}

/** What panes hold. */
export interface PaneContents<T, C, E> extends Serializer<C> {
  /** Whether the order counts in which records came. */
  readonly isByArrival: boolean;
  /** Undefined is nothing yet. */
  add(contents: C | undefined, element: ArrivingElement<T>): C;
  /** What several come to together, in their order; none of them is changed. */
  combine(parts: readonly C[]): readonly E[];
}

/** What windows hold that have it each by itself, and what panes hold, where they may. */
export interface ContentsPlan<T, C, P, E> {
  readonly byWindow: WindowContents<T, C, E>;
  readonly byPane: PaneContents<T, P, E> | null;
}

export function aggregatedContents<T, Acc, Out>(
  aggregate: AggregateFunction<T, Acc, Out>,
): ContentsPlan<T, Acc, Acc, Out> {
  const add = (accumulator: Acc | undefined, { value }: WindowElement<T>): Acc =>
    aggregate.add(value, accumulator ?? aggregate.createAccumulator());
  // Merging may change its first argument, so it begins with one that nobody else holds.
  const combine = (parts: readonly Acc[]): readonly Out[] => [
    aggregate.getResult(parts.reduce((sum, part) => aggregate.merge!(sum, part), aggregate.createAccumulator())),
  ];
  const serializer = serializerBy(aggregate.codec);
  return {
    byWindow: {
      canMerge: aggregate.merge !== undefined,
      add,
      merge: (a, b) => aggregate.merge!(a, b),
      fire: (accumulator) => ({ elements: [aggregate.getResult(accumulator)], left: accumulator }),
      ...serializer,
    },
    byPane: aggregate.merge === undefined ? null : { isByArrival: false, add, combine, ...serializer },
  };
}

/** Values themselves, not in a wrapper: undefined is no value here either. */
export function reducedContents<T>(reduce: ReduceFunction<T>, codec?: Codec<T>): ContentsPlan<T, T, T, T> {
  const add = (before: T | undefined, { value }: WindowElement<T>): T =>
    before === undefined ? value : reduce(before, value);
  const serializer = serializerBy(codec);
  return {
    byWindow: {
      canMerge: true,
      add,
      merge: reduce,
      fire: (value) => ({ elements: [value], left: value }),
      ...serializer,
    },
    byPane: { isByArrival: false, add, combine: (parts) => [parts.reduce((a, b) => reduce(a, b))], ...serializer },
  };
}

/** The records themselves, in the order of arrival; panes hold each once for all windows that it is in. */
export function keptContents<T>(codec?: Codec<T>): ContentsPlan<T, WindowElement<T>[], ArrivedValue<T>[], T> {
  return {
    byWindow: recordsByWindow(codec),
    byPane: {
      isByArrival: true,
      add: (values, { value, arrival }) => appended(values, { value, arrival }),
      combine: (parts) => valuesOf(parts.flat().sort((a, b) => a.arrival - b.arrival)),
      ...serializerOfEach<T, ArrivedValue<T>>(codec),
    },
  };
}

interface ArrivedValue<T> {
  readonly value: T;
  readonly arrival: number;
}

type Elements<T> = readonly WindowElement<T>[];

function recordsByWindow<T>(codec: Codec<T> | undefined): WindowContents<T, WindowElement<T>[], T> {
  return {
    canMerge: true,
    add: (elements, element) => appended(elements, element),
    merge: (a, b) => [...a, ...b],
    fire: (elements) => ({ elements: valuesOf(elements), left: elements }),
    ...serializerOfEach<T, WindowElement<T>>(codec),
  };
}

/** The records, less what the evictor takes away; `outcome` is what they come to at each firing. */
export function evictedContents<T, E>({
  evictor,
  outcome,
  codec,
}: {
  readonly evictor: Evictor<T>;
  readonly outcome: (values: readonly T[]) => readonly E[];
  readonly codec: Codec<T> | undefined;
}): ContentsPlan<T, WindowElement<T>[], never, E> {
  const kept = recordsByWindow(codec);
  const byWindow: WindowContents<T, WindowElement<T>[], E> = {
    ...kept,
    add(elements, element) {
      const added = kept.add(elements, element);
      const left = evictor.evictEarly?.(added) ?? null;
      return left === null ? added : [...left];
    },
    fire(elements, context) {
      const before: Elements<T> = evictor.evictBefore?.(elements, context) ?? elements;
      const after: Elements<T> = evictor.evictAfter?.(before, context) ?? before;
      return { elements: outcome(valuesOf(before)), left: [...after] };
    },
  };
  return { byWindow, byPane: null };
}

function valuesOf<T>(elements: readonly { readonly value: T }[]): readonly T[] {
  return elements.map(({ value }) => value);
}

function appended<E>(list: E[] | undefined, item: E): E[] {
  if (list === undefined) return [item];
  list.push(item);
  return list;
}

/** Of values, and numbers beside them. */
function serializerOfEach<T, E extends { readonly value: T }>(codec: Codec<T> | undefined): Serializer<E[]> {
  const each = serializerBy(codec);
  return {
    version: each.version,
    toJson: (items, what) => items.map((item) => ({ ...item, value: each.toJson(item.value, what) })),
    fromJson: (json, written) =>
      (json as readonly { readonly value: Json }[]).map((item) => {
        return { ...item, value: each.fromJson(item.value, written) } as unknown as E;
      }),
  };
}
