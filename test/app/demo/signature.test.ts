import { describe, expect, test } from "@jest/globals";

import { isSigned, type SignedRequest } from "../../../src/app/demo/signature.ts";

// The example of the Standard Webhooks specification's reference libraries.
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const sent = {
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timestamp: "1614265330",
  signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  body: '{"test": 2432232314}',
};
const sentAt = 1614265330_000;

describe("isSigned", () => {
  const check = (change: Partial<SignedRequest>, now = sentAt): boolean =>
    isSigned({ ...sent, ...change }, { secret, now });

  test("the published example is signed", () => {
    expect(check({})).toBe(true);
  });

  test.each([
    ["body", '{"test": 2432232315}'],
    ["id", "msg_other"],
    ["timestamp", "1614265331"],
    ["signature", "v1,AAAA"],
    ["signature", "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="],
    ["signature", undefined],
    ["timestamp", "soon"],
  ])("another %s (%s) is not", (part, value) => {
    expect(check({ [part]: value })).toBe(false);
  });

  test("one right signature of several is enough, as while a secret is changed", () => {
    expect(check({ signature: `v1,AAAA ${sent.signature}` })).toBe(true);
  });

  test("five minutes are tolerated either way, and no more", () => {
    const ages = [-301, -300, 300, 301].map((seconds) => check({}, sentAt + seconds * 1000));
    expect(ages).toEqual([false, true, true, false]);
  });
});
