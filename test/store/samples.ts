/** The smallest records, alerts and destinations, for cases to vary. */

import type { EventRecord } from "../../src/engine/log/log-record.ts";
import type { Alert, AlertOutput, LateOutput } from "../../src/engine/output.ts";
import type { AttemptOutcome, DeliveryStatus, Destination } from "../../src/engine/ports.ts";

export function event(offset: number, fields: Partial<EventRecord> = {}): EventRecord {
  return { kind: "event", offset, stream: "logins", time: 1000 * offset, at: 1000 * offset, data: {}, ...fields };
}

/** `count` events from an offset on. */
export function chunk(from: number, count: number): EventRecord[] {
  return Array.from({ length: count }, (_, index) => event(from + index));
}

export function alert(id: string, fields: Partial<Alert> = {}): Alert {
  return {
    id,
    rule: "brute_force",
    version: 1,
    severity: "high",
    title: null,
    tags: [],
    key: "ann",
    kind: "match",
    at: "2026-01-01T00:00:00.000Z",
    firstEventAt: null,
    lastEventAt: null,
    events: {},
    emit: {},
    suppressed: 0,
    suppressedBy: null,
    ...fields,
  };
}

export function output(id: string, deliver: readonly string[] = [], fields: Partial<Alert> = {}): AlertOutput {
  return { kind: "alert", alert: alert(id, fields), deliver };
}

export function late(offset: number, fields: Partial<LateOutput> = {}): LateOutput {
  return { kind: "late", stream: "logins", offset, time: "2026-01-01T00:00:00.000Z", data: {}, ...fields };
}

export function destination(name: string, fields: Partial<Destination> = {}): Destination {
  return {
    name,
    url: "https://example.com/hook",
    secret: null,
    headers: {},
    format: "standard",
    timeoutMs: 10_000,
    retries: 3,
    ...fields,
  };
}

export function outcome(deliveryId: string, status: DeliveryStatus, round = 1): AttemptOutcome {
  const answer = status === "delivered" ? 204 : 500;
  return {
    job: { deliveryId, round },
    attempt: { at: "2026-01-01T00:00:01.000Z", status: answer, latencyMs: 7, error: null, responseExcerpt: "ok" },
    status,
  };
}
