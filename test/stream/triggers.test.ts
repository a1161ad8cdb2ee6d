/** When windows fire. */

import { describe, test } from "@jest/globals";
import {
  continuousEventTimeTrigger,
  continuousProcessingTimeTrigger,
  countTrigger,
  eventTimeTrigger,
  globalWindows,
  purgingTrigger,
  valueState,
  type Trigger,
  type TriggerResult,
} from "../../src/stream/index.ts";
import { check, type Reading, type Windowed } from "./windowed.ts";

// S11.12
describe("triggers", () => {
  const every3 = continuousEventTimeTrigger(3);

  test("event time fires once, when the watermark passes the end", () => {
    check({ input: "a1 |8 |9 |100 end" }, ["a[0,10): 1"]);
  });

  test("count fires each time that so many have come, and what is left over is not fired", () => {
    check({ windowed: (w) => w.trigger(countTrigger(2)), input: "a1 a2 a3 a4 a5 end" }, [
      "a[0,10): 1 2",
      "a[0,10): 1 2 3 4",
    ]);
  });

  test("purging drops what was fired", () => {
    check({ windowed: (w) => w.trigger(purgingTrigger(countTrigger(2))), input: "a1 a2 a3 a4 end" }, [
      "a[0,10): 1 2",
      "a[0,10): 3 4",
    ]);
  });

  // S11.13
  test("a continuous trigger fires between, and at the end", () => {
    check({ windowed: (w) => w.trigger(every3), input: "a1 |2 |3 a4 |6 |9 end" }, [
      "a[0,10): 1",
      "a[0,10): 1 4",
      "a[0,10): 1 4",
    ]);
  });

  test("a continuous trigger of processing time goes by that", () => {
    const windowed = (w: Windowed): Windowed => w.trigger(continuousProcessingTimeTrigger(10));
    check({ windowed, input: "~1 a1 ~9 ~10 a2 ~35 end" }, ["a[0,10): 1", "a[0,10): 1 2", "a[0,10): 1 2"]);
  });

  test("a trigger's result may be to go on, to fire, to drop, or to fire and drop", () => {
    const results: TriggerResult[] = ["CONTINUE", "FIRE", "PURGE", "CONTINUE", "FIRE_AND_PURGE", "FIRE"];
    const scripted: Trigger<Reading> = { ...eventTimeTrigger(), onElement: ({ value: { at } }) => results[at - 1]! };
    check({ windowed: (w) => w.trigger(scripted), input: "a1 a2 a3 a4 a5 a6" }, [
      "a[0,10): 1 2",
      "a[0,10): 4 5",
      "a[0,10): 6",
    ]);
  });

  test("a window with nothing in it does not fire", () => {
    const purging = purgingTrigger(eventTimeTrigger());
    check({ windowed: (w) => w.trigger(purging).allowedLateness(5), input: "a1 |9 |20" }, ["a[0,10): 1"]);
  });

  test("a trigger may be of one's own making", () => {
    const seen = valueState<number>({ name: "seen" });
    const first: Trigger<Reading> = {
      ...eventTimeTrigger(),
      name: "at the first",
      onElement(_, context) {
        const state = context.state(seen);
        if (state.value() !== undefined) return "PURGE";
        state.update(1);
        return "FIRE";
      },
      onEventTime: () => "CONTINUE",
    };
    check({ windowed: (w) => w.trigger(first), input: "a1 a2 b3 a11 end" }, [
      "a[0,10): 1",
      "b[0,10): 3",
      "a[10,20): 11",
    ]);
  });

  // S11.10
  test("windows without an end fire as their trigger says", () => {
    check({ assigner: globalWindows(), windowed: (w) => w.trigger(countTrigger(2)), input: "a1 a100 end" }, [
      "a: 1 100",
    ]);
    check({ assigner: globalWindows(), windowed: (w) => w.trigger(every3), input: "a1 |3 a4 end" }, ["a: 1", "a: 1 4"]);
  });
});
