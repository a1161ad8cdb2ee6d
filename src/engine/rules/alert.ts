/** Makes the alert of a finding. Its id follows from what it says (S7.1), so that every run over the same log names it alike. */

import { unreachable } from "../../core/assert.ts";
import { canonicalJson } from "../../core/canonical-json.ts";
import { eventIdentity, type JsonObject } from "../../core/event.ts";
import { computedId } from "../../core/ids.ts";
import { formatTime } from "../../core/time.ts";
import type { EvalContext } from "../../expr/types.ts";
import { eventsInOrder } from "../../nfa/partial-match.ts";
import type { CompiledEmit } from "./compiled-rule.ts";
import type { Finding, LimitFinding, MatchFinding, WindowFinding } from "./finding.ts";
import type { Alert } from "../output.ts";
import { EmitBudget, quoteEvents } from "./quotation.ts";

/** The alert as it would be sent; suppression may still hold it. */
export function makeAlert(finding: Finding): Alert {
  const { rule, version } = finding.runtime;
  const { name, severity, title, tags } = rule.definition;
  return {
    id: computedId([name, String(version), canonicalJson(finding.key), finding.kind, ...identity(finding)]),
    rule: name,
    version,
    severity,
    title,
    tags,
    key: finding.kind === "limit" && finding.scope === "keyGroup" ? null : finding.key,
    kind: finding.kind,
    at: formatTime(finding.at),
    ...contentOf(finding),
    suppressed: 0,
    suppressedBy: null,
  };
}

/** What tells the alert from others of its rule, version, key and kind. */
function identity(finding: Finding): string[] {
  switch (finding.kind) {
    case "limit":
      return [finding.scope, finding.event.stream, eventIdentity(finding.event)];
    case "window": {
      const { start, end } = finding.window;
      const { generation } = finding.runtime;
      return [String(start), String(end), String(finding.firing), ...(generation === 0 ? [] : [String(generation)])];
    }
    case "match":
      return taken(finding);
    case "timeout":
      return [...taken(finding), String(finding.at)];
    default:
      return unreachable(finding);
  }
}

function taken({ matched, runtime }: MatchFinding): string[] {
  return eventsInOrder(matched).flatMap(({ stage, event }) => [
    runtime.rule.nfa.stages[stage]!,
    event.stream,
    eventIdentity(event),
  ]);
}

type Content = Pick<Alert, "firstEventAt" | "lastEventAt" | "events" | "eventsOmitted" | "window" | "emit">;

function contentOf(finding: Finding): Content {
  switch (finding.kind) {
    case "limit":
      return limitContent(finding);
    case "window":
      return windowContent(finding);
    case "match":
    case "timeout":
      return matchContent(finding);
    default:
      return unreachable(finding);
  }
}

function matchContent(finding: MatchFinding): Content {
  const { matched, runtime } = finding;
  const { rule } = runtime;
  const { events, omitted } = quoteEvents(eventsInOrder(matched), rule.nfa.stages);
  return {
    firstEventAt: formatTime(matched.first.time),
    lastEventAt: formatTime(matched.event.time),
    events,
    ...(omitted === 0 ? {} : { eventsOmitted: omitted }),
    emit: evaluate(finding.kind === "timeout" ? (rule.onTimeoutEmit ?? []) : rule.emit, finding),
  };
}

/** A window tells what it has come to, and quotes no events: it need not have kept them. */
function windowContent(finding: WindowFinding): Content {
  const { window, firing, first, last, runtime } = finding;
  return {
    firstEventAt: formatTime(first),
    lastEventAt: formatTime(last),
    events: {},
    window: {
      start: window.start === null ? null : formatTime(window.start),
      end: window.end === null ? null : formatTime(window.end),
      firing,
    },
    emit: evaluate(runtime.rule.emit, finding),
  };
}

/** A limit alert says which cap was hit, and what is done about it. */
function limitContent({ scope, runtime, event }: LimitFinding): Content {
  const { partialMatchesPerKeyMax, partialMatchesPerRuleMax } = runtime.caps;
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

function evaluate(entries: readonly CompiledEmit[], finding: SayingFinding): JsonObject {
  const context = pointAt(finding);
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

/** Findings that a rule says something about: a bare field is the match's last event's, an aggregate the window's. */
export type SayingFinding = MatchFinding | WindowFinding;

/** The rule's context, as `emit` and `suppress by` read it. */
export function pointAt(finding: SayingFinding): EvalContext {
  const { context } = finding.runtime;
  context.now = finding.releasedAt;
  if (finding.kind === "window") {
    context.matched = null;
    context.window = finding.window;
  } else {
    context.event = finding.matched.event;
    context.matched = finding.matched;
    context.window = null;
  }
  return context;
}
