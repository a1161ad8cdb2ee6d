/** Events on their way to the service: what arrives, on which stream, when it happened and when it comes in. */

import type { JsonObject } from "../../core/event.ts";

export interface Arrival {
  readonly stream: string;
  /** Event time, epoch milliseconds. */
  readonly time: number;
  /** When it comes in, on the same clock: never before it happened. */
  readonly arrivesAt: number;
  readonly document: JsonObject;
}

export function byArrival(a: Arrival, b: Arrival): number {
  return a.arrivesAt - b.arrivesAt;
}

/** What is sent in one go: a moment's arrivals, one batch for each stream, in order of arrival. */
export interface Step {
  /** Milliseconds after the start of the show. */
  readonly atMs: number;
  readonly batches: readonly { readonly stream: string; readonly arrivals: readonly Arrival[] }[];
}

/** Plays the arrivals' own time in `durationMs`: one step for every `stepMs` in which something arrives. */
export function steps({
  arrivals,
  durationMs,
  stepMs,
}: {
  arrivals: readonly Arrival[];
  durationMs: number;
  stepMs: number;
}): Step[] {
  const ordered = arrivals.toSorted(byArrival);
  const first = ordered[0]?.arrivesAt ?? 0;
  const span = Math.max(1, (ordered.at(-1)?.arrivesAt ?? 0) - first);
  const step = ({ arrivesAt }: Arrival): number => Math.floor(((arrivesAt - first) / span) * (durationMs / stepMs));
  return [...groupBy(ordered, step)].map(([index, together]) => ({
    atMs: index * stepMs,
    batches: [...groupBy(together, ({ stream }) => stream)].map(([stream, own]) => ({ stream, arrivals: own })),
  }));
}

/** In order of first appearance. */
function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
