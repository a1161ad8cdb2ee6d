/** Windows of calendar days in a time zone: from midnight to midnight on the wall, an hour more or less when clocks change (S11.8). */

import { UserError } from "../../core/errors.ts";
import { isTimeZone, localDate, offsetMs } from "../../core/time-zone.ts";
import { checkCount } from "../checks.ts";
import type { TimeDomain } from "../time/timer-queue.ts";
import { timeText, windowsIn } from "./window-assigners.ts";
import type { Window } from "./window.ts";
import type { WindowAssigner } from "./window-assigner.ts";

const DAY_MS = 86_400_000;

export interface CalendarDaysOptions {
  /** Of the IANA database: `Europe/Paris`. */
  readonly zone: string;
  /** How many make a window, counted from 1970-01-01 on. Default: 1. */
  readonly days?: number;
  /** Default: `event`. */
  readonly time?: TimeDomain;
}

/** UserError `unknown-time-zone`, `bad-argument`. */
export function calendarDays({ zone, days = 1, time = "event" }: CalendarDaysOptions): WindowAssigner<unknown> {
  if (!isTimeZone(zone)) {
    throw new UserError({
      code: "unknown-time-zone",
      message: `\`${zone}\` is no time zone; expected a name of the IANA database`,
      hint: "write `Europe/Paris`, `America/New_York` or `UTC`",
    });
  }
  checkCount({ what: "the `days` of calendar windows", value: days });
  const windowAt = (at: number): [Window] => {
    const day = Math.floor(localDate(at, zone)!.getTime() / DAY_MS);
    const first = Math.floor(day / days) * days;
    return [{ start: startOfDay(first, zone), end: startOfDay(first + days, zone) }];
  };
  let latest = windowAt(0);
  return {
    ...windowsIn(time),
    name: `${days === 1 ? "" : `${days} `}calendar days in ${zone}${timeText(time)}`,
    assign(_, at) {
      // Asking a calendar costs microseconds, and nearly every record is of the day of the one before.
      const [{ start, end }] = latest;
      if (at < start || at >= end) latest = windowAt(at);
      return latest;
    },
  };
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
