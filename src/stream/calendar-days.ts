/** Windows of calendar days in a time zone: from midnight to midnight on the wall, 23 or 25 hours long when clocks change. */

import { UserError } from "../core/errors.ts";
import { isTimeZone, localDate, offsetMs } from "../core/time-zone.ts";
import { windowsIn } from "./window-assigners.ts";
import type { Window, WindowAssigner } from "./window.ts";

const DAY_MS = 86_400_000;

/** UserError `unknown-time-zone`. */
export function calendarDays({ zone }: { readonly zone: string }): WindowAssigner<unknown> {
  if (!isTimeZone(zone)) {
    throw new UserError({
      code: "unknown-time-zone",
      message: `\`${zone}\` is no time zone; expected a name of the IANA database`,
      hint: "write `Europe/Paris`, `America/New_York` or `UTC`",
    });
  }
  let latest = [dayOf(0, zone)];
  return {
    ...windowsIn("event"),
    name: `calendar days in ${zone}`,
    assign(_, at) {
      // Asking a calendar costs microseconds, and nearly every record is of the day of the one before.
      const [{ start, end }] = latest as [Window];
      if (at < start || at >= end) latest = [dayOf(at, zone)];
      return latest;
    },
  };
}

function dayOf(time: number, zone: string): Window {
  const day = Math.floor(localDate(time, zone)!.getTime() / DAY_MS);
  return { start: startOfDay(day, zone), end: startOfDay(day + 1, zone) };
}

/** The first instant of the day, which is its number since 1970 on the zone's calendar. */
function startOfDay(day: number, zone: string): number {
  const midnight = day * DAY_MS;
  const before = midnight - offsetMs(midnight - DAY_MS, zone)!;
  const after = midnight - offsetMs(midnight + DAY_MS, zone)!;
  const isMidnight = (time: number): boolean => time + offsetMs(time, zone)! === midnight;
  const shown = [before, after].filter(isMidnight);
  // Clocks that go back over midnight show it twice: the first counts. Those that skip it begin the day as they skip.
  return shown.length > 0 ? Math.min(...shown) : Math.max(before, after);
}
