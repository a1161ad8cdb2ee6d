/**
 * What a shard answers a record with: its alerts, not yet judged by suppression. Answers of all shards are merged in one order
 * (S7.2), so that nothing depends on how many there are. Plain data: it goes from thread to thread.
 */

import { canonicalJson } from "../../core/canonical-json.ts";
import { makeAlert, pointAt } from "../rules/alert.ts";
import type { Finding } from "../rules/finding.ts";
import type { Alert } from "../output.ts";

export interface Answer {
  /** Of an event: it came too late for something that it was meant for. */
  readonly isLate: boolean;
  /** In the order of S7.2. */
  readonly alerts: readonly FoundAlert[];
}

export interface FoundAlert {
  /** As it would be sent. */
  readonly alert: Alert;
  readonly deliver: readonly string[];
  /** Whose finding it is. */
  readonly branch: string;
  readonly releasedAt: number;
  /** Canonical text of the key; what is of no key, but of a key group, has a text that no key has. */
  readonly keyText: string;
  /** Null for what is never held. */
  readonly suppression: SuppressionTerms | null;
}

export interface SuppressionTerms {
  /** Canonical text of the key, or of the value of `by`. */
  readonly scope: string;
  readonly lastEventTime: number;
  readonly forMs: number;
  /** No alert of the rule that comes later has its last event before this. */
  readonly noneBefore: number;
}

export const NOTHING: Answer = { isLate: false, alerts: [] };

/** In the order in which the findings are given, which is that of the rules' work. */
export function answerOf(findings: readonly Finding[], isLate: boolean): Answer {
  if (findings.length === 0 && !isLate) return NOTHING;
  const told = findings.filter(({ kind, runtime }) => kind !== "timeout" || runtime.rule.onTimeoutEmit !== null);
  const ordered = told.map((finding) => ({ finding, keyText: keyTextOf(finding) })).sort(compareFindings);
  return { isLate, alerts: ordered.map(({ finding, keyText }) => foundAlert(finding, keyText)) };
}

/** Stable: what is one key's is one shard's, and stays in its order. */
export function mergedAlerts(answers: readonly Answer[]): readonly FoundAlert[] {
  const [first, ...others] = answers.filter(({ alerts }) => alerts.length > 0);
  if (first === undefined) return [];
  if (others.length === 0) return first.alerts;
  return [first, ...others].flatMap(({ alerts }) => alerts).sort(compareAlerts);
}

function foundAlert(finding: Finding, keyText: string): FoundAlert {
  const { rule, branch, counters } = finding.runtime;
  const alert = makeAlert(finding);
  counters.alerts++;
  const { deliver } = rule.definition;
  return { alert, deliver, branch, releasedAt: finding.releasedAt, keyText, suppression: termsOf(finding) };
}

function termsOf(finding: Finding): SuppressionTerms | null {
  const { rule } = finding.runtime;
  const { suppress } = rule.definition;
  if (suppress === null || finding.kind === "limit") return null;
  const context = pointAt(finding);
  return {
    scope: canonicalJson(rule.suppressBy === null ? finding.key : rule.suppressBy(context)),
    lastEventTime: finding.kind === "window" ? finding.last : finding.matched.event.time,
    forMs: suppress.ms,
    // Not the watermark, which may have jumped past alerts that are judged after this one.
    noneBefore: finding.releasedAt - rule.releaseLagMs,
  };
}

function keyTextOf(finding: Finding): string {
  if (finding.kind === "limit" && finding.scope === "keyGroup") return `group ${canonicalJson(finding.key)}`;
  return canonicalJson(finding.key);
}

interface OrderedFinding {
  readonly finding: Finding;
  readonly keyText: string;
}

function compareFindings(a: OrderedFinding, b: OrderedFinding): number {
  return (
    a.finding.releasedAt - b.finding.releasedAt ||
    compareText(a.finding.runtime.rule.definition.name, b.finding.runtime.rule.definition.name) ||
    compareText(a.keyText, b.keyText) ||
    a.finding.runtime.version - b.finding.runtime.version
  );
}

function compareAlerts(a: FoundAlert, b: FoundAlert): number {
  return a.releasedAt - b.releasedAt || compareText(a.alert.rule, b.alert.rule) || compareText(a.keyText, b.keyText);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
