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
  /** Event time: the completing event's for a match, the deadline of a timeout or an absence, a window's end or its earlier firing. */
  readonly at: string;
  readonly firstEventAt: string | null;
  readonly lastEventAt: string | null;
  /** Stage name → the events it took, in order. */
  readonly events: Readonly<Record<string, readonly AlertEvent[]>>;
  /** How many of the latest events are left out of `events`, for their size; absent when none is. */
  readonly eventsOmitted?: number;
  /** Of an alert of kind `window`; absent from others. */
  readonly window?: AlertWindow;
  readonly emit: JsonObject;
  /** Alerts held since the last one sent under the same suppression. */
  readonly suppressed: number;
  /** Id of the alert that holds this one back; null when it is sent. */
  readonly suppressedBy: string | null;
}

/** RFC 3339, the end exclusive; null where the window has none (count, global). */
export interface AlertWindow {
  readonly start: string | null;
  readonly end: string | null;
  /** Which of the window's firings, from 1. */
  readonly firing: number;
}

export interface AlertEvent {
  readonly offset: number;
  readonly time: string;
  readonly data: JsonObject;
}
