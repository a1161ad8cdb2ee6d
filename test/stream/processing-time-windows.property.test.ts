/** Windows of processing time against a naive model; fast-check prints the seed of what fails. */

import { describe, test } from "@jest/globals";
import fc from "fast-check";
import {
  continuousProcessingTimeTrigger,
  sessionWindows,
  slidingWindows,
  tumblingWindows,
  type Window,
} from "../../src/stream/index.ts";
import type { NaiveTrigger, Reading } from "./naive-windows.ts";
import { expectAlike, script } from "./window-script.ts";

/** Fires when processing time comes to the window's end. */
const atTheEnd: NaiveTrigger<null> = {
  fresh: () => null,
  onElement(_, window) {
    window.timers.processing.add(window.end);
    return "CONTINUE";
  },
  onTime: ({ domain, at }, window) => (domain === "processing" && at === window.end ? "FIRE" : "CONTINUE"),
  onMerge: (window) => void window.timers.processing.add(window.end),
};

/** And at every multiple of so many milliseconds before it. */
const everySoOften = (every: number): NaiveTrigger<null> => ({
  ...atTheEnd,
  onElement(_, window, { processingTime }) {
    const next = Math.floor(processingTime / every) * every + every;
    for (let at = next; at <= window.end; at += every) window.timers.processing.add(at);
    return atTheEnd.onElement(_, window, { processingTime, watermark: 0 });
  },
  onTime: ({ domain, at }, { end }) => (domain === "processing" && at <= end ? "FIRE" : "CONTINUE"),
});

function windowsOf({ size, every, offset }: { size: number; every: number; offset: number }) {
  return (at: number): Window[] => {
    const starts = Array.from({ length: 2 * size + 1 }, (_, i) => at + size - i);
    return starts
      .filter((start) => start <= at && at < start + size && (start - offset) % every === 0)
      .map((start) => ({ start, end: start + size }));
  };
}

const size = fc.integer({ min: 1, max: 20 });
const periods = size
  .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 1, max: size })))
  .chain(([size, every]) =>
    fc.record({
      size: fc.constant(size),
      every: fc.constant(every),
      offset: fc.integer({ min: 1 - every, max: every - 1 }),
    }),
  );

// S11.29
describe("windows of processing time are what a naive model finds", () => {
  test("side by side, and sliding", () => {
    fc.assert(
      fc.property(periods, script, ({ size, every, offset }, steps) => {
        const naive = { time: "processing" as const, trigger: atTheEnd };
        const assigner = slidingWindows({ size, every, offset, time: "processing" });
        expectAlike({ assigner, naive: { ...naive, windowsOf: windowsOf({ size, every, offset }) } }, steps);
        const tumbling = tumblingWindows({ size: every, offset, time: "processing" });
        expectAlike(
          { assigner: tumbling, naive: { ...naive, windowsOf: windowsOf({ size: every, every, offset }) } },
          steps,
        );
      }),
    );
  });

  test("sessions, whose gap may be the record's own", () => {
    fc.assert(
      fc.property(script, size, (steps, least) => {
        const gap = ({ value }: Reading): number => least + value;
        expectAlike(
          {
            assigner: sessionWindows({ gap, time: "processing" }),
            naive: {
              time: "processing",
              windowsOf: (at, reading) => [{ start: at, end: at + gap(reading) }],
              trigger: atTheEnd,
              merges: true,
            },
          },
          steps,
        );
      }),
    );
  });

  test("that fire every so often, and at the end", () => {
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 7 }), script, (size, every, steps) => {
        expectAlike(
          {
            assigner: tumblingWindows({ size, time: "processing" }),
            windowed: (windows) => windows.trigger(continuousProcessingTimeTrigger(every)),
            naive: {
              time: "processing",
              windowsOf: windowsOf({ size, every: size, offset: 0 }),
              trigger: everySoOften(every),
            },
          },
          steps,
        );
      }),
    );
  });
});
