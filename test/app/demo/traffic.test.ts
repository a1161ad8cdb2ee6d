import { describe, expect, test } from "@jest/globals";

import { steps, type Arrival } from "../../../src/app/demo/traffic.ts";

function arrival(stream: string, arrivesAt: number): Arrival {
  return { stream, arrivesAt, time: arrivesAt, document: {} };
}

function check(arrivals: readonly Arrival[], pace: { durationMs: number; stepMs: number }, expected: unknown): void {
  const played = steps({ arrivals, ...pace }).map(({ atMs, batches }) => [
    atMs,
    ...batches.map(({ stream, arrivals: own }) => `${stream} ${own.map(({ arrivesAt }) => arrivesAt).join(" ")}`),
  ]);
  expect(played).toEqual(expected);
}

describe("steps", () => {
  test("arrivals' own time is scaled to the show's, and cut into steps", () => {
    check([arrival("a", 1000), arrival("a", 1400), arrival("a", 2000)], { durationMs: 100, stepMs: 50 }, [
      [0, "a 1000 1400"],
      [100, "a 2000"],
    ]);
  });

  test("a step is one batch for each stream, in order of arrival", () => {
    check([arrival("a", 3), arrival("b", 2), arrival("a", 1), arrival("b", 100)], { durationMs: 100, stepMs: 10 }, [
      [0, "a 1 3", "b 2"],
      [100, "b 100"],
    ]);
  });

  test("nothing is played of nothing", () => {
    check([], { durationMs: 100, stepMs: 10 }, []);
  });
});
