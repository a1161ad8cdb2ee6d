/** One suite for both kinds of event logs: records in and out, what is kept of them, and what keyed requests have taken. */

import { beforeEach, describe, expect, test } from "@jest/globals";
import { AssertionError } from "../../src/core/assert.ts";
import type { TakenLines } from "../../src/engine/log/idempotency.ts";
import type { LogRecord } from "../../src/engine/log/log-record.ts";
import { memoryStores } from "../../src/store/memory.ts";
import { postgresStores, type Stores } from "../../src/store/stores.ts";
import { emptyDatabase, testDatabase } from "../support/postgres.ts";
import { chunk, event } from "./samples.ts";

let now = 0;
const clock = { now: () => now };

describe("in memory", () => {
  conform(() => memoryStores(clock));
});

describe("in Postgres", () => {
  const database = testDatabase();
  beforeEach(() => emptyDatabase(database.pool));
  conform(() => postgresStores({ pool: database.pool, clock }));
});

function taken(lines: number, fields: Partial<TakenLines> = {}): TakenLines {
  return { token: "t", stream: "logins", key: "k", lines, digest: "d", answer: null, takenAt: 1000, ...fields };
}

function conform(makeStores: () => Stores): void {
  let stores: Stores;
  beforeEach(() => {
    stores = makeStores();
    now = 0;
  });

  async function read(from: number): Promise<LogRecord[]> {
    const records: LogRecord[] = [];
    for await (const part of stores.log.read(from)) records.push(...part);
    return records;
  }

  async function offsets(from: number): Promise<number[]> {
    return (await read(from)).map(({ offset }) => offset);
  }

  async function fill(...sizes: readonly number[]): Promise<void> {
    for (const size of sizes) await stores.log.append(chunk(await stores.log.end(), size));
  }

  describe("records", () => {
    test("begins empty", async () => {
      expect(await stores.log.end()).toBe(0);
      expect(await read(0)).toEqual([]);
    });

    test("gives back what was appended, in order", async () => {
      const records: LogRecord[] = [
        event(0, { id: "a", partition: "p", data: { text: "NUL \0, half a pair \ud800, ☃", list: [1, null, true] } }),
        { kind: "watermark", offset: 1, stream: "logins", time: "end" },
        { kind: "rules", offset: 2, source: "rule r { }" },
        { kind: "ruleRemoved", offset: 3, name: "r" },
      ];
      await stores.log.append(records.slice(0, 1));
      await stores.log.append(records.slice(1));
      expect(await stores.log.end()).toBe(4);
      expect(await read(0)).toEqual(records);
    });

    test("reads from any offset on", async () => {
      for (let from = 0; from < 60; from += 3) await stores.log.append(chunk(from, 3));
      for (const from of [0, 1, 2, 3, 31, 59, 60, 1000]) {
        expect((await read(from)).map(({ offset }) => offset)).toEqual(chunk(from, 60 - from).map((r) => r.offset));
      }
    });

    test("takes the same chunk again without a change", async () => {
      await stores.log.append(chunk(0, 2));
      await stores.log.append(chunk(2, 2));
      await stores.log.append(chunk(0, 2));
      await stores.log.append(chunk(2, 2));
      expect(await read(0)).toEqual(chunk(0, 4));
    });

    test("refuses another chunk at the same offset, a gap, and a chunk with a gap", async () => {
      await stores.log.append(chunk(0, 2));
      await expect(stores.log.append([event(0)])).rejects.toThrow(AssertionError);
      await expect(stores.log.append([event(0, { data: { a: 1 } }), event(1)])).rejects.toThrow(AssertionError);
      await expect(stores.log.append([event(1)])).rejects.toThrow(AssertionError);
      await expect(stores.log.append([event(3)])).rejects.toThrow(AssertionError);
      await expect(stores.log.append([event(2), event(4)])).rejects.toThrow(AssertionError);
      await expect(stores.log.append([])).rejects.toThrow(AssertionError);
      expect(await read(0)).toEqual(chunk(0, 2));
    });
  });

  describe("what there is of the log", () => {
    test("is nothing at first", async () => {
      expect(await stores.log.extent()).toEqual({ start: 0, end: 0, chunks: 0, bytes: 0 });
      expect(await stores.log.oldest(10)).toEqual([]);
      expect(await stores.log.truncate({ before: 5 })).toBe(0);
    });

    test("is told by chunk: offsets, bytes as stored, and when it was appended", async () => {
      await fill(2);
      now = 7000;
      await fill(3, 1);
      const oldest = await stores.log.oldest(2);
      expect(oldest).toMatchObject([
        { start: 0, end: 2, appendedAt: 0 },
        { start: 2, end: 5, appendedAt: 7000 },
      ]);
      const all = await stores.log.oldest(9);
      const bytes = all.reduce((sum, segment) => sum + segment.bytes, 0);
      expect(all.every((segment) => segment.bytes > 0)).toBe(true);
      expect(await stores.log.extent()).toEqual({ start: 0, end: 6, chunks: 3, bytes });
    });
  });

  describe("truncation", () => {
    test.each([
      [0, 0],
      [1, 0],
      [2, 2],
      [4, 2],
      [5, 5],
      [6, 5],
      [1000, 5],
    ])("before %i removes whole chunks, but never the newest: the log begins at %i", async (before, start) => {
      await fill(2, 3, 4);
      expect(await stores.log.truncate({ before })).toBe(start);
      expect(await stores.log.extent()).toMatchObject({ start, end: 9 });
      expect(await offsets(start)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8].slice(start));
    });

    test("leaves a log that goes on where it ended", async () => {
      await fill(2, 3);
      await stores.log.truncate({ before: 5 });
      await fill(1);
      expect(await offsets(2)).toEqual([2, 3, 4, 5]);
      await stores.log.append(chunk(5, 1));
      expect(await stores.log.end()).toBe(6);
    });

    // S9.12
    test("is told to whoever asks for what is gone", async () => {
      await fill(2, 3);
      await stores.log.truncate({ before: 2 });
      for (const from of [0, 1]) {
        await expect(offsets(from)).rejects.toMatchObject({
          code: "log-truncated",
          message: expect.stringContaining("begins at offset 2") as unknown as string,
        });
      }
      expect(await offsets(3)).toEqual([3, 4]);
      expect(await offsets(5)).toEqual([]);
    });

    test("is never a gap that a reader does not notice", async () => {
      await fill(...Array.from({ length: 30 }, () => 1));
      const reading = async (): Promise<number> => {
        let read = 0;
        for await (const _ of stores.log.read(0)) if (++read === 1) await stores.log.truncate({ before: 30 });
        return read;
      };
      await reading().then(
        (read) => expect(read).toBe(30),
        (error: unknown) => expect(error).toMatchObject({ code: "log-truncated" }),
      );
    });
  });

  describe("keyed requests", () => {
    const find = (fields: Partial<TakenLines> = {}) => stores.requestKeys.find(taken(0, fields));

    test("are unknown at first", async () => {
      expect(await find()).toBeNull();
    });

    test("are written with the records, and the last that was taken counts", async () => {
      await stores.log.append(chunk(0, 2), { taken: [taken(2), taken(3, { answer: { accepted: 2, note: "\0" } })] });
      expect(await find()).toEqual(taken(3, { answer: { accepted: 2, note: "\0" } }));
      await stores.log.append(chunk(2, 1), { taken: [taken(9, { digest: "e", takenAt: 2000 })] });
      expect(await find()).toEqual(taken(9, { digest: "e", takenAt: 2000 }));
      expect(await offsets(0)).toEqual([0, 1, 2]);
    });

    test("are each their own: by token, stream and key", async () => {
      const all = [taken(1), taken(2, { token: "u" }), taken(3, { stream: "ключ" }), taken(4, { key: 'k"' })];
      await stores.log.append(chunk(0, 1), { taken: all });
      const found = [
        await find(),
        await find({ token: "u" }),
        await find({ stream: "ключ" }),
        await find({ key: 'k"' }),
      ];
      expect(found.map((each) => each?.lines)).toEqual([1, 2, 3, 4]);
    });

    test("are written without records too", async () => {
      await stores.log.append([], { taken: [taken(5)] });
      expect(await find()).toEqual(taken(5));
      expect(await stores.log.end()).toBe(0);
    });

    test("are not written when the records are refused", async () => {
      await expect(stores.log.append(chunk(5, 1), { taken: [taken(1)] })).rejects.toThrow("would leave a gap");
      expect(await find()).toBeNull();
    });

    test("are as they were when the same is appended again", async () => {
      for (let pass = 1; pass <= 2; pass++) await stores.log.append(chunk(0, 2), { taken: [taken(2)] });
      expect(await find()).toEqual(taken(2));
      expect(await offsets(0)).toEqual([0, 1]);
    });

    test("are forgotten after their time", async () => {
      await stores.log.append(chunk(0, 1), { taken: [taken(1), taken(2, { key: "newer", takenAt: 3000 })] });
      expect(await stores.requestKeys.forget({ before: 3000 })).toBe(1);
      expect([await find(), (await find({ key: "newer" }))?.lines]).toEqual([null, 2]);
    });
  });
}
