/** A world's rule as text of the rule language: each aggregate is an entry `v0`, `v1`, ... of what it emits. */

import type { Aggregate, Assigner, Keep, Trigger, WindowRule, World } from "./world.ts";

export function ruleTextOf({ rule, boundMs }: Pick<World, "rule" | "boundMs">): string {
  const entries = rule.aggregates.map((aggregate, i) => `v${i} = ${aggregateText(aggregate)}`);
  return `stream s { time at  watermark bounded ${boundMs}ms }
rule r { from s  key by key  window { ${clausesOf(rule).join("  ")} } emit { ${entries.join(", ")} } }`;
}

function clausesOf({ assigner, latenessMs, trigger, purging, keep, aggregates, having }: WindowRule): string[] {
  return [
    assignerText(assigner),
    latenessMs === 0 ? "" : `allow lateness ${latenessMs}ms`,
    assigner.kind === "count" ? "" : `trigger ${triggerText(trigger)}`,
    purging ? "purging" : "",
    keep === null ? "" : `evict keep last ${keepText(keep)}`,
    having === null ? "" : `having ${aggregateText(aggregates[having.aggregate]!)} >= ${having.atLeast}`,
  ].filter((clause) => clause !== "");
}

function assignerText(assigner: Assigner): string {
  switch (assigner.kind) {
    case "tumbling":
      return `tumbling ${assigner.sizeMs}ms${offsetText(assigner.offsetMs)}`;
    case "calendarDays":
      return `tumbling ${assigner.days}d in "${assigner.timeZone}"`;
    case "sliding":
      return `sliding ${assigner.sizeMs}ms every ${assigner.everyMs}ms${offsetText(assigner.offsetMs)}`;
    case "session":
      return `session gap ${assigner.gapMs}ms`;
    case "count":
      return `count ${assigner.size}${assigner.every === null ? "" : ` every ${assigner.every}`}`;
    case "global":
      return "global";
  }
}

function offsetText(offsetMs: number): string {
  return offsetMs === 0 ? "" : ` offset ${offsetMs}ms`;
}

function triggerText(trigger: Trigger): string {
  switch (trigger.kind) {
    case "onClose":
    case "onEvent":
      return trigger.kind;
    case "everyTime":
      return `every ${trigger.ms}ms`;
    case "everyCount":
      return `every ${trigger.count} events`;
  }
}

function keepText(keep: Keep): string {
  return keep.kind === "count" ? `${keep.count} events` : `${keep.ms}ms`;
}

function aggregateText({ name, field, percent }: Aggregate): string {
  const percentText = percent === undefined ? "" : `, ${percent}`;
  return `${name}(${field ?? ""}${percentText})`;
}
