/**
 * The receiving side of Standard Webhooks, as an operator would write it: the check owes nothing to the code that signs,
 * so that the two can disagree.
 */

import { createHmac, timingSafeEqual } from "node:crypto";

export interface SignedRequest {
  readonly id: string | undefined;
  /** Seconds since the epoch, as text. */
  readonly timestamp: string | undefined;
  /** `v1,` and base64, space-separated when a secret is being changed. */
  readonly signature: string | undefined;
  readonly body: string;
}

/** How far the sender's clock may be from ours; older requests could be replays. */
const TOLERANCE_S = 5 * 60;

/** `secret` is `whsec_` and base64; `now` is epoch milliseconds. */
export function isSigned(
  { id, timestamp, signature, body }: SignedRequest,
  { secret, now }: { secret: string; now: number },
): boolean {
  if (id === undefined || timestamp === undefined || signature === undefined) return false;
  if (!/^\d+$/.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_S) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest();
  return signature.split(" ").some((one) => {
    const [version, text] = one.split(",");
    const given = Buffer.from(text ?? "", "base64");
    return version === "v1" && given.length === expected.length && timingSafeEqual(given, expected);
  });
}
