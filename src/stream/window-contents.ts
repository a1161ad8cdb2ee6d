/** What a window holds until it fires: one accumulator, or, where its function or an evictor asks for them, its records. */

import type { Json } from "../core/event.ts";
import type { Evictor, EvictorContext, WindowElement } from "./evictor.ts";
import type { AggregateFunction, Codec, ReduceFunction } from "./functions.ts";
import { jsonCopy } from "./json-copy.ts";

/** `C` is what is held, never undefined; `E` is what the window's function sees. */
export interface WindowContents<T, C, E> {
  /** Of windows that merge. */
  readonly canMerge: boolean;
  /** Undefined is nothing yet. */
  add(contents: C | undefined, element: WindowElement<T>): C;
  merge(a: C, b: C): C;
  /** What several come to together, in their order; none of them is changed. Absent where they cannot be put together. */
  readonly combine?: (parts: readonly C[]) => E;
  fire(contents: C, context: EvictorContext): { readonly elements: readonly E[]; readonly left: C };
  /** `what` is named in a refusal. */
  toJson(contents: C, what: string): Json;
  fromJson(json: Json): C;
}

/** Contents that panes may hold. */
export type CombinedContents<T, C, E> = WindowContents<T, C, E> & Required<Pick<WindowContents<T, C, E>, "combine">>;

export function aggregatedContents<T, Acc, Out>(
  aggregate: AggregateFunction<T, Acc, Out>,
): WindowContents<T, Acc, Out> {
  // Merging may change its first argument, so it begins with one that nobody else holds.
  const combine = (parts: readonly Acc[]): Out =>
    aggregate.getResult(parts.reduce((sum, part) => aggregate.merge!(sum, part), aggregate.createAccumulator()));
  return {
    canMerge: aggregate.merge !== undefined,
    ...(aggregate.merge === undefined ? {} : { combine }),
    add: (accumulator, { value }) => aggregate.add(value, accumulator ?? aggregate.createAccumulator()),
    merge: (a, b) => aggregate.merge!(a, b),
    fire: (accumulator) => ({ elements: [aggregate.getResult(accumulator)], left: accumulator }),
    ...inSnapshots(aggregate.codec),
  };
}

/** Values themselves, not in a wrapper: undefined is no value here either. */
export function reducedContents<T>(reduce: ReduceFunction<T>, codec?: Codec<T>): WindowContents<T, T, T> {
  return {
    canMerge: true,
    add: (before, { value }) => (before === undefined ? value : reduce(before, value)),
    merge: reduce,
    combine: (parts) => parts.reduce((a, b) => reduce(a, b)),
    fire: (value) => ({ elements: [value], left: value }),
    ...inSnapshots(codec),
  };
}

type Elements<T> = readonly WindowElement<T>[];

/** The records themselves, in the order of arrival. */
export function keptContents<T>(codec?: Codec<T>): Omit<WindowContents<T, WindowElement<T>[], T>, "combine"> {
  const { toJson, fromJson } = inSnapshots(codec);
  return {
    canMerge: true,
    add(elements, element) {
      if (elements === undefined) return [element];
      elements.push(element);
      return elements;
    },
    merge: (a, b) => [...a, ...b],
    fire: (elements) => ({ elements: valuesOf(elements), left: elements }),
    toJson: (elements, what) => elements.map(({ value, timestamp }) => ({ value: toJson(value, what), timestamp })),
    fromJson: (json) =>
      (json as readonly { readonly value: Json; readonly timestamp: number }[]).map(({ value, timestamp }) => {
        return { value: fromJson(value), timestamp };
      }),
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
}): WindowContents<T, WindowElement<T>[], E> {
  const kept = keptContents<T>(codec);
  return {
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
}

function valuesOf<T>(elements: Elements<T>): readonly T[] {
  return elements.map(({ value }) => value);
}

function inSnapshots<V>(codec: Codec<V> | undefined): Pick<WindowContents<never, V, never>, "toJson" | "fromJson"> {
  if (codec === undefined) return { toJson: jsonCopy, fromJson: (json) => jsonCopy(json, "a window") as V };
  return { toJson: (value, what) => jsonCopy(codec.encode(value), what), fromJson: (json) => codec.decode(json) };
}
