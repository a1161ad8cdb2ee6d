/** The signature of Standard Webhooks (v1): HMAC-SHA256 over id, timestamp and body. */

import { createHmac } from "node:crypto";

export interface Signable {
  /** `whsec_` and base64. */
  readonly secret: string;
  readonly id: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly body: string;
}

export function sign({ secret, id, timestamp, body }: Signable): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
}
