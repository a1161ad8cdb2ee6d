/** Which windows there are, and which of them a record is in. */

import { describe, expect, test } from "@jest/globals";
import { slidingWindows, tumblingWindows, type WindowAssigner } from "../../src/stream/index.ts";
import { check } from "./windowed.ts";

// S11.7
describe("assigners", () => {
  test("tumbling windows are side by side, left-closed and right-open, also before the epoch", () => {
    check({ input: "a0 a9 a10 a-1 a-10 end" }, ["a[-10,0): -1 -10", "a[0,10): 0 9", "a[10,20): 10"]);
  });

  test("an offset shifts them", () => {
    check({ assigner: tumblingWindows({ size: 10, offset: 3 }), input: "a2 a3 a12 a13 end" }, [
      "a[-7,3): 2",
      "a[3,13): 3 12",
      "a[13,23): 13",
    ]);
  });

  test("a record is in every sliding window that it falls into", () => {
    check({ assigner: slidingWindows({ size: 10, every: 4 }), input: "a9 a12 end" }, [
      "a[0,10): 9",
      "a[4,14): 9 12",
      "a[8,18): 9 12",
      "a[12,22): 12",
    ]);
  });

  test("windows of processing time take records when they come", () => {
    check(
      { assigner: tumblingWindows({ size: 10, time: "processing" }), input: "a500 ~5 a1 ~9 a1 ~10 a1 end ~19 ~20" },
      ["a[0,10): 500 1 1", "a[10,20): 1"],
    );
  });

  test("so are sliding windows of processing time, and all of them fire when it passes their ends", () => {
    const assigner = slidingWindows({ size: 10, every: 5, time: "processing" });
    check({ assigner, input: "~7 a1 ~10 ~14 ~15" }, ["a[0,10): 1", "a[5,15): 1"]);
  });

  test("windows may be of one's own making", () => {
    const upToTheHour: WindowAssigner<unknown> = {
      ...tumblingWindows({ size: 10 }),
      assign: (_, at) => [5, 10].filter((end) => at < end).map((end) => ({ start: 0, end })),
    };
    check({ assigner: upToTheHour, input: "a1 a7 end" }, ["a[0,5): 1", "a[0,10): 1 7"]);
    const colliding: WindowAssigner<unknown> = {
      ...tumblingWindows({ size: 10 }),
      assign: (_, at) => [{ start: at, end: 10 }],
    };
    expect(() => check({ assigner: colliding, input: "a1 a2" }, [])).toThrow(
      "window-1: two windows of one key end at 10, and start at 1 and 2",
    );
  });
});
