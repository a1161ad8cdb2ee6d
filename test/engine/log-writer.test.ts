import { describe, expect, test } from "@jest/globals";
import type { LogRecord } from "../../src/engine/log-record.ts";
import { LogWriter } from "../../src/engine/log-writer.ts";
import { MemoryEventLog } from "../../src/store/memory-event-log.ts";

const NONE = { beforeRetry: (_attempt: number, error: unknown) => Promise.reject(error as Error) };

function open(): { writer: LogWriter; chunks: number[][] } {
  const chunks: number[][] = [];
  const committed = (chunk: readonly LogRecord[]): void => void chunks.push(chunk.map(({ offset }) => offset));
  return { writer: new LogWriter({ log: new MemoryEventLog(), patience: NONE, next: 0, committed }), chunks };
}

function removals(from: number, to: number): LogRecord[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    kind: "ruleRemoved",
    offset: from + index,
    name: "x",
  }));
}

describe("the writer of the log", () => {
  test("goes on after an append of nothing, as a batch of duplicates is one", async () => {
    const { writer, chunks } = open();
    await writer.append([]);
    await writer.append(removals(0, 1));
    await writer.append([]);
    await writer.append(removals(2, 2));
    expect(chunks).toEqual([[0, 1], [2]]);
  });

  test("commits appends of the same turn together", async () => {
    const { writer, chunks } = open();
    await Promise.all([writer.append(removals(0, 1)), writer.append([]), writer.append(removals(2, 2))]);
    expect(chunks).toEqual([[0, 1, 2]]);
    expect(writer.pending).toBe(0);
  });
});
