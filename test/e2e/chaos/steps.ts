/** What a client does to a service, one step after the other; and what comes of it where nothing ever fails. */

import { unreachable } from "../../../src/core/assert.ts";
import type { JsonObject } from "../../../src/core/event.ts";
import type { ListChange, OnChange } from "../../../src/engine/log/log-record.ts";
import type { Output } from "../../../src/index.ts";
import { CalmEngine, type TakenEvents } from "../../support/calm-engine.ts";

export type Step =
  /** Each names its `stream`. With a key they may be sent again, whatever they say (S9.18). */
  | { readonly kind: "events"; readonly events: readonly JsonObject[]; readonly key: string | null }
  | { readonly kind: "rules"; readonly source: string; readonly onChange?: OnChange }
  | { readonly kind: "pause" | "resume" | "remove"; readonly rule: string }
  | { readonly kind: "rollback"; readonly rule: string; readonly version: number }
  | { readonly kind: "list"; readonly name: string; readonly change: Exclude<ListChange, { readonly removed: true }> }
  | { readonly kind: "savepoint" | "restore"; readonly name: string }
  | { readonly kind: "end"; readonly stream: string };

export interface Workload {
  readonly steps: readonly Step[];
  readonly destinations: readonly string[];
  /** As many steps with events as may be under way at once: more than one, and the log decides what is expected. */
  readonly connections: number;
}

export interface CalmOutcome {
  readonly outputs: readonly Output[];
  /** By the step's index; null for what is not events. */
  readonly taken: readonly (TakenEvents | null)[];
}

export function calmOutcome(steps: readonly Step[]): CalmOutcome {
  const calm = new CalmEngine();
  const taken = steps.map((step) => performed(calm, step));
  return { outputs: calm.outputs, taken };
}

export function describeStep(step: Step): string {
  switch (step.kind) {
    case "events":
      return `${step.events.length} events`;
    case "rules":
      return "rules put";
    case "pause":
    case "resume":
    case "remove":
      return `${step.kind} ${step.rule}`;
    case "rollback":
      return `rollback of ${step.rule} to ${step.version}`;
    case "list":
      return `list ${step.name}`;
    case "savepoint":
    case "restore":
      return `${step.kind} ${step.name}`;
    case "end":
      return `end of ${step.stream}`;
    default:
      return unreachable(step);
  }
}

function performed(calm: CalmEngine, step: Step): TakenEvents | null {
  switch (step.kind) {
    case "events":
      return step.events
        .map(({ stream, ...event }) => calm.take(stream as string, { events: [event] }))
        .reduce((sum, taken) => ({
          accepted: sum.accepted + taken.accepted,
          duplicates: sum.duplicates + taken.duplicates,
        }));
    case "rules":
      calm.put(step.source, step);
      return null;
    case "pause":
    case "resume":
    case "remove":
      calm[step.kind](step.rule);
      return null;
    case "rollback":
      calm.rollback(step.rule, step.version);
      return null;
    case "list":
      calm.changeList(step.name, step.change);
      return null;
    case "savepoint":
      calm.save(step.name);
      return null;
    case "restore":
      calm.restore(step.name);
      return null;
    case "end":
      calm.watermark(step.stream, "end");
      return null;
    default:
      return unreachable(step);
  }
}
