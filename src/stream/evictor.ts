/** Evictors: which records of a window are left when it fires. A window with an evictor keeps its records (S11.14). */

import { durationText } from "../core/duration.ts";
import { checkCount, checkDuration } from "./checks.ts";
import type { Window } from "./window.ts";

export interface WindowElement<T> {
  readonly value: T;
  readonly timestamp: number;
}

export interface EvictorContext {
  readonly window: Window;
  readonly watermark: number;
  readonly processingTime: number;
}

/** Both give the records that stay, in the order of arrival. */
export interface Evictor<T> {
  /** For the graph: `keep last 100`. */
  readonly name: string;
  /** Before the window's function sees them. */
  evictBefore?(elements: readonly WindowElement<T>[], context: EvictorContext): readonly WindowElement<T>[];
  /**
   * Before the window fires, so that it need not hold until then what `evictBefore` will take away; null while there is too
   * little of that. It must not change what is left at the firing.
   */
  evictEarly?(elements: readonly WindowElement<T>[]): readonly WindowElement<T>[] | null;
  /** After it. */
  evictAfter?(elements: readonly WindowElement<T>[], context: EvictorContext): readonly WindowElement<T>[];
}

/** Keeps the last `count` records that came. UserError `bad-argument`. */
export function countEvictor<T>(count: number): Evictor<T> {
  checkCount({ what: "the count of an evictor", value: count });
  const evict = (elements: readonly WindowElement<T>[]): readonly WindowElement<T>[] => elements.slice(-count);
  return {
    name: `keep last ${count} records`,
    evictBefore: evict,
    evictEarly: (elements) => (elements.length < 2 * count ? null : evict(elements)),
  };
}

/** Keeps what is less than `ms` older than the newest. UserError `bad-argument`. */
export function timeEvictor<T>(ms: number): Evictor<T> {
  checkDuration({ what: "the time of an evictor", value: ms });
  const evict = (elements: readonly WindowElement<T>[]): readonly WindowElement<T>[] => {
    const newest = elements.reduce((greatest, { timestamp }) => Math.max(greatest, timestamp), -Infinity);
    return elements.filter(({ timestamp }) => timestamp > newest - ms);
  };
  return {
    name: `keep last ${durationText(ms)}`,
    evictBefore: evict,
    // Nearly in order: when the middle one is too old, about half of them are.
    evictEarly: (elements) =>
      elements[elements.length >> 1]!.timestamp > elements.at(-1)!.timestamp - ms ? null : evict(elements),
  };
}
