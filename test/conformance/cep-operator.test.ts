/** Flink's own tests of its CEP operator hold here, but for what SEMANTICS.md decides otherwise. */

import { describe, expect, test } from "@jest/globals";
import { createEngine } from "../../src/index.ts";
import { describeOperatorVectors } from "../support/operator-cases.ts";
import { readOperatorVectors, runOperatorVector, type Kept } from "../support/operator-vector.ts";

describeOperatorVectors("CEPOperatorTest.json", {
  // An event is matched where its time is the watermark + 1 ms, a step before Flink does.
  "CEPOperatorTest.testCEPOperatorCleanupEventTime": {
    semantics: "S4.12",
    outputs: [
      "11: match start[3] middle[1] end[7] at 6",
      "11: match start[3] middle[6] end[7] at 6",
      "11: match start[5] middle[6] end[7] at 6",
      "14: match start[5] middle[6] end[9] at 13",
    ],
  },
  "CEPOperatorTest.testCEPOperatorCleanupEventTimeWithSameElements": {
    semantics: "S4.12",
    outputs: [
      "8: match start[2] end[3] at 3",
      "8: match start[2] middle1[3] end[4] at 3",
      "8: match start[2] middle1[3, 4] end[5] at 3",
      "9: match start[2] middle1[3, 4, 5] middle2[0] end[1] at 7",
      "9: match start[2] middle1[3, 4, 5] end[1] at 7",
      "9: match start[2] middle1[3, 4] middle2[0] end[1] at 7",
      "9: match start[2] middle1[3] middle2[0] end[1] at 7",
      "9: match start[2] middle2[0] end[1] at 7",
    ],
  },
  "CEPOperatorTest.testCEPOperatorSideOutputLateElementsEventTime": {
    semantics: "S4.12",
    outputs: ["3: late 1", "4: late 2", "5: match start[0] end[3] at 7"],
  },
  // There is no comparator: events of one time keep the order of their arrival.
  "CEPOperatorTest.testCEPOperatorComparatorEventTime": {
    semantics: "S4.17",
    outputs: [
      "11: match start[0] middle[5] end[7] at 6",
      "11: match start[0] middle[6] end[7] at 6",
      "11: match start[4] middle[5] end[7] at 6",
      "11: match start[4] middle[6] end[7] at 6",
    ],
  },
  "CEPOperatorTest.testCEPOperatorComparatorProcessTime": {
    semantics: "S4.17",
    outputs: ["11: match start[0] middle[4] end[7]", "11: match start[0] middle[5] end[7]"],
  },
});

describeOperatorVectors("CEPITCase.json", {
  // A match's time is that of the event that completed it, although it was held until time came to the end.
  "CEPITCase.testPartialMatchTimeoutOutputCompletedMatch": {
    semantics: "S4.14",
    outputs: ["5: match start[2, 3] middle[4] at 4"],
  },
});

// What Flink's tests count in timers and buffers.
describe("what has run out is not kept", () => {
  const kept: readonly (readonly [string, number, Kept])[] = [
    ["CEPOperatorTest.testCEPOperatorCleanupEventTime", 5, { keys: [], waiting: 5 }],
    ["CEPOperatorTest.testCEPOperatorCleanupEventTime", 6, { keys: [42, 43], waiting: 0 }],
    ["CEPOperatorTest.testCEPOperatorCleanupEventTime", 12, { keys: [42], waiting: 0 }],
    ["CEPOperatorTest.testCEPOperatorCleanupEventTime", 16, { keys: [], waiting: 0 }],
    ["CEPOperatorTest.testCEPOperatorCleanupEventTimeWithSameElements", 7, { keys: [], waiting: 7 }],
    ["CEPOperatorTest.testCEPOperatorCleanupEventTimeWithSameElements", 9, { keys: [41], waiting: 0 }],
    ["CEPOperatorTest.testCEPOperatorCleanupEventTimeWithSameElements", 10, { keys: [], waiting: 0 }],
    ["CEPOperatorTest.testCEPOperatorCleanupProcessingTime", 14, { keys: [42], waiting: 0 }],
    ["CEPOperatorTest.testCEPOperatorCleanupProcessingTime", 15, { keys: [], waiting: 0 }],
    ["CEPOperatorTest.testCEPOperatorCleanupProcessingTime", 18, { keys: [], waiting: 0 }],
  ];
  const { vectors } = readOperatorVectors("CEPOperatorTest.json");
  test.each(kept)("%s after step %d", (id, step, expected) => {
    const vector = vectors.find((each) => each.id === id)!;
    expect(runOperatorVector(vector).kept[step]).toEqual(expected);
  });
});

describe("upstream tests that have no steps and outputs", () => {
  test("are these", () => {
    const ids = readOperatorVectors("CEPOperatorTest.json").untranscribed.map(({ id }) => id);
    expect(ids).toEqual(["CEPOperatorTest.testProcessingTimestampisPassedToNFA"]);
    expect(readOperatorVectors("probes.json").untranscribed).toEqual([]);
    expect(readOperatorVectors("CEPITCase.json").untranscribed).toEqual([]);
  });

  test("testProcessingTimestampisPassedToNFA: without `time`, an event's time is that of its arrival, whatever it says", () => {
    const engine = createEngine({ rules: "rule r { from s pattern { begin e } emit { at = time(event) } }" });
    expect(engine.push("s", { ts: 3 }, { at: 5 })).toMatchObject([
      { alert: { at: "1970-01-01T00:00:00.005Z", emit: { at: 5 } } },
    ]);
  });
});
