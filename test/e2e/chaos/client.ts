/** Does steps on a service, over HTTP. */

import { unreachable } from "../../../src/core/assert.ts";
import { eventually } from "../../support/eventually.ts";
import { NoAnswerError, succeeded, type Answer } from "../../support/http-call.ts";
import type { ServiceProcess } from "../service-process.ts";
import type { Step } from "./steps.ts";

/** What came of a batch of events. */
export interface Taken {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
}

/** Null for what is not events. NoAnswerError when it has to be done again, which changes nothing where it was done. */
export async function perform(service: ServiceProcess, step: Step): Promise<Taken | null> {
  const answer = await asked(service, step);
  if (answer.status >= 500 || answer.status === 429) throw new NoAnswerError("it promises nothing");
  const refused = codeOf(answer);
  if (refused === "request-under-way") throw new NoAnswerError("the one before is still being taken");
  if (refused !== null && EMPTY_HANDED.some((code) => refused === code)) return null;
  succeeded(answer);
  if (step.kind !== "events") return null;
  const { accepted, duplicates, rejectedTotal } = answer.json<Taken & { readonly rejectedTotal: number }>();
  return { accepted, duplicates, rejected: rejectedTotal };
}

/** Where a step is done again, or comes to a rule that has gone with a restored savepoint. */
const EMPTY_HANDED = ["unknown-rule", "unknown-version", "savepoint-exists"];

const JSON_TYPE = "application/json";

async function asked(service: ServiceProcess, step: Step): Promise<Answer> {
  switch (step.kind) {
    case "events":
      return service.postEvents(null, step.events, step);
    case "rules": {
      const query = step.onChange === undefined ? "" : `?on_change=${step.onChange}`;
      return service.call(`POST /v1/rules${query}`, { body: step.source, type: "text/plain" });
    }
    case "pause":
    case "resume":
      return service.call(`POST /v1/rules/${step.rule}/${step.kind}`);
    case "rollback": {
      const body = JSON.stringify({ version: step.version });
      return service.call(`POST /v1/rules/${step.rule}/rollback`, { body, type: JSON_TYPE });
    }
    case "remove":
      return service.call(`DELETE /v1/rules/${step.rule}`);
    case "list": {
      const [method, body] = "put" in step.change ? ["PUT", step.change.put] : ["PATCH", step.change];
      return service.call(`${method} /v1/lists/${step.name}`, { body: JSON.stringify(body), type: JSON_TYPE });
    }
    case "savepoint":
      await applied(service);
      return service.call("POST /v1/savepoints", { body: JSON.stringify({ name: step.name }), type: JSON_TYPE });
    case "restore":
      return service.call(`POST /v1/savepoints/${step.name}/restore`);
    case "end":
      return service.endStream(step.stream);
    default:
      return unreachable(step);
  }
}

/** A savepoint is of what has been applied, and an answer says only that it is durable. */
async function applied(service: ServiceProcess): Promise<void> {
  await eventually(async () => {
    const { logEnd, applied: through } = (await service.call("GET /v1/status")).json<Record<string, unknown>>();
    return logEnd !== undefined && logEnd === through;
  });
}

function codeOf(answer: Answer): string | null {
  return answer.status < 400 ? null : (answer.json<{ readonly code?: string }>().code ?? "");
}
