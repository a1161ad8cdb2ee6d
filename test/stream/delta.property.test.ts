/** The delta trigger and the evictors against a naive model; fast-check prints the seed of what fails. */

import { describe, test } from "@jest/globals";
import fc from "fast-check";
import {
  countEvictor,
  countTrigger,
  deltaEvictor,
  deltaTrigger,
  globalWindows,
  purgingTrigger,
  timeEvictor,
  tumblingWindows,
  type Evictor,
  type EvictorOptions,
  type Window,
} from "../../src/stream/index.ts";
import type { NaiveTrigger, Reading } from "./naive-windows.ts";
import { expectAlike, script, type Windowed } from "./window-script.ts";

const distance = (a: Reading, b: Reading): number => Math.abs(a.value - b.value);

const byDelta = (threshold: number, purges: boolean): NaiveTrigger<{ last: Reading | null }> => ({
  fresh: () => ({ last: null }),
  onElement(reading, { memory }) {
    if (memory.last === null) {
      memory.last = reading;
      return "CONTINUE";
    }
    if (distance(memory.last, reading) <= threshold) return "CONTINUE";
    memory.last = reading;
    return purges ? "FIRE_AND_PURGE" : "FIRE";
  },
  onTime: () => "CONTINUE",
});

const byCount = (every: number): NaiveTrigger<{ seen: number }> => ({
  fresh: () => ({ seen: 0 }),
  onElement(_, { memory }) {
    memory.seen = (memory.seen + 1) % every;
    return memory.seen === 0 ? "FIRE" : "CONTINUE";
  },
  onTime: () => "CONTINUE",
});

const tens = (at: number): Window[] => [{ start: at - (at % 10), end: at - (at % 10) + 10 }];
const endless = (): Window[] => [{ start: -Infinity, end: Infinity }];

const threshold = fc.integer({ min: 1, max: 8 });
const small = fc.integer({ min: 1, max: 6 });
const when = fc.constantFrom<"before" | "after">("before", "after");

// S11.27
describe("how far records are apart", () => {
  test("makes a delta trigger fire", () => {
    fc.assert(
      fc.property(threshold, fc.boolean(), script, (threshold, purges, steps) => {
        const delta = deltaTrigger<Reading>({ threshold, delta: distance });
        const trigger = purges ? purgingTrigger(delta) : delta;
        const naive = { time: "event" as const, trigger: byDelta(threshold, purges) };
        const windowed = { windowed: (windows: Windowed) => windows.trigger(trigger) };
        expectAlike({ assigner: globalWindows(), ...windowed, naive: { ...naive, windowsOf: endless } }, steps);
        expectAlike(
          { assigner: tumblingWindows({ size: 10 }), ...windowed, naive: { ...naive, windowsOf: tens } },
          steps,
        );
      }),
    );
  });
});

type Keep = (readings: readonly Reading[]) => readonly Reading[];
type MakeEvictor = (options: EvictorOptions) => Evictor<Reading>;

// S11.14
describe("evictors leave what a naive model leaves, before the function and after it", () => {
  test.each<[by: string, plan: (limit: number) => { readonly evictor: MakeEvictor; readonly keep: Keep }]>([
    [
      "by count",
      (limit) => ({
        evictor: (options) => countEvictor(limit, options),
        keep: (readings) => readings.slice(Math.max(0, readings.length - limit)),
      }),
    ],
    [
      "by time",
      (limit) => ({
        evictor: (options) => timeEvictor(limit, options),
        keep: (readings) => readings.filter(({ at }) => readings.every((other) => other.at - at < limit)),
      }),
    ],
    [
      "by delta",
      (limit) => ({
        evictor: (options) => deltaEvictor({ threshold: limit, delta: distance, ...options }),
        keep: (readings) => readings.filter((one) => distance(one, readings.at(-1)!) < limit),
      }),
    ],
  ])("%s", (_, plan) => {
    fc.assert(
      fc.property(small, small, when, script, (every, limit, evict, steps) => {
        const { evictor, keep } = plan(limit);
        expectAlike(
          {
            assigner: globalWindows(),
            windowed: (windows) => windows.trigger(countTrigger(every)).evictor(evictor({ evict })),
            naive: {
              time: "event",
              windowsOf: endless,
              trigger: byCount(every),
              ...(evict === "before" ? { evictBefore: keep } : { evictAfter: keep }),
            },
          },
          steps,
        );
      }),
    );
  });
});
