/**
 * The body of a webhook, as Standard Webhooks shapes it. Receivers depend on it: fields are added and never changed, and
 * `test/vectors/webhook` holds bodies of each kind. It is the same in every attempt.
 */

import type { Alert } from "../engine/output.ts";

export function webhookBody(alert: Alert): string {
  return JSON.stringify({ type: `alert.${alert.kind}`, timestamp: alert.at, data: alert });
}
