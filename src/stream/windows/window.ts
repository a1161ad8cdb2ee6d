/** Windows of time, left-closed and right-open (S11.7), and the assigners that say to which of them a record belongs. */

import { BEGINNING_OF_TIME, END_OF_TIME } from "../../core/time.ts";
import type { TimeDomain } from "../time/timer-queue.ts";

export interface Window {
  readonly start: number;
  /** Not part of the window. */
  readonly end: number;
}

/** The one window that is always there and never closes. */
export const GLOBAL_WINDOW: Window = { start: BEGINNING_OF_TIME, end: END_OF_TIME };

/** The last time that is in the window; its results have it for a timestamp. */
export function maxTimestamp({ end }: Window): number {
  return end - 1;
}

/**
 * When the window is over: as a watermark, its last millisecond, since no record of it will come any more; by processing
 * time its end, since until then one may come.
 */
export function closingTime(window: Window, time: TimeDomain): number {
  return time === "event" ? maxTimestamp(window) : window.end;
}

/** How far `time` is beyond the last start of a period, also before the epoch. */
export function sincePeriodStart(time: number, { period, offset }: { period: number; offset: number }): number {
  const rest = (time - offset) % period;
  return rest < 0 ? rest + period : rest;
}
