import { describe, expect, test } from "@jest/globals";
import { BEGINNING_OF_TIME, END_OF_TIME } from "../../src/core/time.ts";
import { combinedWatermark, PartitionWatermark, type WatermarkStrategy } from "../../src/stream/watermark.ts";

const BOUNDED: WatermarkStrategy = { kind: "bounded", outOfOrdernessMs: 10 };
const ASCENDING: WatermarkStrategy = { kind: "bounded", outOfOrdernessMs: 0 };
const PUNCTUATED: WatermarkStrategy = { kind: "punctuated" };

/** The watermark after each event; `5!` is one that carries a watermark. */
function after(strategy: WatermarkStrategy, events: string): number[] {
  const watermark = new PartitionWatermark();
  return events.split(" ").map((event) => {
    watermark.observe(strategy, Number.parseInt(event), event.endsWith("!"));
    return watermark.current;
  });
}

describe("the watermark of a partition", () => {
  test("begins before all time", () => {
    expect(new PartitionWatermark().current).toBe(BEGINNING_OF_TIME);
  });

  // S1.5
  test("is the bound and 1 ms behind the greatest time, and never goes back", () => {
    expect(after(BOUNDED, "20 15 30 25 -5")).toEqual([9, 9, 19, 19, 19]);
    expect(after(ASCENDING, "20 15 21")).toEqual([19, 19, 20]);
    expect(after(BOUNDED, "-20 0")).toEqual([-31, -11]);
  });

  // S1.5
  test("is what the events that carry it say, where it is punctuated", () => {
    expect(after(PUNCTUATED, "20 15! 30 10! 16!")).toEqual([BEGINNING_OF_TIME, 15, 15, 15, 16]);
  });

  test("goes where an explicit one says, unless that is behind", () => {
    const watermark = new PartitionWatermark();
    const visited = [5, 3, END_OF_TIME, 7].map((time) => {
      watermark.advanceTo(time);
      return watermark.current;
    });
    expect(visited).toEqual([5, 5, END_OF_TIME, END_OF_TIME]);
  });
});

// S1.6
describe("the watermark of several inputs", () => {
  test.each([
    ["is the least", [3, 1, 2], 1],
    ["is not held back by an input that has had nothing yet", [3, BEGINNING_OF_TIME], 3],
    ["is not held back by one that has ended", [3, END_OF_TIME], 3],
    ["has ended when all have", [END_OF_TIME, BEGINNING_OF_TIME, END_OF_TIME], END_OF_TIME],
    ["has not begun before any has", [BEGINNING_OF_TIME, BEGINNING_OF_TIME], BEGINNING_OF_TIME],
    ["has not begun without inputs", [], BEGINNING_OF_TIME],
  ])("%s", (_, inputs, expected) => {
    expect(combinedWatermark(inputs)).toBe(expected);
  });
});
