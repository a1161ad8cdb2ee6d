/** Windows that fire when their trigger has not for long; against a naive model, too: fast-check prints the seed of what fails. */

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  countTrigger,
  eventTimeTrigger,
  globalWindows,
  purgingTrigger,
  sessionWindows,
  timeoutTrigger,
} from "../../src/stream/index.ts";
import type { NaiveTrigger } from "./naive-windows.ts";
import { expectAlike, script } from "./window-script.ts";
import { check, type Windowed } from "./windowed.ts";

const assigner = globalWindows();
const threeOr10 = purgingTrigger(timeoutTrigger(countTrigger(3), { after: 10 }));
const threeOrQuiet = purgingTrigger(timeoutTrigger(countTrigger(3), { after: 10, since: "last" }));

// S11.39
describe("a timeout", () => {
  test("fires what has come, if the other trigger does not, and both begin anew", () => {
    check({ assigner, windowed: (w) => w.trigger(threeOr10), input: "~5 a1 ~9 a2 ~14 ~15 a3 a4 ~16 a5 ~40" }, [
      "a: 1 2",
      "a: 3 4 5",
    ]);
  });

  test("may go by the last record", () => {
    check({ assigner, windowed: (w) => w.trigger(threeOrQuiet), input: "~5 a1 ~9 a2 ~18 ~19 a3 ~50" }, [
      "a: 1 2",
      "a: 3",
    ]);
  });

  test("of a key is its own", () => {
    check({ assigner, windowed: (w) => w.trigger(threeOr10), input: "~1 a1 ~3 b2 ~11 ~13" }, ["a: 1", "b: 2"]);
  });

  test("goes together with windows that fire at their end", () => {
    const early = timeoutTrigger(eventTimeTrigger(), { after: 10 });
    check({ windowed: (w) => w.trigger(early), input: "~1 a1 ~11 a2 |9 ~40 end" }, ["a[0,10): 1", "a[0,10): 1 2"]);
  });

  test("is the earliest of sessions that become one", () => {
    const early = timeoutTrigger(eventTimeTrigger(), { after: 10 });
    const windowed = { assigner: sessionWindows({ gap: 5 }), windowed: (w: Windowed) => w.trigger(early) };
    check({ ...windowed, input: "~1 a1 ~3 a8 ~5 a4 ~10 ~11 end" }, ["a[1,13): 1 8 4", "a[1,13): 1 8 4"]);
  });

  test("takes some time", () => {
    expect(() => timeoutTrigger(countTrigger(2), { after: 0 })).toThrow(
      "the time of a timeout trigger is 0; expected a whole number of milliseconds, at least 1",
    );
  });

  test("is what a naive model finds", () => {
    const small = fc.integer({ min: 1, max: 6 });
    const since = fc.constantFrom<"first" | "last">("first", "last");
    fc.assert(
      fc.property(small, fc.integer({ min: 1, max: 20 }), since, script, (count, after, since, steps) => {
        expectAlike(
          {
            assigner,
            windowed: (windows) =>
              windows.trigger(purgingTrigger(timeoutTrigger(countTrigger(count), { after, since }))),
            naive: {
              time: "event",
              windowsOf: () => [{ start: -Infinity, end: Infinity }],
              trigger: countOrTimeout({ count, after, since }),
            },
          },
          steps,
        );
      }),
    );
  });
});

/** All timers that were ever needed are set; what counts is whether the deadline has come. */
function countOrTimeout({ count, after, since }: { count: number; after: number; since: "first" | "last" }) {
  const naive: NaiveTrigger<{ seen: number; due: number | null }> = {
    fresh: () => ({ seen: 0, due: null }),
    onElement(_, { memory, timers }, { processingTime }) {
      memory.seen++;
      if (since === "last" || memory.due === null) memory.due = processingTime + after;
      timers.processing.add(memory.due);
      if (memory.seen < count) return "CONTINUE";
      Object.assign(memory, naive.fresh());
      return "FIRE_AND_PURGE";
    },
    onTime({ domain, at }, { memory }) {
      if (domain !== "processing" || at !== memory.due) return "CONTINUE";
      Object.assign(memory, naive.fresh());
      return "FIRE_AND_PURGE";
    },
  };
  return naive;
}
