/** Evictors: which records of a window are left when it fires. A window with an evictor keeps its records (S11.14). */

import { durationText } from "../../core/duration.ts";
import { checkCount, checkDuration, checkThreshold } from "../checks.ts";
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

export interface EvictorOptions {
  /** Before the window's function sees the records, or after it. Default: `before`. */
  readonly evict?: "before" | "after";
}

export interface DeltaEvictorOptions<T> extends EvictorOptions {
  readonly threshold: number;
  /** How far the newest record is from one that came before it. */
  readonly delta: (earlier: T, newest: T) => number;
}

/** Keeps the last `count` records that came. UserError `bad-argument`. */
export function countEvictor<T>(count: number, options: EvictorOptions = {}): Evictor<T> {
  checkCount({ what: "the count of an evictor", value: count });
  const keep = (elements: Elements<T>): Elements<T> => elements.slice(-count);
  return evictor({
    name: `keep last ${count} records`,
    keep,
    early: (elements) => (elements.length < 2 * count ? null : keep(elements)),
    options,
  });
}

/** Keeps what is less than `ms` older than the newest. UserError `bad-argument`. */
export function timeEvictor<T>(ms: number, options: EvictorOptions = {}): Evictor<T> {
  checkDuration({ what: "the time of an evictor", value: ms });
  const keep = (elements: Elements<T>): Elements<T> => {
    const newest = elements.reduce((greatest, { timestamp }) => Math.max(greatest, timestamp), -Infinity);
    return elements.filter(({ timestamp }) => timestamp > newest - ms);
  };
  return evictor({
    name: `keep last ${durationText(ms)}`,
    keep,
    // Nearly in order: when the middle one is too old, about half of them are.
    early: (elements) =>
      elements[elements.length >> 1]!.timestamp > elements.at(-1)!.timestamp - ms ? null : keep(elements),
    options,
  });
}

/** Keeps what is less than the threshold away from the record that came last. UserError `bad-argument`. */
export function deltaEvictor<T>({ threshold, delta, ...options }: DeltaEvictorOptions<T>): Evictor<T> {
  checkThreshold({ what: "the threshold of a delta evictor", value: threshold });
  const keep = (elements: Elements<T>): Elements<T> => {
    const newest = elements.at(-1);
    return newest === undefined ? elements : elements.filter(({ value }) => delta(value, newest.value) < threshold);
  };
  return evictor({ name: `keep what is nearer than ${threshold}`, keep, early: null, options });
}

type Elements<T> = readonly WindowElement<T>[];

interface Plan<T> {
  readonly name: string;
  readonly keep: (elements: Elements<T>) => Elements<T>;
  /** Null where what stays is only known when the window fires. */
  readonly early: ((elements: Elements<T>) => Elements<T> | null) | null;
  readonly options: EvictorOptions;
}

function evictor<T>({ name, keep, early, options: { evict = "before" } }: Plan<T>): Evictor<T> {
  if (evict === "after") return { name: `${name} after firing`, evictAfter: keep };
  return { name, evictBefore: keep, ...(early === null ? {} : { evictEarly: early }) };
}
