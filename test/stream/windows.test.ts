/** Which windows there are, when they fire, and what is too late for them. */

import { describe, expect, test } from "@jest/globals";
import {
  boundedOutOfOrderness,
  calendarDays,
  continuousEventTimeTrigger,
  continuousProcessingTimeTrigger,
  countTrigger,
  eventTimeTrigger,
  globalWindows,
  outputTag,
  purgingTrigger,
  sessionWindows,
  slidingWindows,
  StreamEnvironment,
  timeEvictor,
  tumblingWindows,
  valueState,
  type Trigger,
  type Window,
  type WindowAssigner,
  type WindowedStream,
} from "../../src/stream/index.ts";

interface Reading {
  readonly key: string;
  readonly at: number;
}

type Windowed = WindowedStream<Reading, string>;

interface Case {
  readonly assigner?: WindowAssigner<unknown>;
  readonly windowed?: (windows: Windowed) => Windowed;
  /** `a5` is a record of key a at 5, `|9` a watermark, `~9` processing time, `end` the end. */
  readonly input: string;
}

/** Each firing as `a[0,10): 1 5`: the times of its records. */
function check(
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

describe("assigners", () => {
  test("tumbling windows are side by side, left-closed and right-open, also before the epoch", () => {
    check({ input: "a0 a9 a10 a-1 a-10 end" }, ["a[-10,0): -1 -10", "a[0,10): 0 9", "a[10,20): 10"]);
  });

  test("an offset shifts them", () => {
    check({ assigner: tumblingWindows({ size: 10, offset: 3 }), input: "a2 a3 a12 a13 end" }, [
      "a[-7,3): 2",
      "a[3,13): 3 12",
      "a[13,23): 13",
    ]);
  });

  test("a record is in every sliding window that it falls into", () => {
    check({ assigner: slidingWindows({ size: 10, every: 4 }), input: "a9 a12 end" }, [
      "a[0,10): 9",
      "a[4,14): 9 12",
      "a[8,18): 9 12",
      "a[12,22): 12",
    ]);
  });

  test("a session lasts as long as records come less than its gap apart", () => {
    check({ assigner: sessionWindows({ gap: 5 }), input: "a1 a12 a5 b3 end" }, [
      "b[3,8): 3",
      "a[1,10): 1 5",
      "a[12,17): 12",
    ]);
  });

  test("a record between two sessions makes them one", () => {
    check({ assigner: sessionWindows({ gap: 5 }), input: "a1 a9 a5 end" }, ["a[1,14): 1 9 5"]);
  });

  test("a session's gap may depend on the record", () => {
    const assigner = sessionWindows<unknown>({ gap: (value) => ((value as Reading).at < 10 ? 1 : 20) });
    check({ assigner, input: "a1 a10 a29 end" }, ["a[1,2): 1", "a[10,49): 10 29"]);
  });

  test("windows of processing time take records when they come", () => {
    check(
      { assigner: tumblingWindows({ size: 10, time: "processing" }), input: "a500 ~5 a1 ~9 a1 ~10 a1 end ~19 ~20" },
      ["a[0,10): 500 1 1", "a[10,20): 1"],
    );
  });

  test("windows may be of one's own making", () => {
    const upToTheHour: WindowAssigner<unknown> = {
      ...tumblingWindows({ size: 10 }),
      assign: (_, at) => [5, 10].filter((end) => at < end).map((end) => ({ start: 0, end })),
    };
    check({ assigner: upToTheHour, input: "a1 a7 end" }, ["a[0,5): 1", "a[0,10): 1 7"]);
    const colliding: WindowAssigner<unknown> = {
      ...tumblingWindows({ size: 10 }),
      assign: (_, at) => [{ start: at, end: 10 }],
    };
    expect(() => check({ assigner: colliding, input: "a1 a2" }, [])).toThrow(
      "window-1: two windows of one key end at 10, and start at 1 and 2",
    );
  });
});

describe("calendar days", () => {
  const HOUR = 3_600_000;

  test.each<[zone: string, at: string, start: string, hours: number]>([
    ["UTC", "2026-03-29T12:00:00Z", "2026-03-29T00:00:00Z", 24],
    ["Europe/Paris", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", 23],
    ["Europe/Paris", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", 25],
    ["Europe/Paris", "2026-10-25T23:00:00Z", "2026-10-25T23:00:00Z", 24],
    ["America/New_York", "2026-03-09T03:59:59Z", "2026-03-08T05:00:00Z", 23],
    ["Australia/Lord_Howe", "2026-04-05T00:00:00Z", "2026-04-04T13:00:00Z", 24.5],
    // Clocks that skip midnight, show it twice, and go back over it; a day that was left out.
    ["America/Sao_Paulo", "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z", 23],
    ["America/Havana", "2025-11-02T12:00:00Z", "2025-11-02T04:00:00Z", 25],
    ["America/Sao_Paulo", "2018-02-17T12:00:00Z", "2018-02-17T02:00:00Z", 25],
    ["America/Sao_Paulo", "2018-02-18T02:30:00Z", "2018-02-17T02:00:00Z", 25],
    ["Pacific/Apia", "2011-12-30T09:00:00Z", "2011-12-29T10:00:00Z", 24],
    ["Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z", 24],
  ])("in %s the day of %s begins at %s and has %d hours", (zone, at, start, hours) => {
    const [window] = calendarDays({ zone }).assign(null, Date.parse(at));
    expect(window).toEqual({ start: Date.parse(start), end: Date.parse(start) + hours * HOUR });
  });
});

test("several calendar days make a window, counted from 1970 on", () => {
  const at = Date.parse("2026-03-29T12:00:00Z");
  expect(calendarDays({ zone: "Europe/Paris", days: 7 }).assign(null, at)).toEqual([
    { start: Date.parse("2026-03-25T23:00:00Z"), end: Date.parse("2026-04-01T22:00:00Z") },
  ]);
  expect(Date.UTC(2026, 2, 26) % (7 * 86_400_000)).toBe(0);
});

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

  test("the state of a trigger is brought together when sessions are", () => {
    const assigner = sessionWindows({ gap: 5 });
    check({ assigner, windowed: (w) => w.trigger(countTrigger(3)), input: "a1 a8 a4" }, ["a[1,13): 1 8 4"]);
    check({ assigner, windowed: (w) => w.trigger(every3), input: "a1 a8 a4 |3 |12 end" }, [
      "a[1,13): 1 8 4",
      "a[1,13): 1 8 4",
      "a[1,13): 1 8 4",
      "a[1,13): 1 8 4",
    ]);
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

  test("windows without an end fire as their trigger says", () => {
    check({ assigner: globalWindows(), windowed: (w) => w.trigger(countTrigger(2)), input: "a1 a100 end" }, [
      "a: 1 100",
    ]);
    check({ assigner: globalWindows(), windowed: (w) => w.trigger(every3), input: "a1 |3 a4 end" }, ["a: 1", "a: 1 4"]);
  });
});

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

  test("a late record that joins an open session is in time", () => {
    check({ assigner: sessionWindows({ gap: 5 }), input: "a10 |12 a6 a2 end" }, ["a[2,15): 10 6 2"]);
    check({ assigner: sessionWindows({ gap: 5 }), input: "a10 |12 a2 end" }, ["late a2", "a[10,15): 10"]);
  });
});

describe("evictors", () => {
  test("by time keep what is near the newest", () => {
    check({ windowed: (w) => w.evictor(timeEvictor(3)), input: "a1 a4 a2 a5 end" }, ["a[0,10): 4 5"]);
  });
});

describe("what cannot work is refused", () => {
  const keyed = () => new StreamEnvironment().source<Reading>("readings").keyBy(({ key }) => key);

  test.each<[what: string, build: () => unknown, message: string]>([
    [
      "a window of no size",
      () => tumblingWindows({ size: 0 }),
      "the `size` of tumbling windows is 0; expected a whole number of milliseconds, at least 1",
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
