/** Time zones: what calendars and clocks on the wall show at an instant, right across daylight saving. */

import { limits } from "./limits.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** `GMT`, `GMT+10:30`, `GMT+00:09:21`: how `longOffset` ends. */
const LONG_OFFSET = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

/** Null for a name that is no zone, so that it is looked up only once. */
const formatters = new Map<string, Intl.DateTimeFormat | null>();

export function isTimeZone(zone: string): boolean {
  return zone === "UTC" || formatterOf(zone) !== null;
}

/** The instant as a `Date` whose UTC fields show the zone's local time; null for a name that is no zone. */
export function localDate(time: number, zone: string): Date | null {
  const offset = offsetMs(time, zone);
  return offset === null ? null : new Date(time + offset);
}

/** What the zone's clocks are ahead of UTC at the instant, milliseconds; null for a name that is no zone. */
export function offsetMs(time: number, zone: string): number | null {
  if (zone === "UTC") return 0;
  const formatter = formatterOf(zone);
  if (formatter === null) return null;
  const [, sign, hours, minutes, seconds] = LONG_OFFSET.exec(formatter.format(time)) ?? [];
  const offset = Number(hours ?? 0) * HOUR_MS + Number(minutes ?? 0) * MINUTE_MS + Number(seconds ?? 0) * SECOND_MS;
  return sign === "-" ? -offset : offset;
}

function formatterOf(zone: string): Intl.DateTimeFormat | null {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  if (formatters.size >= limits.timeZonesCachedMax) formatters.clear();
  const formatter = createFormatter(zone);
  formatters.set(zone, formatter);
  return formatter;
}

function createFormatter(zone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  } catch {
    return null; // a RangeError is how Intl says that it knows no such zone
  }
}
