/** Windows that fire every so often: at each of the moments up to their end, then for each record that is late and allowed. */

import { expect, test } from "@jest/globals";
import {
  ascendingTimestamps,
  continuousEventTimeTrigger,
  globalWindows,
  sessionWindows,
  StreamEnvironment,
  tumblingWindows,
  type WindowAssigner,
} from "../../src/stream/index.ts";

interface Job {
  readonly assigner: WindowAssigner<unknown>;
  readonly lateness?: number;
  /** Records by their times; `>12` is a watermark, `end` the end. */
  readonly script: string;
}

/** What fires at each step: the times of the records in the window, every 7 ms. */
function fired({ assigner, lateness = 0, script }: Job): string {
  const env = new StreamEnvironment();
  const source = env.source<number>("n", { watermarks: ascendingTimestamps() });
  let seen: string[] = [];
  source
    .keyBy(() => "k")
    .window(assigner)
    .trigger(continuousEventTimeTrigger(7))
    .allowedLateness(lateness)
    .process<never>(() => ({ process: (times) => void seen.push(times.join("+")) }));
  const task = env.createTask();
  const steps = script.split(" ").map((step) => {
    seen = [];
    if (step === "end") task.end();
    else if (step.startsWith(">")) task.input(source).advanceWatermark(Number(step.slice(1)));
    else task.push(source, Number(step), Number(step));
    return `${step}: ${seen.join(", ")}`.trim();
  });
  return steps.join(" | ");
}

test("the end of the stream is a watermark like any other: each moment up to the window's end", () => {
  const assigner = tumblingWindows({ size: 20 });
  expect(fired({ assigner, script: "1 >100" })).toBe("1: | >100: 1, 1, 1");
  expect(fired({ assigner, script: "1 end" })).toBe("1: | end: 1, 1, 1");
});

test("a window that stays for late records does not fire by itself after its end, nor as it goes", () => {
  // After 7 it would be due at 14, which is when the window goes.
  const assigner = tumblingWindows({ size: 13 });
  expect(fired({ assigner, lateness: 2, script: "1 >7 >12 2 >14 end" })).toBe(
    "1: | >7: 1 | >12: 1 | 2: 1+2 | >14: | end:",
  );
});

test("a late record that widens a session which is over fires it once", () => {
  const assigner = sessionWindows({ gap: 2 });
  expect(fired({ assigner, lateness: 3, script: "2 >3 1 >4" })).toBe("2: | >3: 2 | 1: 2+1 | >4:");
});

// S11.13
test("a window without an end fires once for what has come, however far time goes, and waits for another record", () => {
  const assigner = globalWindows();
  expect(fired({ assigner, script: "1 2 >6 >1000000000000 1000000000001 end" })).toBe(
    "1: | 2: | >6: | >1000000000000: 1+2 | 1000000000001: | end: 1+2+1000000000001",
  );
});
