import { afterAll, describe, expect, test } from "@jest/globals";
import { systemClock } from "../../src/app/system-clock.ts";
import { sendTest } from "../../src/delivery/test-delivery.ts";
import { WebhookSender } from "../../src/delivery/webhook-sender.ts";
import { destination } from "../store/samples.ts";
import { status, testReceiver } from "../support/receiver.ts";

describe("a test delivery", () => {
  const receiver = testReceiver();
  const sender = new WebhookSender({ clock: systemClock, allowPrivate: true });
  afterAll(() => sender.close());

  test("sends a signed sample, and gives back what came", async () => {
    receiver.answer = status(418, {}, "short and stout");
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const desk = destination("desk", { url: receiver.url, secret });
    const attempt = await sendTest({ sender, destination: desk, clock: systemClock });
    expect(attempt).toMatchObject({
      attempt: 1,
      status: 418,
      error: "answered 418",
      responseExcerpt: "short and stout",
    });
    expect(receiver.requests).toHaveLength(1);
    expect(receiver.requests[0]!.headers["webhook-signature"]).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
    expect(JSON.parse(receiver.requests[0]!.body)).toMatchObject({ type: "alert.match", data: { rule: "test" } });
  });

  test("says what went wrong", async () => {
    const guarded = new WebhookSender({ clock: systemClock, allowPrivate: false });
    const desk = destination("desk", { url: receiver.url });
    const attempt = await sendTest({ sender: guarded, destination: desk, clock: systemClock });
    expect(attempt).toMatchObject({
      status: null,
      error: "deliveries do not go there: 127.0.0.1 is not a public address",
    });
    await guarded.close();
  });
});
