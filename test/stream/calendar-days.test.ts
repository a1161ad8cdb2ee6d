/** Days from midnight to midnight on the wall. */

import { describe, expect, test } from "@jest/globals";
import { calendarDays } from "../../src/stream/index.ts";
import { check } from "./windowed.ts";

// S11.8
describe("calendar days", () => {
  const HOUR = 3_600_000;

  test.each<[zone: string, at: string, start: string, hours: number]>([
    ["UTC", "2026-03-29T12:00:00Z", "2026-03-29T00:00:00Z", 24],
    ["Europe/Paris", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", 23],
    ["Europe/Paris", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", 25],
    ["Europe/Paris", "2026-10-25T23:00:00Z", "2026-10-25T23:00:00Z", 24],
    ["America/New_York", "2026-03-09T03:59:59Z", "2026-03-08T05:00:00Z", 23],
    ["Australia/Lord_Howe", "2026-04-05T00:00:00Z", "2026-04-04T13:00:00Z", 24.5],
    // Clocks that skip midnight, show it twice, and go back over it; a day that was left out.
    ["America/Sao_Paulo", "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z", 23],
    ["America/Havana", "2025-11-02T12:00:00Z", "2025-11-02T04:00:00Z", 25],
    ["America/Sao_Paulo", "2018-02-17T12:00:00Z", "2018-02-17T02:00:00Z", 25],
    ["America/Sao_Paulo", "2018-02-18T02:30:00Z", "2018-02-17T02:00:00Z", 25],
    ["Pacific/Apia", "2011-12-30T09:00:00Z", "2011-12-29T10:00:00Z", 24],
    ["Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z", 24],
  ])("in %s the day of %s begins at %s and has %d hours", (zone, at, start, hours) => {
    const [window] = calendarDays({ zone }).assign(null, Date.parse(at));
    expect(window).toEqual({ start: Date.parse(start), end: Date.parse(start) + hours * HOUR });
  });
});

test("several calendar days make a window, counted from 1970 on", () => {
  const at = Date.parse("2026-03-29T12:00:00Z");
  expect(calendarDays({ zone: "Europe/Paris", days: 7 }).assign(null, at)).toEqual([
    { start: Date.parse("2026-03-25T23:00:00Z"), end: Date.parse("2026-04-01T22:00:00Z") },
  ]);
  expect(Date.UTC(2026, 2, 26) % (7 * 86_400_000)).toBe(0);
});

// S11.29
test("days may go by processing time", () => {
  const assigner = calendarDays({ zone: "Europe/Paris", time: "processing" });
  check({ assigner, input: "~82799999 a5 |99 ~82800000 a7 ~169200000" }, [
    "a[-3600000,82800000): 5",
    "a[82800000,169200000): 7",
  ]);
});
