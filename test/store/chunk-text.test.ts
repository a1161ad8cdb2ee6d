/** The text of a chunk: what is in it, and that the records come out of it again. */

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { LogRecord } from "../../src/engine/log/log-record.ts";
import { chunkText, recordsIn } from "../../src/store/chunk-text.ts";
import { event } from "./samples.ts";

function check(records: readonly LogRecord[], expected: unknown, texts: readonly (string | undefined)[] = []): void {
  const text = chunkText(records, texts);
  expect(JSON.parse(text)).toEqual(expected);
  expect(recordsIn(text)).toEqual(records);
}

describe("the text of a chunk", () => {
  const [a, b] = [{ user: "ann" }, { user: "bob" }];

  test("says once what events share that came together", () => {
    check([event(7, { time: 990, at: 1000, data: a }), event(8, { time: 985, at: 1000, data: b })], {
      base: 7,
      runs: [{ stream: "logins", at: 1000, times: [990, -5], data: [a, b] }],
    });
  });

  test("says no times of events that happened when they came", () => {
    check([event(0, { time: 5, at: 5, data: a }), event(1, { time: 5, at: 5, data: b })], {
      base: 0,
      runs: [{ stream: "logins", at: 5, data: [a, b] }],
    });
  });

  test("begins another run where stream, arrival, partition or the kind of identity is another", () => {
    const same = { time: 5, at: 5, data: a };
    const fields = [{}, { stream: "orders" }, { at: 6 }, { partition: "p" }, { partition: "q" }, { id: "x" }];
    const records = fields.map((each, offset) => event(offset, { ...same, ...each }));
    check(records, {
      base: 0,
      runs: [
        { stream: "logins", at: 5, data: [a] },
        { stream: "orders", at: 5, data: [a] },
        { stream: "logins", at: 6, times: [5], data: [a] },
        { stream: "logins", at: 5, partition: "p", data: [a] },
        { stream: "logins", at: 5, partition: "q", data: [a] },
        { stream: "logins", at: 5, ids: ["x"], data: [a] },
      ],
    });
  });

  test("has other records as they are, between the events", () => {
    const removed: LogRecord = { kind: "ruleRemoved", offset: 1, name: "r" };
    const ended: LogRecord = { kind: "watermark", offset: 2, stream: "logins", time: "end" };
    const shared = { stream: "logins", data: [{}] };
    check([event(0), removed, ended, event(3)], {
      base: 0,
      runs: [{ at: 0, ...shared }, { records: [removed, ended] }, { at: 3000, ...shared }],
    });
  });

  test("holds the data as it came, where that is at hand", () => {
    const records = [event(0, { at: 0, time: 0, data: a }), event(1, { at: 0, time: 0, data: b })];
    expect(chunkText(records, ['{ "user": "\\u0061nn" }'])).toBe(
      '{"base":0,"runs":[{"stream":"logins","at":0,"data":[{ "user": "\\u0061nn" },{"user":"bob"}]}]}',
    );
    check(records, expect.anything(), ['{ "user": "\\u0061nn" }']);
  });

  test("gives any records back", () => {
    const oneOf = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
    const fields = fc.record({
      stream: oneOf("a", 'b"'),
      at: oneOf(0, 7),
      time: oneOf(-62_167_219_200_000, 0, 7, 253_402_300_799_999),
      id: oneOf(undefined, "x", "y"),
      partition: oneOf(undefined, "p"),
      isOther: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fields, { minLength: 1 }), fc.nat(), (all, base) => {
        const records = all.map(({ isOther, id, partition, ...rest }, i): LogRecord => {
          if (isOther) return { kind: "ruleRemoved", offset: base + i, name: "r" };
          return event(base + i, {
            ...rest,
            ...(id !== undefined && { id }),
            ...(partition !== undefined && { partition }),
          });
        });
        expect(recordsIn(chunkText(records, []))).toEqual(records);
      }),
    );
  });
});
