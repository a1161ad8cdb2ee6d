/** What a client does to a service, one step after the other; and what comes of it where nothing ever fails. */

import type { JsonObject } from "../../../src/core/event.ts";
import type { ListChange, OnChange } from "../../../src/engine/log/log-record.ts";
import { createEngine, type Output, type TriplineEngine } from "../../../src/index.ts";
import { NoAnswerError, succeeded, type Answer } from "../../support/http-call.ts";
import type { ServiceProcess } from "../service-process.ts";

export type Step =
  /** Each names its `stream`. */
  | { readonly kind: "events"; readonly events: readonly JsonObject[] }
  | { readonly kind: "rules"; readonly source: string; readonly onChange?: OnChange }
  | { readonly kind: "pause" | "resume" | "remove"; readonly rule: string }
  | { readonly kind: "list"; readonly name: string; readonly change: Exclude<ListChange, { readonly removed: true }> }
  | { readonly kind: "end"; readonly stream: string };

export interface Workload {
  readonly steps: readonly Step[];
  readonly destinations: readonly string[];
}

/** What all steps give, in an engine that has no log to lose. */
export function calmOutputs({ steps }: Workload): Output[] {
  const engine = createEngine({ rules: "" });
  return steps.flatMap((step) => applied(engine, step));
}

/** What came of a batch of events; nothing for other steps. */
export interface Taken {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
}

const NOTHING_TAKEN: Taken = { accepted: 0, duplicates: 0, rejected: 0 };

/** NoAnswerError when it has to be done again, which changes nothing where it was done. `again`: it may have been done before. */
export async function perform(service: ServiceProcess, step: Step, again: boolean): Promise<Taken> {
  const answer = await asked(service, step);
  if (answer.status >= 500 || answer.status === 429) throw new NoAnswerError("it promises nothing");
  if (step.kind === "remove" && again && answer.status === 404) return NOTHING_TAKEN;
  if (step.kind !== "events") {
    succeeded(answer);
    return NOTHING_TAKEN;
  }
  const { accepted, duplicates, rejectedTotal } = succeeded(answer).json<Taken & { rejectedTotal: number }>();
  return { accepted, duplicates, rejected: rejectedTotal };
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
    case "list":
      return `list ${step.name}`;
    case "end":
      return `end of ${step.stream}`;
  }
}

function asked(service: ServiceProcess, step: Step): Promise<Answer> {
  switch (step.kind) {
    case "events":
      return service.postEvents(null, step.events);
    case "rules": {
      const query = step.onChange === undefined ? "" : `?on_change=${step.onChange}`;
      return service.call(`POST /v1/rules${query}`, { body: step.source, type: "text/plain" });
    }
    case "pause":
    case "resume":
      return service.call(`POST /v1/rules/${step.rule}/${step.kind}`);
    case "remove":
      return service.call(`DELETE /v1/rules/${step.rule}`);
    case "list": {
      const [method, body] = "put" in step.change ? ["PUT", step.change.put] : ["PATCH", step.change];
      return service.call(`${method} /v1/lists/${step.name}`, { body: JSON.stringify(body), type: "application/json" });
    }
    case "end":
      return service.endStream(step.stream);
  }
}

function applied(engine: TriplineEngine, step: Step): Output[] {
  const offset = engine.snapshot().nextOffset;
  switch (step.kind) {
    case "events":
      return step.events.flatMap(({ stream, ...event }) => engine.push(stream as string, event));
    case "rules": {
      const { source, onChange } = step;
      return engine.apply({ kind: "rules", offset, source, ...(onChange !== undefined && { onChange }) });
    }
    case "pause":
      return engine.apply({ kind: "rulePaused", offset, name: step.rule });
    case "resume":
      return engine.apply({ kind: "ruleResumed", offset, name: step.rule });
    case "remove":
      return engine.apply({ kind: "ruleRemoved", offset, name: step.rule });
    case "list":
      return engine.apply({ kind: "list", offset, name: step.name, change: step.change });
    case "end":
      return engine.watermark(step.stream, "end");
  }
}
