/** Into which windows of time an event falls, found by looking: at every possible start, or at a calendar minute by minute. */

import type { Assigner } from "./world.ts";

export interface Bounds {
  readonly start: number;
  /** Not part of the window. */
  readonly end: number;
}

export function boundsAt(assigner: Assigner, time: number): Bounds[] {
  switch (assigner.kind) {
    case "tumbling":
      return periods({ ...assigner, everyMs: assigner.sizeMs, time });
    case "sliding":
      return periods({ ...assigner, time });
    case "calendarDays":
      return [calendarDays({ ...assigner, time })];
    case "session":
      return [{ start: time, end: time + assigner.gapMs }];
    case "count":
    case "global":
      return [{ start: -Infinity, end: Infinity }];
  }
}

interface Period {
  readonly sizeMs: number;
  readonly everyMs: number;
  readonly offsetMs: number;
  readonly time: number;
}

/** The latest start first. */
function periods({ sizeMs, everyMs, offsetMs, time }: Period): Bounds[] {
  const found: Bounds[] = [];
  for (let start = time; start > time - sizeMs; start--) {
    if ((start - offsetMs) % everyMs === 0) found.push({ start, end: start + sizeMs });
  }
  return found;
}

const MINUTE_MS = 60_000;
const known = new Map<string, Bounds>();

function calendarDays({ days, timeZone, time }: { days: number; timeZone: string; time: number }): Bounds {
  const group = (at: number): number => Math.floor(dayNumber(at, timeZone) / days);
  const name = `${timeZone} ${days} ${group(time)}`;
  const before = known.get(name);
  if (before !== undefined) return before;
  let start = Math.floor(time / MINUTE_MS) * MINUTE_MS;
  while (group(start - MINUTE_MS) === group(time)) start -= MINUTE_MS;
  let end = Math.floor(time / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  while (group(end) === group(time)) end += MINUTE_MS;
  known.set(name, { start, end });
  return { start, end };
}

/** Days since 1970 on the zone's calendar. */
function dayNumber(time: number, timeZone: string): number {
  const shown = calendar(timeZone).format(time); // 2026-03-29
  return Date.parse(`${shown}T00:00:00Z`) / 86_400_000;
}

const calendars = new Map<string, Intl.DateTimeFormat>();

function calendar(timeZone: string): Intl.DateTimeFormat {
  let known = calendars.get(timeZone);
  if (known === undefined) {
    known = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
    calendars.set(timeZone, known);
  }
  return known;
}
