/** How much of the log goes: by age, by size, and never what is needed. */

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type LogRetention, type LogSegment, retainedFrom, trimLog } from "../../src/engine/log/log-retention.ts";
import { memoryStores } from "../../src/store/memory.ts";
import { chunk } from "../store/samples.ts";

const NOW = 100;
const ALL = Number.MAX_SAFE_INTEGER;

/** `start end bytes appendedAt`, a line for each chunk. */
function segments(text: string): LogSegment[] {
  return text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/ +/).map(Number))
    .map(([start, end, bytes, appendedAt]) => ({
      start: start!,
      end: end!,
      bytes: bytes!,
      appendedAt: appendedAt!,
    }));
}

function cut(oldest: readonly LogSegment[], retention: Partial<LogRetention>, floor = ALL): number {
  const extent = {
    start: oldest[0]!.start,
    end: oldest.at(-1)!.end,
    chunks: oldest.length,
    bytes: oldest.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  return retainedFrom({ retention: { maxAgeMs: null, maxBytes: null, ...retention }, extent, oldest, floor, now: NOW });
}

// S9.12
describe("the log is to begin", () => {
  const log = segments(`
    10 20 500 50
    20 22 100 60
    22 40 300 90
  `);

  test.each<readonly [string, Partial<LogRetention>, number, number]>([
    ["where it does, when nothing is a reason", {}, ALL, 10],
    ["behind what is older than the age", { maxAgeMs: 40 }, ALL, 20],
    ["at what has just the age", { maxAgeMs: 50 }, ALL, 10],
    ["behind as much as is too much", { maxBytes: 400 }, ALL, 20],
    ["at what has just the size", { maxBytes: 900 }, ALL, 10],
    ["behind what one of both is a reason for", { maxAgeMs: 45, maxBytes: 300 }, ALL, 22],
    ["behind everything, when all is too old", { maxAgeMs: 5 }, ALL, 40],
    ["never past the floor", { maxAgeMs: 5, maxBytes: 0 }, 22, 22],
    ["at the chunk that holds the floor", { maxBytes: 0 }, 21, 20],
    ["where it does, when everything is needed", { maxBytes: 0 }, 0, 10],
  ])("%s", (_, retention, floor, expected) => {
    expect(cut(log, retention, floor)).toBe(expected);
  });

  test("an old chunk behind a young one waits for its turn", () => {
    const turnedBack = segments(`
      0 1 10 90
      1 2 10 10
    `);
    expect(cut(turnedBack, { maxAgeMs: 50 })).toBe(0);
  });

  test("between two chunks, at most at the floor, and later the stricter it is kept", () => {
    const sizes = fc.array(fc.record({ count: fc.integer({ min: 1, max: 5 }), bytes: fc.nat(50), age: fc.nat(90) }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(sizes, fc.nat(60), fc.nat(90), fc.nat(500), (chunks, floor, maxAgeMs, maxBytes) => {
        let end = 0;
        const all = chunks.map(({ count, bytes, age }) => ({
          start: end,
          end: (end += count),
          bytes,
          appendedAt: NOW - age,
        }));
        const from = cut(all, { maxAgeMs, maxBytes }, floor);
        expect([0, ...all.map((segment) => segment.end)]).toContain(from);
        expect(from).toBeLessThanOrEqual(floor);
        expect(from).toBeGreaterThanOrEqual(cut(all, { maxAgeMs, maxBytes: maxBytes + 1 }, floor));
        expect(from).toBeGreaterThanOrEqual(cut(all, { maxAgeMs }, floor));
      }),
    );
  });
});

describe("a log is trimmed", () => {
  test("by more chunks than are looked at at once, up to the newest", async () => {
    const { log } = memoryStores({ now: () => 0 });
    for (let offset = 0; offset < 2500; offset++) await log.append(chunk(offset, 1));
    const trim = (floor: number) => trimLog({ log, retention: { maxAgeMs: 5, maxBytes: null }, floor, now: 10 });
    expect(await trim(1200)).toBe(1200);
    expect(await trim(1200)).toBe(1200);
    expect(await trim(ALL)).toBe(2499);
    expect(await log.extent()).toMatchObject({ start: 2499, end: 2500, chunks: 1 });
  });
});
