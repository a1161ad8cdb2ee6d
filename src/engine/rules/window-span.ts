/** How far a window reaches in event time, from its events to its last firing. */

import { unreachable } from "../../core/assert.ts";
import type { WindowDefinition } from "../../lang/definition.ts";

/** Milliseconds from an event of a window to when it is over for good; null where time does not bring that about. */
export function windowSpanMs({ assigner, allowedLatenessMs }: WindowDefinition): number | null {
  switch (assigner.kind) {
    case "tumbling":
    case "sliding":
      return assigner.sizeMs + allowedLatenessMs;
    case "calendarDays":
      return assigner.days * LONGEST_DAY_MS + allowedLatenessMs;
    case "session":
      return assigner.gapMs + allowedLatenessMs;
    case "count":
    case "global":
      return null;
    default:
      return unreachable(assigner);
  }
}

/** How far the last event of a window may lie behind the time at which it fires (S10.18); `Infinity` where nothing bounds it. */
export function windowLagMs(window: WindowDefinition): number {
  // A session ends a gap after its newest event. Where that one may have been dropped, only older ones may be left.
  if (window.assigner.kind === "session" && (window.purging || window.evict !== null)) return Infinity;
  return windowSpanMs(window) ?? Infinity;
}

/** A day on which clocks go back; no zone's have gone back by more than a day. */
const LONGEST_DAY_MS = 48 * 3_600_000;
