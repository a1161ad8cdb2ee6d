/** What cannot work is refused as the job is written down, with the place and a way out. */

import { describe, expect, test } from "@jest/globals";
import {
  boundedOutOfOrderness,
  calendarDays,
  continuousEventTimeTrigger,
  countTrigger,
  endOfInputTrigger,
  eventTimeTrigger,
  globalWindows,
  purgingTrigger,
  sessionWindows,
  slidingWindows,
  StreamEnvironment,
  timeEvictor,
  tumblingWindows,
  outputTag,
} from "../../src/stream/index.ts";
import { check, type Reading } from "./windowed.ts";

describe("what cannot work is refused", () => {
  const keyed = () => new StreamEnvironment().source<Reading>("readings").keyBy(({ key }) => key);

  test.each<[what: string, build: () => unknown, message: string]>([
    [
      "a window of no size",
      () => tumblingWindows({ size: 0 }),
      "the `size` of tumbling windows is 0; expected a whole number of milliseconds, at least 1",
    ],
    [
      "a tag without a name",
      () => outputTag(""),
      'an output tag was given "" for its name; expected a text that is not empty',
    ],
    [
      "a window of negative size",
      () => slidingWindows({ size: -1, every: 1 }),
      "the `size` of sliding windows is -1; expected a whole number of milliseconds, at least 1",
    ],
    [
      "gaps between windows",
      () => slidingWindows({ size: 1000, every: 2000 }),
      "the `every` of sliding windows, 2s, is longer than their `size`, 1s",
    ],
    [
      "gaps between count windows",
      () => keyed().countWindow(2, 3),
      "the `every` of count windows, 3, is greater than their size, 2",
    ],
    [
      "an offset beyond the period",
      () => tumblingWindows({ size: 10, offset: 25 }),
      "the `offset` of tumbling windows is 25; expected whole milliseconds, less than the 10ms after which windows repeat",
    ],
    [
      "sessions without a gap",
      () => sessionWindows({ gap: 0 }),
      "the `gap` of session windows is 0; expected a whole number of milliseconds, at least 1",
    ],
    [
      "windows of another time",
      () => tumblingWindows({ size: 1, time: "Event" as "event" }),
      'the `time` of windows is "Event"; expected "event" or "processing"',
    ],
    [
      "an unknown time zone",
      () => calendarDays({ zone: "Europe/Pari" }),
      "`Europe/Pari` is no time zone; expected a name of the IANA database",
    ],
    [
      "windows of no days",
      () => calendarDays({ zone: "UTC", days: 0 }),
      "the `days` of calendar windows is 0; expected a whole number, at least 1",
    ],
    [
      "negative lateness",
      () =>
        keyed()
          .window(tumblingWindows({ size: 1 }))
          .allowedLateness(-1),
      "the allowed lateness of windows is -1; expected a whole number of milliseconds, 0 or more",
    ],
    [
      "a global window without a trigger",
      () =>
        keyed()
          .window(globalWindows())
          .reduce((a) => a),
      "global windows have no trigger: they would never fire",
    ],
    [
      "a global window that fires at its end",
      () =>
        keyed()
          .window(globalWindows())
          .trigger(purgingTrigger(eventTimeTrigger()))
          .reduce((a) => a),
      'global windows have no end, which is when the trigger "event time, purging" fires: they would never fire',
    ],
    [
      "a window with an end that fires at the end of input",
      () =>
        keyed()
          .window(tumblingWindows({ size: 10 }))
          .trigger(endOfInputTrigger())
          .reduce((a) => a),
      'tumbling 10ms windows are over before the end of input, which is when the trigger "at the end of input" fires: they would never fire',
    ],
    [
      "a trigger of no records",
      () => countTrigger(0),
      "the count of a trigger is 0; expected a whole number, at least 1",
    ],
    [
      "a trigger that fires all the time",
      () => continuousEventTimeTrigger(0),
      "the interval of a continuous trigger is 0; expected a whole number of milliseconds, at least 1",
    ],
    [
      "an evictor that keeps nothing",
      () => timeEvictor(0),
      "the time of an evictor is 0; expected a whole number of milliseconds, at least 1",
    ],
    [
      "sessions of what cannot merge",
      () =>
        keyed()
          .window(sessionWindows({ gap: 5 }))
          .aggregate({ createAccumulator: () => 0, add: () => 0, getResult: () => 0 }),
      "session 5ms windows become one when they overlap, and the aggregate has no `merge`",
    ],
    [
      "sessions under a trigger that cannot merge",
      () =>
        keyed()
          .window(sessionWindows({ gap: 5 }))
          .trigger({ name: "mine", onElement: () => "FIRE", onEventTime: () => "FIRE", onProcessingTime: () => "FIRE" })
          .reduce((a) => a),
      'session 5ms windows become one when they overlap, and the trigger "mine" has no `onMerge`',
    ],
    [
      "a negative bound",
      () => boundedOutOfOrderness(-1),
      "the bound of watermarks is -1; expected a whole number of milliseconds, 0 or more",
    ],
  ])("%s", (_, build, message) => {
    expect(build).toThrow(message);
    expect(build).toThrow(expect.objectContaining({ code: expect.any(String), hint: expect.any(String) }));
  });

  test("a session's gap of zero for one record", () => {
    expect(() => check({ assigner: sessionWindows({ gap: () => 0 }), input: "a7" }, [])).toThrow(
      "the `gap` of session windows, for a record at 7, is 0",
    );
  });
});
