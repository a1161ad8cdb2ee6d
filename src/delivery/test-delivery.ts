/** A sample alert sent to a destination now, once, for somebody who sets one up and wants to see what comes back. */

import { computedId } from "../core/ids.ts";
import { formatTime } from "../core/time.ts";
import type { Alert } from "../engine/output.ts";
import type { Clock, DeliveryAttempt, Destination } from "../engine/ports.ts";
import { errorOf } from "./outcome.ts";
import type { WebhookSender } from "./webhook-sender.ts";

export async function sendTest({
  sender,
  destination,
  clock,
}: {
  sender: WebhookSender;
  destination: Destination;
  clock: Clock;
}): Promise<DeliveryAttempt> {
  const { at, latencyMs, answer, responseExcerpt } = await sender.send({
    alert: sampleAlert(destination, clock.now()),
    destination,
  });
  return {
    attempt: 1,
    at: formatTime(at),
    status: answer.kind === "response" ? answer.status : null,
    latencyMs,
    error: errorOf(answer),
    responseExcerpt,
  };
}

function sampleAlert({ name }: Destination, now: number): Alert {
  const at = formatTime(now);
  return {
    id: computedId(["test", name, String(now)]),
    rule: "test",
    version: 1,
    severity: "info",
    title: "A test of this destination",
    tags: ["test"],
    key: "test",
    kind: "match",
    at,
    firstEventAt: at,
    lastEventAt: at,
    events: {
      test: [{ offset: 0, time: at, data: { message: "Nothing happened: somebody tries this destination." } }],
    },
    emit: {},
    suppressed: 0,
    suppressedBy: null,
  };
}
