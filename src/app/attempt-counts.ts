/** Counts delivery attempts by what came of them, on their way into the ledger. */

import type { DeliveryLedger, DeliveryStatus } from "../engine/ports.ts";
import type { AttemptResult } from "../http/context.ts";

export function countAttempts(ledger: DeliveryLedger): {
  readonly ledger: DeliveryLedger;
  readonly counts: () => Readonly<Record<AttemptResult, number>>;
} {
  const counts = { delivered: 0, failed: 0, dead: 0 };
  return {
    counts: () => counts,
    ledger: {
      load: (job) => ledger.load(job),
      async recordAttempt(outcome) {
        await ledger.recordAttempt(outcome);
        counts[RESULT[outcome.status]]++;
      },
    },
  };
}

const RESULT: Readonly<Record<DeliveryStatus, AttemptResult>> = {
  delivered: "delivered",
  dead: "dead",
  pending: "failed",
  waiting: "failed",
};
