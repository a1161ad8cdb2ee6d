/** What a window holds until it fires: one accumulator, or, where its function or an evictor asks for them, its records. */

import type { Json } from "../core/event.ts";
import type { Evictor, EvictorContext, WindowElement } from "./evictor.ts";
import type { AggregateFunction, ReduceFunction } from "./functions.ts";
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
  const { codec } = aggregate;
  // Merging may change its first argument, so it begins with one that nobody else holds.
  const combine = (parts: readonly Acc[]): Out =>
    aggregate.getResult(parts.reduce((sum, part) => aggregate.merge!(sum, part), aggregate.createAccumulator()));
  return {
    canMerge: aggregate.merge !== undefined,
    ...(aggregate.merge === undefined ? {} : { combine }),
    add: (accumulator, { value }) => aggregate.add(value, accumulator ?? aggregate.createAccumulator()),
    merge: (a, b) => aggregate.merge!(a, b),
    fire: (accumulator) => ({ elements: [aggregate.getResult(accumulator)], left: accumulator }),
    toJson: (accumulator, what) => jsonCopy(codec === undefined ? accumulator : codec.encode(accumulator), what),
    fromJson: (json) => (codec === undefined ? (jsonCopy(json, "a window") as Acc) : codec.decode(json)),
  };
}

/** Values themselves, not in a wrapper: undefined is no value here either. */
export function reducedContents<T>(reduce: ReduceFunction<T>): WindowContents<T, T, T> {
  return {
    canMerge: true,
    add: (before, { value }) => (before === undefined ? value : reduce(before, value)),
    merge: reduce,
    combine: (parts) => parts.reduce((a, b) => reduce(a, b)),
    fire: (value) => ({ elements: [value], left: value }),
    toJson: jsonCopy,
    fromJson: (json) => jsonCopy(json, "a window") as T,
  };
}

type Elements<T> = readonly WindowElement<T>[];

/** The records themselves, in the order of arrival. */
export function keptContents<T>(): Omit<WindowContents<T, WindowElement<T>[], T>, "combine"> {
  return {
    canMerge: true,
    add(elements, element) {
      if (elements === undefined) return [element];
      elements.push(element);
      return elements;
    },
    merge: (a, b) => [...a, ...b],
    fire: (elements) => ({ elements: valuesOf(elements), left: elements }),
    toJson: jsonCopy,
    fromJson: (json) => jsonCopy(json, "a window") as unknown as WindowElement<T>[],
  };
}

/** The records, less what the evictor takes away; `outcome` is what they come to at each firing. */
export function evictedContents<T, E>({
  evictor,
  outcome,
}: {
  readonly evictor: Evictor<T>;
  readonly outcome: (values: readonly T[]) => readonly E[];
}): WindowContents<T, WindowElement<T>[], E> {
  return {
    ...keptContents<T>(),
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
