/** Folds that keep values: the first, the last, each different one, all of them (S10.9, S10.10). */

import { canonicalJson } from "../core/canonical-json.ts";
import type { Json } from "../core/event.ts";
import type { Value } from "./types.ts";
import type { Aggregate } from "./value-fold.ts";

/** What may be kept; text is measured as JSON. */
export interface ItemLimits {
  readonly items: number;
  readonly chars: number;
}

/** Null: none yet. */
export const FIRST: Aggregate<Value> = {
  fold: {
    dependsOnOrder: true,
    create: () => null,
    add: (first, value) => first ?? value,
    merge: (earlier, later) => earlier ?? later,
    encode: (first) => first,
    decode: (json) => json,
  },
  result: (first) => first,
};

export const LAST: Aggregate<Value> = {
  fold: {
    dependsOnOrder: true,
    create: () => null,
    add: (last, value) => value ?? last,
    merge: (earlier, later) => later ?? earlier,
    encode: (last) => last,
    decode: (json) => json,
  },
  result: (last) => last,
};

/** The first items, in order; once one did not fit, nothing is taken in any more. */
interface Items {
  readonly items: Value[];
  /** Their texts, where each may be kept only once. */
  readonly texts: Set<string> | null;
  chars: number;
  isCut: boolean;
}

/** An item for each value, null for null. */
export function list(limits: ItemLimits): Aggregate<Items> {
  return items({ limits, isEach: true });
}

/** Each value once, where it came first. */
export function distinct(limits: ItemLimits): Aggregate<Items> {
  return items({ limits, isEach: false });
}

function items({ limits, isEach }: { readonly limits: ItemLimits; readonly isEach: boolean }): Aggregate<Items> {
  const create = (): Items => ({ items: [], texts: isEach ? null : new Set(), chars: 0, isCut: false });

  const isMeasured = !isEach || limits.chars < Infinity;
  const textOf = (value: Value): string => (isMeasured ? canonicalJson(value) : "");

  const take = (kept: Items, value: Value, text: string): void => {
    if (kept.isCut || kept.texts?.has(text) === true) return;
    if (kept.items.length === limits.items || kept.chars + text.length > limits.chars) {
      kept.isCut = true;
      return;
    }
    kept.items.push(value);
    kept.texts?.add(text);
    kept.chars += text.length;
  };

  const add = (kept: Items, value: Value): Items => {
    if (isEach || value !== null) take(kept, value, textOf(value));
    return kept;
  };

  return {
    fold: {
      dependsOnOrder: true,
      create,
      add,
      merge(earlier, later) {
        const texts = later.texts ?? later.items.map(textOf);
        for (const [index, text] of [...texts].entries()) take(earlier, later.items[index]!, text);
        if (later.isCut) earlier.isCut = true;
        return earlier;
      },
      encode: (kept) => [kept.items.slice(), kept.isCut],
      decode(json) {
        const [values, isCut] = json as readonly [readonly Json[], boolean];
        return Object.assign(values.reduce(add, create()), { isCut });
      },
      isCut: (kept) => kept.isCut,
    },
    result: (kept) => (kept.items.length === 0 ? null : kept.items.slice()),
  };
}
