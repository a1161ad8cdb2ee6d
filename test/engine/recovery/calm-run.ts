/** What all requests come to where nothing ever dies. */

import { unreachable } from "../../../src/core/assert.ts";
import { CalmEngine, type TakenEvents } from "../../support/calm-engine.ts";
import { faultOf } from "./engine-faults.ts";
import { LIST, type Request } from "./requests.ts";

export interface CalmOutcome {
  readonly calm: CalmEngine;
  /** By the request's index; null for what is not events. */
  readonly taken: readonly (TakenEvents | null)[];
}

export function calmRun(requests: readonly Request[]): CalmOutcome {
  const calm = new CalmEngine({ isSetAside: (record) => faultOf(record) === "always" });
  const taken = requests.map((request) => perform(calm, request));
  return { calm, taken };
}

function perform(calm: CalmEngine, request: Request): TakenEvents | null {
  switch (request.kind) {
    case "events":
      return calm.take(request.stream, request);
    case "rules":
      calm.put(request.source, request);
      return null;
    case "rollback":
      calm.rollback(request.rule, request.version);
      return null;
    case "remove":
    case "pause":
    case "resume":
      calm[request.kind](request.rule);
      return null;
    case "list":
      calm.changeList(LIST, request.change);
      return null;
    case "watermark":
      calm.watermark(request.stream, request.time);
      return null;
    case "savepoint":
    case "stop":
      calm.save(request.name);
      return null;
    case "restore":
      calm.restore(request.name);
      return null;
    case "forget":
      return null;
    default:
      return unreachable(request);
  }
}
