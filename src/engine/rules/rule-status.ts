/** A rule as the API shows it. */

import type { ActiveRule } from "./rule-registry.ts";
import type { BranchFigures } from "../shards/shard-figures.ts";
import type { RuleStatus } from "../service/service-types.ts";

export function ruleStatus({ runtime, activeFrom }: ActiveRule, figures: BranchFigures): RuleStatus {
  const { name, title, description, severity, tags, streams, deliver, source } = runtime.rule.definition;
  const { keys, windows, partialMatches, faults } = figures;
  const { skipFailures, ...counters } = figures.counters;
  return {
    name,
    version: runtime.version,
    status: runtime.isPaused ? "paused" : "active",
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
      partialMatches,
      keys,
      windows,
      faults: faults + skipFailures,
    },
  };
}
