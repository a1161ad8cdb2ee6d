/** How long a rule's old version may need to finish what it has begun, when it is replaced and let drain. */

import type { RuleDefinition } from "../../lang/definition.ts";
import { windowSpanMs } from "./window-span.ts";

/** Milliseconds of event time from the newest event it has seen; null where there is no bound, so that it cannot drain. */
export function drainMs(definition: RuleDefinition): number | null {
  return definition.kind === "pattern" ? definition.pattern.withinMs : windowSpanMs(definition.window);
}
