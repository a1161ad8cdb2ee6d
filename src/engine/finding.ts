/** What an operator finds, before it becomes an alert. */

import type { Event, Json } from "../core/event.ts";
import type { MatchNode } from "../nfa/partial-match.ts";
import type { EvalContext } from "../expr/types.ts";
import type { CapOptions } from "./caps.ts";
import type { CompiledPatternRule } from "./compiled-rule.ts";
import type { RuleCounters } from "./rule-counters.ts";

export type Finding = MatchFinding | LimitFinding;

/** Where something was found: what an alert needs to know of an operator. */
export interface FindingSource {
  readonly rule: CompiledPatternRule;
  readonly counters: RuleCounters;
  readonly caps: CapOptions;
  /** The rule's context: `emit` is evaluated in it, so that faults are counted in one place. */
  readonly context: EvalContext;
}

interface FindingBase {
  readonly operator: FindingSource;
  readonly key: Json;
  /** Event time of the alert: of the completing event, or the deadline. */
  readonly at: number;
  /** Event time at which it came out: a skip strategy may have held it since `at`. */
  readonly releasedAt: number;
}

/** A match, or a partial match whose time ran out. */
export interface MatchFinding extends FindingBase {
  readonly kind: "match" | "timeout";
  readonly matched: MatchNode;
}

/** A cap on partial matches was hit, for the first time since there was room. */
export interface LimitFinding extends FindingBase {
  readonly kind: "limit";
  readonly scope: LimitScope;
  /** The event that hit it. */
  readonly event: Event;
}

/** Of one key, or of one key group of the rule (the cap in all, divided). */
export type LimitScope = "key" | "keyGroup";
