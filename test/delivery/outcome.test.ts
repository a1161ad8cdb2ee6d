import { describe, expect, test } from "@jest/globals";
import { type Answer, type Attempted, judge, type Verdict } from "../../src/delivery/outcome.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");

/** The third attempt of nine, with chance in the middle: it would wait two seconds. */
function check(answer: Answer, expected: Partial<Verdict>, attempted: Partial<Attempted> = {}): void {
  const verdict = judge({
    answer,
    attemptsBefore: 2,
    retries: 8,
    backoff: { baseMs: 1000, maxMs: 60_000 },
    retryAfterMaxMs: 3_600_000,
    now: NOW,
    random: 0.5,
    ...attempted,
  });
  expect(verdict).toMatchObject(expected);
}

function response(status: number, retryAfter: string | null = null): Answer {
  return { kind: "response", status, retryAfter };
}

describe("what comes of an attempt", () => {
  test.each([200, 201, 202, 204, 299])("%i is delivered", (status) => {
    check(response(status), { kind: "delivered" });
  });

  test.each([301, 302, 304, 307, 308])("%i is retried, and not followed", (status) => {
    check(response(status), { kind: "retry", error: `answered ${status}: redirects are not followed` });
  });

  test.each([400, 401, 403, 404, 408, 413, 425, 429, 500, 502, 503, 504])("%i is retried", (status) => {
    check(response(status), { kind: "retry", afterMs: 2000, error: `answered ${status}` });
  });

  test("410 is dead at once", () => {
    check(response(410), { kind: "dead", error: "answered 410: the endpoint is gone" });
  });

  test("no answer is retried", () => {
    check({ kind: "failure", message: "connect ECONNREFUSED" }, { kind: "retry", error: "connect ECONNREFUSED" });
  });

  test("an endpoint that we must not post to is dead at once", () => {
    check({ kind: "refused", message: "not public" }, { kind: "dead", error: "not public" });
  });

  test("the last attempt that fails makes it dead", () => {
    check(response(500), { kind: "retry" }, { attemptsBefore: 7 });
    check(response(500), { kind: "dead", error: "answered 500; no attempt is left" }, { attemptsBefore: 8 });
    check(response(500), { kind: "dead" }, { attemptsBefore: 0, retries: 0 });
    check(response(200), { kind: "delivered" }, { attemptsBefore: 8 });
  });
});

describe("Retry-After", () => {
  test.each([
    ["120", 120_000],
    ["Thu, 01 Jan 2026 00:01:00 GMT", 60_000],
    ["Thursday, 01-Jan-26 00:01:00 GMT", 60_000],
    [" 120 ", 120_000],
  ])("%s is waited for", (retryAfter, afterMs) => {
    check(response(429, retryAfter), { kind: "retry", afterMs });
    check(response(503, retryAfter), { kind: "retry", afterMs });
  });

  test.each(["0", "1", "-5", "soon", "", "2026-01-01", "Wed, 31 Dec 2025 00:00:00 GMT"])(
    "%j shortens nothing",
    (retryAfter) => {
      check(response(503, retryAfter), { kind: "retry", afterMs: 2000 });
    },
  );

  test("is capped", () => {
    check(response(503, "86400"), { kind: "retry", afterMs: 3_600_000 });
    check(response(503, "9999999999"), { kind: "retry", afterMs: 3_600_000 });
  });
});
