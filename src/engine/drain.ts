/** How long a rule's old version may need to finish what it has begun, when it is replaced and let drain. */

import { unreachable } from "../core/assert.ts";
import type { RuleDefinition, WindowDefinition } from "../lang/definition.ts";

/** Milliseconds of event time from the newest event it has seen; null where there is no bound, so that it cannot drain. */
export function drainMs(definition: RuleDefinition): number | null {
  return definition.kind === "pattern" ? definition.pattern.withinMs : windowMs(definition.window);
}

function windowMs({ assigner, allowedLatenessMs }: WindowDefinition): number | null {
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

/** A day on which clocks go back; no zone's have gone back by more than a day. */
const LONGEST_DAY_MS = 48 * 3_600_000;
