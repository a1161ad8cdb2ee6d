/** A rule as the API shows it. */

import type { ActiveRule } from "./rule-registry.ts";
import type { RuleStatus } from "./service-types.ts";

export function ruleStatus({ version, compiled: { definition }, operator, activeFrom }: ActiveRule): RuleStatus {
  const { name, title, description, severity, tags, streams, deliver, source } = definition;
  return {
    name,
    version,
    status: "active",
    title,
    description,
    severity,
    tags,
    streams,
    deliver,
    source,
    activeFrom,
    counts: operator.counts(),
  };
}
