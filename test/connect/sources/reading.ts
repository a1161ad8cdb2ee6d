/** What tests of sources share: all that a split gives, and where it goes on from each of its positions. */

import type { Json } from "../../../src/core/event.ts";
import type { Source } from "../../../src/stream/index.ts";

export interface Reading<T> {
  readonly values: readonly T[];
  /** Behind each batch. */
  readonly positions: readonly Json[];
}

/** A split from a position to its end. */
export async function readAll<T, P extends Json>(
  source: Source<T, P>,
  { split, from = null }: { readonly split?: string; readonly from?: P | null } = {},
): Promise<Reading<T>> {
  const values: T[] = [];
  const positions: Json[] = [];
  const { signal } = new AbortController();
  for await (const batch of source.read({ split: split ?? (await source.splits())[0]!, from, signal })) {
    values.push(...batch.values);
    positions.push(batch.position);
  }
  return { values, positions };
}

/** What is read from any of its positions on is what was read behind it: which is what a restart rests on. */
export async function readsOnFromAnywhere<T, P extends Json>(source: Source<T, P>): Promise<boolean> {
  for (const split of await source.splits()) {
    const { signal } = new AbortController();
    const whole = (await readAll(source, { split })).values;
    let read = 0;
    for await (const { values, position } of source.read({ split, from: null, signal })) {
      read += values.length;
      const rest = await readAll(source, { split, from: position });
      if (JSON.stringify(rest.values) !== JSON.stringify(whole.slice(read))) return false;
    }
  }
  return true;
}
