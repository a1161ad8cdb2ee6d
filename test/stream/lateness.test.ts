/** Which records come too late, and which make a window fire once more. */

import { describe, test } from "@jest/globals";
import { slidingWindows, tumblingWindows } from "../../src/stream/index.ts";
import { check, type Windowed } from "./windowed.ts";

// S11.15
describe("lateness", () => {
  test("a record behind the watermark whose window is over goes to the side", () => {
    check({ input: "a1 |9 a2 a10" }, ["a[0,10): 1", "late a2"]);
  });

  test("a record behind the watermark whose window is open is in time", () => {
    check({ input: "|8 a2 |9" }, ["a[0,10): 2"]);
  });

  test("within the allowed lateness the window fires again, with the updated result", () => {
    check({ windowed: (w) => w.allowedLateness(5), input: "a1 |9 a2 |13 a3 |14 a4" }, [
      "a[0,10): 1",
      "a[0,10): 1 2",
      "a[0,10): 1 2 3",
      "late a4",
    ]);
  });

  test("a late record is in those of its sliding windows that are still there, and each fires again, the latest first", () => {
    const windowed = (w: Windowed): Windowed => w.allowedLateness(4);
    const assigner = slidingWindows({ size: 10, every: 5 });
    check({ assigner, windowed, input: "a7 |9 a8 |13 a9 |18 a6 |19" }, [
      "a[0,10): 7",
      "a[0,10): 7 8",
      "a[5,15): 7 8 9",
      "late a6",
    ]);
    check({ assigner, windowed, input: "a7 |14 a8" }, ["a[0,10): 7", "a[5,15): 7", "a[5,15): 7 8"]);
  });

  test("a window that was empty at its end fires for the late record that is allowed", () => {
    check({ windowed: (w) => w.allowedLateness(5), input: "|12 a3" }, ["a[0,10): 3"]);
  });

  test("by processing time no record is late", () => {
    check({ assigner: tumblingWindows({ size: 10, time: "processing" }), input: "|100 a3 ~10" }, ["a[0,10): 3"]);
  });
});
