/** The parts of a window as they are written. */

import { unreachable } from "../core/assert.ts";
import type { Assigner, Kept, Trigger } from "./ast.ts";
import { printText } from "./print-expr.ts";

export function assignerText(assigner: Assigner): string {
  switch (assigner.kind) {
    case "tumbling": {
      const zone = assigner.zone === null ? "" : ` in ${printText(assigner.zone.value, { interpolates: false })}`;
      return `tumbling ${assigner.size.text}${offsetText(assigner)}${zone}`;
    }
    case "sliding":
      return `sliding ${assigner.size.text} every ${assigner.every.text}${offsetText(assigner)}`;
    case "session":
      return `session gap ${assigner.gap.text}`;
    case "count":
      return `count ${assigner.size.value}${assigner.every === null ? "" : ` every ${assigner.every.value}`}`;
    case "global":
      return "global";
    default:
      return unreachable(assigner);
  }
}

export function triggerText(trigger: Trigger): string {
  switch (trigger.kind) {
    case "onClose":
    case "onEvent":
      return trigger.kind;
    case "everyTime":
      return `every ${trigger.interval.text}`;
    case "everyCount":
      return `every ${trigger.count.value} events`;
    default:
      return unreachable(trigger);
  }
}

export function keptText(kept: Kept): string {
  return `keep last ${kept.kind === "count" ? `${kept.count.value} events` : kept.duration.text}`;
}

function offsetText({ offset }: Extract<Assigner, { kind: "tumbling" | "sliding" }>): string {
  return offset === null ? "" : ` offset ${offset.text}`;
}
