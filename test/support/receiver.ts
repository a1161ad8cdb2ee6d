/** The webhook receiver for the length of a suite. */

import { afterAll, beforeAll, beforeEach } from "@jest/globals";
import { WebhookReceiver } from "./webhook-receiver.ts";

export { status } from "./webhook-receiver.ts";

/** Call it where `describe` is called; what it gives can be used inside of tests. Each of them finds it as if it were new. */
export function testReceiver(): WebhookReceiver {
  const receiver = new WebhookReceiver();
  beforeAll(() => receiver.start());
  beforeEach(() => receiver.reset());
  afterAll(() => receiver.stop());
  return receiver;
}
