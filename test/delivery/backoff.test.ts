import { describe, expect, test } from "@jest/globals";
import { backoffMs } from "../../src/delivery/backoff.ts";

describe("the wait before a retry", () => {
  const backoff = { baseMs: 1000, maxMs: 60_000 };

  test("is bounded by an exponential, up to a greatest", () => {
    const bounds = [0, 1, 2, 5, 6, 30, 5000].map((retry) => backoffMs({ retry, random: 1, backoff }));
    expect(bounds).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000, 60_000]);
  });

  test("is anything below that bound", () => {
    expect(backoffMs({ retry: 3, random: 0, backoff })).toBe(0);
    expect(backoffMs({ retry: 3, random: 0.25, backoff })).toBe(2000);
  });
});
