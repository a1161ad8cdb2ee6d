/** Windows against a naive computation that keeps every record; fast-check prints the seed of what fails. */

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  boundedOutOfOrderness,
  calendarDays,
  sessionWindows,
  slidingWindows,
  StreamEnvironment,
  tumblingWindows,
  type Window,
  type WindowAssigner,
} from "../../src/stream/index.ts";

interface Reading {
  readonly key: string;
  readonly at: number;
  readonly value: number;
}

const reading = fc.record({ key: fc.constantFrom("a", "b"), at: fc.integer({ min: -50, max: 50 }), value: fc.nat(9) });
const readings = fc.array(reading, { maxLength: 40 });

const size = fc.integer({ min: 1, max: 30 });
const assigner = fc.oneof(
  size.chain((size) => fc.integer({ min: 1 - size, max: size - 1 }).map((offset) => tumblingWindows({ size, offset }))),
  size.chain((size) =>
    fc
      .integer({ min: 1, max: size })
      .chain((every) =>
        fc.integer({ min: 1 - every, max: every - 1 }).map((offset) => slidingWindows({ size, every, offset })),
      ),
  ),
);

interface Job {
  readonly assigner: WindowAssigner<unknown>;
  readonly bound: number;
  readonly lateness?: number;
}

/** The last result of each window, as `a[0,10)`: its sum. */
function results(records: readonly Reading[], { assigner, bound, lateness = 0 }: Job): Map<string, number> {
  const env = new StreamEnvironment();
  const source = env.source<Reading>("readings", {
    timestamp: ({ at }) => at,
    watermarks: boundedOutOfOrderness(bound),
  });
  const found = new Map<string, number>();
  source
    .keyBy(({ key }) => key)
    .window(assigner)
    .allowedLateness(lateness)
    .aggregate(
      {
        createAccumulator: () => 0,
        add: ({ value }: Reading, sum: number) => sum + value,
        getResult: (sum) => sum,
        merge: (a, b) => a + b,
      },
      () => ({ process: ([sum], { key, window }) => void found.set(nameOf(key, window), sum!) }),
    );
  const task = env.createTask();
  for (const record of records) task.push(source, record);
  task.end();
  expect(task.status().operators["window-1"]).toMatchObject({ keys: 0, timers: 0 });
  return found;
}

function nameOf(key: string, { start, end }: Window): string {
  return `${key}[${start},${end})`;
}

/** Every record into every window that it falls into, unless the watermark has passed the window's end and its lateness. */
function naive(
  records: readonly Reading[],
  { bound, lateness = 0, windowsOf }: Omit<Job, "assigner"> & { windowsOf: (at: number) => Window[] },
) {
  const found = new Map<string, number>();
  let watermark = -Infinity;
  for (const { key, at, value } of records) {
    for (const window of windowsOf(at)) {
      if (window.end - 1 + lateness <= watermark) continue;
      found.set(nameOf(key, window), (found.get(nameOf(key, window)) ?? 0) + value);
    }
    watermark = Math.max(watermark, at - bound - 1);
  }
  return found;
}

describe("windows are what a naive computation finds", () => {
  // S11.7 S11.15
  test("tumbling and sliding, with records that are late, and some of them allowed", () => {
    const period = size.chain((size) =>
      fc
        .integer({ min: 1, max: size })
        .chain((every) =>
          fc.tuple(fc.constant(size), fc.constant(every), fc.integer({ min: 1 - every, max: every - 1 })),
        ),
    );
    const options = fc.record({ bound: fc.nat(20), lateness: fc.nat(20) });
    fc.assert(
      fc.property(readings, period, options, (records, [size, every, offset], { bound, lateness }) => {
        const windowsOf = (at: number): Window[] => {
          const starts = Array.from({ length: 2 * size + 1 }, (_, i) => at - size + i);
          return starts
            .filter((start) => start <= at && at < start + size && (start - offset) % every === 0)
            .map((start) => ({ start, end: start + size }));
        };
        const sliding = slidingWindows({ size, every, offset });
        // One that is made by changing it keeps what it has by window, and not by pane.
        const oneByOne = { ...sliding };
        const tumbling = every === size ? [tumblingWindows({ size, offset })] : [];
        for (const assigner of [sliding, oneByOne, ...tumbling]) {
          const found = results(records, { assigner, bound, lateness });
          expect(found).toEqual(naive(records, { bound, lateness, windowsOf }));
        }
      }),
    );
  });

  // S11.10
  test("of so many records, at a time or the last of them", () => {
    const sizes = fc
      .integer({ min: 1, max: 6 })
      .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 1, max: size })));
    fc.assert(
      fc.property(readings, sizes, (records, [size, every]) => {
        const env = new StreamEnvironment();
        const source = env.source<Reading>("readings", { timestamp: ({ at }) => at });
        const keyed = source.keyBy(({ key }) => key);
        const [tumbling, sliding]: [string[], string[]] = [[], []];
        const show = (seen: string[]) => () => ({
          process: (values: readonly Reading[], { key }: { readonly key: string }) =>
            void seen.push(`${key} ${values.map(({ value }) => value).join(" ")}`),
        });
        keyed.countWindow(size).process<never>(show(tumbling));
        keyed.countWindow(size, every).process<never>(show(sliding));
        const task = env.createTask();
        const came: Reading[] = [];
        const expected: [string[], string[]] = [[], []];
        for (const record of records) {
          task.push(source, record);
          came.push(record);
          const own = came.filter(({ key }) => key === record.key);
          const last = `${record.key} ${own
            .slice(-size)
            .map(({ value }) => value)
            .join(" ")}`;
          if (own.length % size === 0) expected[0].push(last);
          if (own.length % every === 0) expected[1].push(last);
        }
        expect([tumbling, sliding]).toEqual(expected);
      }),
    );
  });

  // S11.8
  test("calendar days, around the days on which clocks change: as the calendar shows them", () => {
    const zones = [
      "Europe/Paris",
      "America/New_York",
      "Australia/Lord_Howe",
      "America/Sao_Paulo",
      "Africa/Cairo",
      "Pacific/Apia",
    ];
    const change = fc.constantFrom(...zones.flatMap((zone) => clockChanges(zone).map((noon) => ({ zone, noon }))));
    const minutes = fc.integer({ min: -60 * 60, max: 36 * 60 });
    fc.assert(
      fc.property(change, minutes, fc.constantFrom(1, 1, 2, 7), ({ zone, noon }, minutes, days) => {
        const dayOf = calendar(zone);
        const time = noon + minutes * 60_000;
        const [{ start, end }] = calendarDays({ zone, days }).assign(null, time) as [Window];
        const group = (at: number): number => Math.floor(dayOf(at) / days);
        expect(start <= time && time < end).toBe(true);
        expect([group(start), group(end - 1)]).toEqual([group(time), group(time)]);
        expect(group(start - 1)).toBeLessThan(group(time));
        expect(group(end)).toBeGreaterThan(group(time));
      }),
      { numRuns: 500 },
    );
  });

  // S11.9
  test("sessions, in whatever order they come", () => {
    fc.assert(
      fc.property(readings, fc.integer({ min: 1, max: 15 }), (records, gap) => {
        const expected = new Map<string, number>();
        for (const key of ["a", "b"]) {
          const inOrder = records.filter((record) => record.key === key).sort((a, b) => a.at - b.at);
          let session: { start: number; end: number; sum: number } | null = null;
          const close = (): void => {
            if (session !== null) expected.set(nameOf(key, session), session.sum);
          };
          for (const { at, value } of inOrder) {
            if (session === null || at >= session.end) {
              close();
              session = { start: at, end: at + gap, sum: 0 };
            }
            session = { start: session.start, end: at + gap, sum: session.sum + value };
          }
          close();
        }
        expect(results(records, { assigner: sessionWindows({ gap }), bound: 100 })).toEqual(expected);
      }),
    );
  });
});

// S11.22
test("whatever comes within the bound of order gives the same results in the end", () => {
  const windows = fc.oneof(
    assigner,
    fc.integer({ min: 1, max: 15 }).map((gap) => sessionWindows({ gap })),
  );
  const delayed = fc.array(fc.tuple(reading, fc.nat(12)), { maxLength: 40 });
  fc.assert(
    fc.property(delayed, windows, (records, assigner) => {
      const inOrder = records.map(([record]) => record).sort((a, b) => a.at - b.at);
      // A record that is held up by at most 12 is at most 12 behind the newest.
      const held = records.toSorted((a, b) => a[0].at + a[1] - (b[0].at + b[1])).map(([record]) => record);
      expect(results(held, { assigner, bound: 12 })).toEqual(results(inOrder, { assigner, bound: 0 }));
    }),
  );
});

const DAY = 86_400_000;

/** Days since 1970 on the zone's calendar, as the platform shows it. */
function calendar(zone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" });
  return (time) => Date.parse(`${format.format(time)}T00:00:00Z`) / DAY;
}

/** Each noon of UTC before which the zone's clocks have changed since the noon before. */
function clockChanges(zone: string): number[] {
  const offset = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  const shown = (noon: number): string => offset.format(noon).replace(/.*GMT/, "");
  const noons = Array.from({ length: 365 * 26 }, (_, day) => Date.UTC(2000, 0, 1 + day, 12));
  return noons.filter((noon) => shown(noon) !== shown(noon - DAY));
}
