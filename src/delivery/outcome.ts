/**
 * What comes of an attempt: delivered, to be retried, or dead. Pure. Only a 2xx is success. A 410 says that the endpoint
 * is gone for good (Standard Webhooks), and an endpoint that we must not post to stays one; anything else may be a
 * deployment, a wrong setting or an overload, and is retried: redirects too, which are never followed, since they would
 * carry a signed alert to where nobody configured it to go.
 */

import { backoffMs } from "./backoff.ts";
import type { Backoff } from "./settings.ts";

/** What came back from the endpoint. */
export type Answer =
  | { readonly kind: "response"; readonly status: number; readonly retryAfter: string | null }
  /** No answer: a timeout, a refused connection, a name that does not resolve. */
  | { readonly kind: "failure"; readonly message: string }
  /** Not sent: the endpoint is one that we must not post to. */
  | { readonly kind: "refused"; readonly message: string };

export type Verdict =
  | { readonly kind: "delivered" }
  | { readonly kind: "retry"; readonly afterMs: number; readonly error: string }
  | { readonly kind: "dead"; readonly error: string };

export interface Attempted {
  readonly answer: Answer;
  /** Attempts made before this one. */
  readonly attemptsBefore: number;
  /** Attempts allowed after the first. */
  readonly retries: number;
  readonly backoff: Backoff;
  readonly retryAfterMaxMs: number;
  /** Epoch milliseconds: Retry-After may be a date. */
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
}

export function judge({ answer, attemptsBefore, retries, backoff, retryAfterMaxMs, now, random }: Attempted): Verdict {
  const error = errorOf(answer);
  if (error === null) return { kind: "delivered" };
  if (isFinal(answer)) return { kind: "dead", error };
  if (attemptsBefore >= retries) return { kind: "dead", error: `${error}; no attempt is left` };
  const asked = answer.kind === "response" ? retryAfterMs(answer.retryAfter, now) : 0;
  const wait = backoffMs({ retry: attemptsBefore, random, backoff });
  return { kind: "retry", afterMs: Math.max(wait, Math.min(asked, retryAfterMaxMs)), error };
}

/** Null for success. */
export function errorOf(answer: Answer): string | null {
  if (answer.kind !== "response") return answer.message;
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  if (status === 410) return "answered 410: the endpoint is gone";
  if (status >= 300 && status < 400) return `answered ${status}: redirects are not followed`;
  return `answered ${status}`;
}

function isFinal(answer: Answer): boolean {
  return answer.kind === "refused" || (answer.kind === "response" && answer.status === 410);
}

/** RFC 9110, 10.2.3: seconds, or an HTTP date. 0 for what is neither. */
function retryAfterMs(value: string | null, now: number): number {
  if (value === null) return 0;
  if (/^\d{1,10}$/.test(value.trim())) return Number(value) * 1000;
  // Every HTTP date names its day; Date.parse alone would take nearly anything.
  const date = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
