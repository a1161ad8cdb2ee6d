/** How the service stands, as `GET /v1/status` shows it. */

import type { LogProcessor } from "../log/log-processor.ts";
import type { RuleStatus, ServiceStatus } from "./service-types.ts";
import { ruleInputs } from "./time-status.ts";

/** `now`: epoch milliseconds. */
export function serviceStatus(
  processor: LogProcessor,
  { rules, now }: { readonly rules: readonly RuleStatus[]; readonly now: number },
): ServiceStatus {
  const { engine } = processor;
  const { end, applied, written, isReplaying, waitingSince } = processor.progress();
  return {
    logEnd: end,
    applied,
    processed: written,
    replaying: isReplaying,
    lag: { records: end - written, ms: waitingSince === null ? 0 : now - waitingSince },
    counts: {
      rules: rules.length,
      streams: [...engine.streams()].length,
      lists: [...engine.lists.all()].length,
      keys: sum(rules.map(({ counts }) => counts.keys)),
      partialMatches: sum(rules.map(({ counts }) => counts.partialMatches)),
    },
    inputs: ruleInputs(engine.job, { rules: engine.rules, holders: processor.timeHolders.holders() }),
    checkpoints: processor.checkpoints?.counts() ?? null,
    restarts: processor.restarts,
    sink: processor.sink?.status() ?? null,
    troubles: processor.troubles(),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
