/** What an operator finds, before it becomes an alert. */

import type { Event, Json } from "../core/event.ts";
import type { MatchNode } from "../nfa/partial-match.ts";
import type { CepOperator } from "./cep-operator.ts";

export type Finding = MatchFinding | LimitFinding;

interface FindingBase {
  /** Where it was found. */
  readonly operator: CepOperator;
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
