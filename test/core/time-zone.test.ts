/** Offsets of time zones; the functions of the language show the rest. */

import { describe, expect, test } from "@jest/globals";

import { limits } from "../../src/core/limits.ts";
import { isTimeZone, localDate, offsetMs } from "../../src/core/time-zone.ts";

const MINUTE = 60_000;

describe("offsets", () => {
  test.each<[time: string, zone: string, minutes: number]>([
    ["2026-01-01T00:00:00Z", "UTC", 0],
    ["2026-01-01T00:00:00Z", "Europe/London", 0],
    ["2026-07-01T00:00:00Z", "Europe/London", 60],
    ["2026-01-01T00:00:00Z", "America/New_York", -300],
    ["2026-07-01T00:00:00Z", "America/New_York", -240],
    ["2026-01-01T00:00:00Z", "America/St_Johns", -210],
    ["2026-01-01T00:00:00Z", "Australia/Lord_Howe", 660],
    ["2026-07-01T00:00:00Z", "Australia/Lord_Howe", 630],
    ["2026-01-01T00:00:00Z", "Asia/Kathmandu", 345],
    ["1900-01-01T00:00:00Z", "Europe/Paris", 9 + 21 / 60],
  ])("at %s %s is ahead by %d minutes", (time, zone, minutes) => {
    expect(offsetMs(Date.parse(time), zone)).toBe(Math.round(minutes * MINUTE));
  });
});

test("a name that is no zone has no offset and no date", () => {
  for (const zone of ["", "Nowhere/Land", "Europe/Pari"]) {
    expect(isTimeZone(zone)).toBe(false);
    expect(offsetMs(0, zone)).toBeNull();
    expect(localDate(0, zone)).toBeNull();
  }
});

test("names that events bring do not pile up", () => {
  for (let i = 0; i < limits.timeZonesCachedMax + 10; i++) expect(isTimeZone(`Nowhere/${i}`)).toBe(false);
  expect(isTimeZone("Europe/Paris")).toBe(true);
});
