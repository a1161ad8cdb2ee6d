/**
 * Functions of time: `now`, and what a zone's calendar and clock show, across the changes of daylight saving (S8.11,
 * S8.12).
 */

import { describe, expect, test } from "@jest/globals";

import type { Value } from "../../src/expr/types.ts";
import { check, parse, run } from "./evaluate.ts";

describe("in a zone", () => {
  test.each<[time: string, zone: string, expected: string]>([
    // Clocks go forward: 02:00 is 03:00.
    ["2026-03-29T00:59:59.999Z", "Europe/Paris", "2026-03-29 7 01h"],
    ["2026-03-29T01:00:00Z", "Europe/Paris", "2026-03-29 7 03h"],
    // And back: 03:00 is 02:00 again.
    ["2026-10-25T00:59:59Z", "Europe/Paris", "2026-10-25 7 02h"],
    ["2026-10-25T01:00:00Z", "Europe/Paris", "2026-10-25 7 02h"],
    ["2026-10-25T02:00:00Z", "Europe/Paris", "2026-10-25 7 03h"],
    ["2026-03-08T06:59:59Z", "America/New_York", "2026-03-08 7 01h"],
    ["2026-03-08T07:00:00Z", "America/New_York", "2026-03-08 7 03h"],
    ["2026-11-01T05:30:00Z", "America/New_York", "2026-11-01 7 01h"],
    ["2026-11-01T06:30:00Z", "America/New_York", "2026-11-01 7 01h"],
    // Half an hour: at 02:00 it is 01:30 again, and in October 02:00 is 02:30.
    ["2026-04-04T14:59:59Z", "Australia/Lord_Howe", "2026-04-05 7 01h"],
    ["2026-04-04T15:00:00Z", "Australia/Lord_Howe", "2026-04-05 7 01h"],
    ["2026-04-04T15:30:00Z", "Australia/Lord_Howe", "2026-04-05 7 02h"],
    ["2026-10-03T15:29:59Z", "Australia/Lord_Howe", "2026-10-04 7 01h"],
    ["2026-10-03T15:30:00Z", "Australia/Lord_Howe", "2026-10-04 7 02h"],
    // The day is the zone's.
    ["2026-01-01T04:59:59Z", "America/New_York", "2025-12-31 3 23h"],
    ["2026-01-01T05:00:00Z", "America/New_York", "2026-01-01 4 00h"],
    ["2026-01-01T00:00:00Z", "Asia/Kathmandu", "2026-01-01 4 05h"],
    ["2026-01-01T00:00:00Z", "Pacific/Kiritimati", "2026-01-01 4 14h"],
    ["2026-01-01T00:00:00+00:00", "UTC", "2026-01-01 4 00h"],
    ["1900-01-01T00:00:00Z", "Europe/Paris", "1900-01-01 1 00h"],
  ])("%s in %s is %s", (time, zone, expected) => {
    const shown = '"${date(t, zone)} ${weekday(t, zone)} ${if(hour(t, zone) < 10, "0", "")}${hour(t, zone)}h"';
    check(shown, { data: { t: time, zone } }, expected);
    check(shown, { data: { t: Date.parse(time), zone } }, expected);
  });
});

describe("without a zone it is UTC", () => {
  test.each<[source: string, expected: Value]>([
    ["hour(1700000000000)", 22],
    ["weekday(1700000000000)", 2],
    ["date(1700000000000)", "2023-11-14"],
    ["date(-1)", "1969-12-31"],
    ["date(0.5)", "1970-01-01"],
    ["weekday('2026-03-01T12:00:00Z')", 7],
    ["weekday('2026-03-02T12:00:00Z')", 1],
    ["date(time(event))", "1970-01-01"],
    ["date('0001-01-01T00:00:00Z')", "0001-01-01"],
  ])("%s is %j", (source, expected) => check(source, {}, expected));
});

describe("null where there is no time or no zone", () => {
  test.each([
    "hour(missing)",
    "hour('yesterday')",
    "date(true)",
    "date(1e300)",
    "hour(0, missing)",
    "weekday(0, zone)",
    "date(0, n)",
    "time('yesterday')",
    "time(n / 2)",
  ])("%s", (source) => {
    expect(run(parse(source), { data: { zone: "Nowhere/Land", n: 5 } })).toEqual({ value: null, faults: 0 });
  });
});

test("now is what the engine has advanced to", () => {
  check("now()", { now: 123 }, 123);
  check("now() - time(event)", { now: 60_500 }, 500);
  check("now()", { now: Number.NEGATIVE_INFINITY }, null);
});
