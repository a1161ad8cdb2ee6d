/** What a rule finds, before it becomes an alert. */

import type { Event, Json } from "../../core/event.ts";
import type { WindowFiring } from "../../expr/types.ts";
import type { MatchNode } from "../../nfa/partial-match.ts";
import type { CompiledPatternRule, CompiledWindowRule } from "./compiled-rule.ts";
import type { RuleRuntime } from "./rule-runtime.ts";

export type Finding = MatchFinding | LimitFinding | WindowFinding;

interface FindingBase {
  readonly key: Json;
  /** Event time of the alert: of the completing event, the deadline, the window's end or an earlier firing (S10.15). */
  readonly at: number;
  /** Event time at which it came out: a skip strategy, say, may have held a match since `at`. */
  readonly releasedAt: number;
}

/** A match, or a partial match whose time ran out. */
export interface MatchFinding extends FindingBase {
  readonly kind: "match" | "timeout";
  readonly runtime: RuleRuntime<CompiledPatternRule>;
  readonly matched: MatchNode;
}

/** A cap on partial matches was hit, for the first time since there was room. */
export interface LimitFinding extends FindingBase {
  readonly kind: "limit";
  readonly runtime: RuleRuntime<CompiledPatternRule>;
  readonly scope: LimitScope;
  /** The event that hit it. */
  readonly event: Event;
}

/** A window fired, and `having` holds for what it has come to. */
export interface WindowFinding extends FindingBase {
  readonly kind: "window";
  readonly runtime: RuleRuntime<CompiledWindowRule>;
  readonly window: WindowFiring;
  /** Which of the window's firings this is, from 1. */
  readonly firing: number;
  /** Event times of the first and the last event in it. */
  readonly first: number;
  readonly last: number;
}

/** Of one key, or of one key group of the rule (the cap in all, divided). */
export type LimitScope = "key" | "keyGroup";
