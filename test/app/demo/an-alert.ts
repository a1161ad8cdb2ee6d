/** An alert to look at, with whatever the test cares about. */

import type { Alert } from "../../../src/engine/output.ts";

export function anAlert(told: Partial<Alert>): Alert {
  return {
    id: "a",
    rule: "some_rule",
    version: 1,
    severity: "high",
    title: null,
    tags: [],
    key: "k",
    kind: "match",
    at: "2026-03-01T09:00:00.000Z",
    firstEventAt: null,
    lastEventAt: null,
    events: {},
    emit: {},
    suppressed: 0,
    suppressedBy: null,
    ...told,
  };
}
