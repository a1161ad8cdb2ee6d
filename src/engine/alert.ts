/** Makes the alert of a finding. Its id follows from what it says (S7.1), so that every run over the same log names it alike. */

import { canonicalJson } from "../core/canonical-json.ts";
import { eventIdentity, type JsonObject } from "../core/event.ts";
import { computedId } from "../core/ids.ts";
import { formatTime } from "../core/time.ts";
import type { EvalContext } from "../expr/types.ts";
import { eventsInOrder, type MatchNode } from "../nfa/partial-match.ts";
import type { CompiledEmit, CompiledRule } from "./compiled-rule.ts";
import type { Finding } from "./cep-operator.ts";
import type { Alert, AlertEvent } from "./output.ts";

export interface AlertSource {
  readonly rule: CompiledRule;
  readonly version: number;
  readonly finding: Finding;
  /** The rule's context: `emit` is evaluated in it. */
  readonly context: EvalContext;
}

/** The alert as it would be sent; suppression may still hold it. */
export function makeAlert({ rule, version, finding, context }: AlertSource): Alert {
  const { definition, nfa } = rule;
  const { matched } = finding;
  const nodes = eventsInOrder(matched);
  const events: Record<string, AlertEvent[]> = {};
  for (const { stage, event } of nodes) {
    const entry = { offset: event.offset, time: formatTime(event.time), data: event.data };
    (events[nfa.stages[stage]!] ??= []).push(entry);
  }
  return {
    id: alertId({ rule, version, finding, nodes }),
    rule: definition.name,
    version,
    severity: definition.severity,
    title: definition.title,
    tags: definition.tags,
    key: finding.key,
    kind: finding.kind,
    at: formatTime(finding.at),
    firstEventAt: formatTime(matched.first.time),
    lastEventAt: formatTime(matched.event.time),
    events,
    emit: evaluate(finding.kind === "timeout" ? (rule.onTimeoutEmit ?? []) : rule.emit, finding, context),
    suppressed: 0,
    suppressedBy: null,
  };
}

function alertId({
  rule,
  version,
  finding,
  nodes,
}: {
  readonly rule: CompiledRule;
  readonly version: number;
  readonly finding: Finding;
  readonly nodes: readonly MatchNode[];
}): string {
  const taken = nodes.flatMap(({ stage, event }) => [rule.nfa.stages[stage]!, event.stream, eventIdentity(event)]);
  const deadline = finding.kind === "timeout" ? [String(finding.at)] : [];
  return computedId([
    rule.definition.name,
    String(version),
    canonicalJson(finding.key),
    finding.kind,
    ...taken,
    ...deadline,
  ]);
}

function evaluate(
  entries: readonly CompiledEmit[],
  { matched, releasedAt }: Finding,
  context: EvalContext,
): JsonObject {
  pointAt(context, { matched, releasedAt });
  return Object.fromEntries(entries.map(({ name, value }) => [name, value(context)]));
}

/** In `emit` and `suppress by` a bare field is the match's last event's. */
export function pointAt(context: EvalContext, { matched, releasedAt }: Pick<Finding, "matched" | "releasedAt">): void {
  context.event = matched.event;
  context.matched = matched;
  context.now = releasedAt;
}
