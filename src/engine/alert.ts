/** Makes the alert of a finding. Its id follows from what it says (S7.1), so that every run over the same log names it alike. */

import { canonicalJson } from "../core/canonical-json.ts";
import { eventIdentity, type JsonObject } from "../core/event.ts";
import { computedId } from "../core/ids.ts";
import { formatTime } from "../core/time.ts";
import type { EvalContext } from "../expr/types.ts";
import { eventsInOrder } from "../nfa/partial-match.ts";
import type { CompiledEmit, CompiledPatternRule } from "./compiled-rule.ts";
import type { Finding, LimitFinding, MatchFinding } from "./finding.ts";
import type { Alert } from "./output.ts";
import { EmitBudget, quoteEvents } from "./quotation.ts";

export interface AlertSource {
  readonly rule: CompiledPatternRule;
  readonly version: number;
  readonly finding: Finding;
  /** The rule's context: `emit` is evaluated in it. */
  readonly context: EvalContext;
}

/** The alert as it would be sent; suppression may still hold it. */
export function makeAlert(source: AlertSource): Alert {
  const { rule, version, finding } = source;
  const { name, severity, title, tags } = rule.definition;
  return {
    id: computedId([name, String(version), canonicalJson(finding.key), finding.kind, ...identity(source)]),
    rule: name,
    version,
    severity,
    title,
    tags,
    key: finding.kind === "limit" && finding.scope === "keyGroup" ? null : finding.key,
    kind: finding.kind,
    at: formatTime(finding.at),
    ...(finding.kind === "limit" ? limitContent(finding) : matchContent(finding, source)),
    suppressed: 0,
    suppressedBy: null,
  };
}

/** What tells the alert from others of its rule, version, key and kind. */
function identity({ rule, finding }: AlertSource): string[] {
  if (finding.kind === "limit") return [finding.scope, finding.event.stream, eventIdentity(finding.event)];
  const taken = eventsInOrder(finding.matched).flatMap(({ stage, event }) => [
    rule.nfa.stages[stage]!,
    event.stream,
    eventIdentity(event),
  ]);
  return finding.kind === "timeout" ? [...taken, String(finding.at)] : taken;
}

type Content = Pick<Alert, "firstEventAt" | "lastEventAt" | "events" | "eventsOmitted" | "emit">;

function matchContent(finding: MatchFinding, { rule, context }: AlertSource): Content {
  const { matched } = finding;
  const { events, omitted } = quoteEvents(eventsInOrder(matched), rule.nfa.stages);
  return {
    firstEventAt: formatTime(matched.first.time),
    lastEventAt: formatTime(matched.event.time),
    events,
    ...(omitted === 0 ? {} : { eventsOmitted: omitted }),
    emit: evaluate(finding.kind === "timeout" ? (rule.onTimeoutEmit ?? []) : rule.emit, finding, context),
  };
}

/** A limit alert says which cap was hit, and what is done about it. */
function limitContent({ scope, operator, event }: LimitFinding): Content {
  const { partialMatchesPerKeyMax, partialMatchesPerRuleMax } = operator.caps;
  const emit: JsonObject =
    scope === "key"
      ? {
          limit: "partialMatchesPerKeyMax",
          max: partialMatchesPerKeyMax,
          policy: "the oldest partial matches are dropped",
        }
      : { limit: "partialMatchesPerRuleMax", max: partialMatchesPerRuleMax, policy: "no new matches are started" };
  const at = formatTime(event.time);
  return { firstEventAt: at, lastEventAt: at, events: {}, emit };
}

function evaluate(entries: readonly CompiledEmit[], finding: MatchFinding, context: EvalContext): JsonObject {
  pointAt(context, finding);
  const budget = new EmitBudget();
  return Object.fromEntries(
    entries.map(({ name, value }) => {
      const emitted = value(context);
      if (budget.takes(emitted)) return [name, emitted];
      context.faults++;
      return [name, null];
    }),
  );
}

/** In `emit` and `suppress by` a bare field is the match's last event's. */
export function pointAt(context: EvalContext, { matched, releasedAt }: MatchFinding): void {
  context.event = matched.event;
  context.matched = matched;
  context.now = releasedAt;
}
