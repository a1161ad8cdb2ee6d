/**
 * How long to wait before a retry: exponential, with full jitter, so that deliveries that failed together do not come
 * back together ("Exponential Backoff And Jitter", Amazon's Architecture Blog, 2015).
 */

import type { Backoff } from "./settings.ts";

/** `retry` counts from 0; `random` is in [0, 1). Milliseconds. */
export function backoffMs({ retry, random, backoff }: { retry: number; random: number; backoff: Backoff }): number {
  return Math.floor(random * Math.min(backoff.maxMs, backoff.baseMs * 2 ** retry));
}
