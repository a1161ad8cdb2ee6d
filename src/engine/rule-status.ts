/** A rule as the API shows it. */

import type { Job } from "./job.ts";
import type { ActiveRule } from "./rule-registry.ts";
import type { RuleStatus } from "./service-types.ts";

export function ruleStatus({ runtime, activeFrom, isPaused, branch }: ActiveRule, job: Job): RuleStatus {
  const { name, title, description, severity, tags, streams, deliver, source } = runtime.rule.definition;
  const { skipFailures, ...counters } = runtime.counters;
  const { keys, windows } = job.heldBy(branch);
  return {
    name,
    version: runtime.version,
    status: isPaused ? "paused" : "active",
    title,
    description,
    severity,
    tags,
    streams,
    deliver,
    source,
    activeFrom,
    counts: {
      ...counters,
      partialMatches: job.branch(branch).partialMatches,
      keys,
      windows,
      faults: runtime.context.faults + skipFailures,
    },
  };
}
