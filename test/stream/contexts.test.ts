/** What functions are handed may be taken apart. */

import { describe, expect, test } from "@jest/globals";
import {
  ascendingTimestamps,
  StreamEnvironment,
  tumblingWindows,
  valueState,
  type Trigger,
} from "../../src/stream/index.ts";

interface Reading {
  readonly key: string;
  readonly at: number;
}

const count = valueState<number>({ name: "count" });

/** Fires at the second record. */
const second: Trigger<unknown> = {
  name: "second",
  onElement: (_value, { state }) => {
    const seen = (state(count).value() ?? 0) + 1;
    state(count).update(seen);
    return seen === 2 ? "FIRE" : "CONTINUE";
  },
  onEventTime: () => "CONTINUE",
  onProcessingTime: () => "CONTINUE",
};

function environment() {
  const env = new StreamEnvironment();
  const readings = env.source<Reading>("readings", {
    timestamp: ({ at }) => at,
    watermarks: ascendingTimestamps(),
  });
  const seen: string[] = [];
  return { env, readings, seen };
}

describe("methods of a context are functions of their own", () => {
  test("of a keyed process function, with state, timers and what it was opened with", () => {
    const { env, readings, seen } = environment();
    readings
      .keyBy(({ key }) => key)
      .process<string>(() => {
        let stateOfOpen: () => { value(): number | undefined };
        return {
          open: ({ state }) => void (stateOfOpen = () => state(count)),
          processElement({ at }, { state, registerEventTimeTimer }) {
            state(count).update(at);
            registerEventTimeTimer(at + 5);
          },
          onTimer: (at, { key, collect }) => collect(`${key} ${stateOfOpen().value()} at ${at}`),
        };
      })
      .sinkTo((text) => void seen.push(text));
    const task = env.createTask();
    task.push(readings, { key: "a", at: 1 });
    task.end();
    expect(seen).toEqual(["a 1 at 6"]);
  });

  test("of windows and triggers", () => {
    const { env, readings, seen } = environment();
    readings
      .keyBy(({ key }) => key)
      .window(tumblingWindows({ size: 10 }))
      .trigger(second)
      .process<string>(() => ({ process: (all, { key, collect }) => collect(`${key} ${all.length}`) }))
      .sinkTo((text) => void seen.push(text));
    const task = env.createTask();
    task.push(readings, { key: "a", at: 1 });
    task.push(readings, { key: "a", at: 2 });
    expect(seen).toEqual(["a 2"]);
  });
});
