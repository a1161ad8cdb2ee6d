/** What the engine answers a record with: things to do, as data. Times are RFC 3339 texts, as everywhere outside the engine. */

import type { Json, JsonObject } from "../core/event.ts";
import type { Severity } from "../lang/definition.ts";

export type Output = AlertOutput | LateOutput;

export interface AlertOutput {
  readonly kind: "alert";
  readonly alert: Alert;
  /** Destinations the rule names; empty while the alert is suppressed. */
  readonly deliver: readonly string[];
}

/** An event at or behind the watermark, on its stream's side output. */
export interface LateOutput {
  readonly kind: "late";
  readonly stream: string;
  readonly offset: number;
  readonly time: string;
  readonly data: JsonObject;
}

export type AlertKind = "match" | "timeout" | "window" | "limit";

/** What `GET /v1/alerts/{id}`, `tripline run`, the library and the webhook all show. */
export interface Alert {
  readonly id: string;
  readonly rule: string;
  readonly version: number;
  readonly severity: Severity;
  readonly title: string | null;
  readonly tags: readonly string[];
  /** The value of `key by`; an array where there are several; null without one. */
  readonly key: Json;
  readonly kind: AlertKind;
  /** Event time: of the completing event for a match, the deadline for a timeout or an absence, the end for a window. */
  readonly at: string;
  readonly firstEventAt: string | null;
  readonly lastEventAt: string | null;
  /** Stage name → the events it took, in order. */
  readonly events: Readonly<Record<string, readonly AlertEvent[]>>;
  /** How many of the latest events are left out of `events`, for their size; absent when none is. */
  readonly eventsOmitted?: number;
  /** Of a window: RFC 3339, the end exclusive; null for windows that have none (count, global). Which of its firings, from 1. */
  readonly window?: { readonly start: string | null; readonly end: string | null; readonly firing: number };
  readonly emit: JsonObject;
  /** Alerts held since the last one sent under the same suppression. */
  readonly suppressed: number;
  /** Id of the alert that holds this one back; null when it is sent. */
  readonly suppressedBy: string | null;
}

export interface AlertEvent {
  readonly offset: number;
  readonly time: string;
  readonly data: JsonObject;
}
