/** What tests of windows share: a job of windows by key, from a script of records and times, whose firings are told as text. */

import { expect } from "@jest/globals";
import {
  outputTag,
  StreamEnvironment,
  tumblingWindows,
  type Window,
  type WindowAssigner,
  type WindowedStream,
} from "../../src/stream/index.ts";

export interface Reading {
  readonly key: string;
  readonly at: number;
}

export type Windowed = WindowedStream<Reading, string>;

interface Case {
  readonly assigner?: WindowAssigner<unknown>;
  readonly windowed?: (windows: Windowed) => Windowed;
  /** `a5` is a record of key a at 5, `|9` a watermark, `~9` processing time, `end` the end. */
  readonly input: string;
}

/** Each firing as `a[0,10): 1 5`: the times of its records. */
export function check(
  { assigner = tumblingWindows({ size: 10 }), windowed = (windows) => windows, input }: Case,
  expected: string[],
): void {
  const env = new StreamEnvironment();
  const readings = env.source<Reading>("readings", { timestamp: ({ at }) => at });
  const late = outputTag<Reading>("late");
  const seen: string[] = [];
  const fired = windowed(
    readings
      .keyBy(({ key }) => key)
      .window(assigner)
      .sideOutputLateData(late),
  ).process<string>(() => ({
    process(elements, { key, window }) {
      seen.push(`${key}${textOf(window)}: ${elements.map(({ at }) => at).join(" ")}`);
    },
  }));
  fired.sideOutput(late).sinkTo(({ key, at }) => void seen.push(`late ${key}${at}`));
  const task = env.createTask();
  for (const step of input.split(" ")) {
    const time = Number(step.slice(1));
    if (step === "end") task.end();
    else if (step.startsWith("|")) task.input(readings).advanceWatermark(time);
    else if (step.startsWith("~")) task.advanceProcessingTime(time);
    else task.push(readings, { key: step[0]!, at: time });
  }
  expect(seen).toEqual(expected);
}

function textOf({ start, end }: Window): string {
  return Number.isFinite(end) ? `[${start},${end})` : "";
}
