/**
 * Functions of time. A time is epoch milliseconds or RFC 3339 text; a zone is an IANA name, UTC when there is none
 * (S8.11).
 */

import { localDate } from "../core/time-zone.ts";
import { finite } from "./finite.ts";
import { strict } from "./function.ts";
import type { FunctionDefinition } from "./function.ts";

const time = { name: "time", type: "time" } as const;
const zone = { name: "zone", type: "string", optional: true } as const;

/** The parameter that names a zone, so that a literal can be checked when the rule is loaded. */
export const ZONE_PARAMETER = zone.name;

export const TIME_FUNCTIONS: Readonly<Record<string, FunctionDefinition>> = {
  /** The event time that the engine has advanced to, never the machine's clock. */
  now: { parameters: [], result: "number", compile: () => (context) => finite(context.now) },

  /** The window that fires: its first instant, and the one after its last. Null where it has none (S10.6). */
  window_start: { parameters: [], result: "number", compile: () => (context) => context.window?.start ?? null },
  window_end: { parameters: [], result: "number", compile: () => (context) => context.window?.end ?? null },

  /** 0 to 23. */
  hour: strict([time, zone], "number", (at, zoneName) => local(at, zoneName)?.getUTCHours() ?? null),

  /** 1 is Monday and 7 is Sunday, as in ISO 8601. */
  weekday: strict([time, zone], "number", (at, zoneName) => {
    const date = local(at, zoneName);
    return date === null ? null : date.getUTCDay() || 7;
  }),

  /** `2026-03-29` */
  date: strict([time, zone], "string", (at, zoneName) => local(at, zoneName)?.toISOString().split("T")[0] ?? null),
};

function local(time: number, zoneName = "UTC"): Date | null {
  return localDate(time, zoneName);
}
