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

const HOUR = 3_600_000;

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
  test("tumbling and sliding, with records that are late, and some of them allowed", () => {
    const period = size.chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 1, max: size })));
    const options = fc.record({ bound: fc.nat(20), lateness: fc.nat(20) });
    fc.assert(
      fc.property(readings, period, options, (records, [size, every], { bound, lateness }) => {
        const windowsOf = (at: number): Window[] => {
          const starts = Array.from({ length: 2 * size + 1 }, (_, i) => at - size + i);
          return starts
            .filter((start) => start <= at && at < start + size && start % every === 0)
            .map((start) => ({ start, end: start + size }));
        };
        const tumbling = every === size ? [tumblingWindows({ size })] : [];
        for (const assigner of [slidingWindows({ size, every }), ...tumbling]) {
          const found = results(records, { assigner, bound, lateness });
          expect(found).toEqual(naive(records, { bound, lateness, windowsOf }));
        }
      }),
    );
  });

  test("calendar days: each hour of years is in the day that the calendar shows", () => {
    const zones = ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Cairo"];
    const hour = fc.integer({ min: Date.UTC(2000, 0) / HOUR, max: Date.UTC(2026, 0) / HOUR });
    fc.assert(
      fc.property(fc.constantFrom(...zones), hour, (zone, hour) => {
        const shown = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" });
        const [{ start, end }] = calendarDays({ zone }).assign(null, hour * HOUR) as [Window];
        expect(start <= hour * HOUR && hour * HOUR < end).toBe(true);
        expect(shown.format(start)).toBe(shown.format(hour * HOUR));
        expect(shown.format(end - 1)).toBe(shown.format(hour * HOUR));
        expect(shown.format(start - 1) < shown.format(start)).toBe(true);
        expect(shown.format(end) > shown.format(end - 1)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

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
