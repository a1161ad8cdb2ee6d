/** What a `window` defines: each clause, or its default. */

import { unreachable } from "../core/assert.ts";
import { DAY_MS } from "../core/duration.ts";
import type { Assigner, Kept, Trigger, Window } from "./ast.ts";
import { clauseOf } from "./clauses.ts";
import type { AssignerDefinition, EvictDefinition, TriggerDefinition, WindowDefinition } from "./definition.ts";

/** Of a window without errors. */
export function defineWindow({ assigner, clauses }: Window): WindowDefinition {
  const trigger = clauseOf(clauses, "trigger");
  const evict = clauseOf(clauses, "evict");
  return {
    assigner: defineAssigner(assigner),
    allowedLatenessMs: clauseOf(clauses, "lateness")?.duration.ms ?? 0,
    trigger: trigger === undefined ? { kind: "onClose" } : defineTrigger(trigger.when),
    purging: clauseOf(clauses, "purging") !== undefined,
    evict: evict === undefined ? null : defineEvict(evict.keep),
    having: clauseOf(clauses, "having")?.condition ?? null,
  };
}

function defineAssigner(assigner: Assigner): AssignerDefinition {
  switch (assigner.kind) {
    case "tumbling":
      return assigner.zone === null
        ? { kind: "tumbling", sizeMs: assigner.size.ms, offsetMs: assigner.offset?.ms ?? 0 }
        : { kind: "calendarDays", days: assigner.size.ms / DAY_MS, timeZone: assigner.zone.value };
    case "sliding":
      return {
        kind: "sliding",
        sizeMs: assigner.size.ms,
        everyMs: assigner.every.ms,
        offsetMs: assigner.offset?.ms ?? 0,
      };
    case "session":
      return { kind: "session", gapMs: assigner.gap.ms };
    case "count":
      return { kind: "count", size: assigner.size.value, every: assigner.every?.value ?? null };
    case "global":
      return { kind: "global" };
    default:
      return unreachable(assigner);
  }
}

function defineTrigger(trigger: Trigger): TriggerDefinition {
  switch (trigger.kind) {
    case "onClose":
    case "onEvent":
      return { kind: trigger.kind };
    case "everyTime":
      return { kind: "everyTime", ms: trigger.interval.ms };
    case "everyCount":
      return { kind: "everyCount", count: trigger.count.value };
    default:
      return unreachable(trigger);
  }
}

function defineEvict(keep: Kept): EvictDefinition {
  return keep.kind === "count" ? { kind: "count", count: keep.count.value } : { kind: "time", ms: keep.duration.ms };
}
