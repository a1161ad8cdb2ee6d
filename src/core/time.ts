/** Event time is epoch milliseconds, a plain number; −∞ is before every event and +∞ is the end of a stream. */

import type { Json } from "./event.ts";

export const BEGINNING_OF_TIME = Number.NEGATIVE_INFINITY;
export const END_OF_TIME = Number.POSITIVE_INFINITY;

/** What RFC 3339 can write: the years 0000 to 9999. */
const EARLIEST_MS = Date.parse("0000-01-01T00:00:00.000Z");
const LATEST_MS = Date.parse("9999-12-31T23:59:59.999Z");

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Epoch milliseconds of an RFC 3339 text (finer digits are cut) or of a whole number; `undefined` for anything else. */
export function parseTime(value: Json | undefined): number | undefined {
  if (typeof value === "number") {
    return Number.isInteger(value) && value >= EARLIEST_MS && value <= LATEST_MS ? value : undefined;
  }
  return typeof value === "string" ? parseRfc3339(value) : undefined;
}

function parseRfc3339(text: string): number | undefined {
  const parts = RFC_3339.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const offsetHour = Number(parts[9] ?? 0);
  const offsetMinute = Number(parts[10] ?? 0);
  if (offsetHour > 23 || offsetMinute > 59) return undefined;

  const milliseconds = Number((parts[7] ?? "").slice(0, 3).padEnd(3, "0"));
  // A leap second is the last millisecond of its minute: POSIX time has no room for it.
  const withinMinute = second === 60 ? 59_999 : second * 1000 + milliseconds;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day); // Date.UTC would read the years 0 to 99 as 1900 to 1999
  const local = date.getTime() + (hour * 60 + minute) * 60_000 + withinMinute;
  const offset = (offsetHour * 60 + offsetMinute) * 60_000;
  const time = parts[8] === "-" ? local + offset : local - offset;
  return time >= EARLIEST_MS && time <= LATEST_MS ? time : undefined;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/**
 * RFC 3339 with milliseconds, in UTC: how every time leaves the process. The ends of time are `"beginning"` and `"end"`; a
 * deadline beyond the year 9999, which RFC 3339 cannot write, is its last moment.
 */
export function formatTime(time: number): string {
  if (time === BEGINNING_OF_TIME) return "beginning";
  if (time === END_OF_TIME) return "end";
  return formatWritable(Math.min(Math.max(time, EARLIEST_MS), LATEST_MS));
}

function formatWritable(time: number): string {
  const day = Math.floor(time / DAY_MS);
  if (day !== formattedDay.day) formattedDay = { day, text: new Date(time).toISOString().slice(0, -13) };
  const ofDay = time - day * DAY_MS;
  const hours = Math.floor(ofDay / 3_600_000);
  const minutes = Math.floor(ofDay / 60_000) % 60;
  const seconds = Math.floor(ofDay / 1000) % 60;
  const milliseconds = Math.floor(ofDay % 1000);
  return `${formattedDay.text}${TWO_DIGITS[hours]}:${TWO_DIGITS[minutes]}:${TWO_DIGITS[seconds]}.${String(milliseconds).padStart(3, "0")}Z`;
}

/** A time as JSON, which has no numbers for the ends of time. */
export type TimeSnapshot = number | "beginning" | "end";

export function timeToSnapshot(time: number): TimeSnapshot {
  if (time === BEGINNING_OF_TIME) return "beginning";
  return time === END_OF_TIME ? "end" : time;
}

export function timeFromSnapshot(time: TimeSnapshot): number {
  if (time === "beginning") return BEGINNING_OF_TIME;
  return time === "end" ? END_OF_TIME : time;
}

const DAY_MS = 86_400_000;
const TWO_DIGITS = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, "0"));

/** An alert formats several times of one day; this halves what an alert costs. */
let formattedDay = { day: 0, text: "1970-01-01T" };
