/** The writer of the log: order, group commit, and a log that fails. */

import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { limits } from "../../src/core/limits.ts";
import type { TakenLines } from "../../src/engine/log/idempotency.ts";
import type { LogRecord } from "../../src/engine/log/log-record.ts";
import { LogWriter } from "../../src/engine/log/log-writer.ts";
import { memoryStores } from "../../src/store/memory.ts";
import type { Stores } from "../../src/store/stores.ts";
import { Impatience, UnreliableLog, type Fate } from "../support/unreliable.ts";

interface Opened {
  readonly writer: LogWriter;
  readonly log: UnreliableLog;
  readonly stores: Stores;
  readonly patience: Impatience;
  /** First and last offsets of the chunks told to be durable. */
  readonly committed: string[];
}

function open(fates: readonly Fate[] = []): Opened {
  const stores = memoryStores({ now: () => 0 });
  const log = new UnreliableLog(stores.log, fates);
  const patience = new Impatience();
  const committed: string[] = [];
  const writer = new LogWriter({
    log,
    patience,
    next: 0,
    committed: (chunk) => void committed.push(`${chunk[0]!.offset}-${chunk.at(-1)!.offset}`),
  });
  return { writer, log, stores, patience, committed };
}

/** So many records, from the writer's next offset on. */
function records(writer: LogWriter, count: number): LogRecord[] {
  return Array.from({ length: count }, (_, i) => ({ kind: "ruleRemoved", offset: writer.next + i, name: "x" }));
}

describe("appends", () => {
  test("of the same turn are committed together", async () => {
    const { writer, committed } = open();
    await Promise.all([2, 0, 1].map((count) => writer.append(records(writer, count))));
    expect(committed).toEqual(["0-2"]);
    expect(writer.pending).toBe(0);
  });

  test("gather while a chunk is being committed, and are durable in their order", async () => {
    const { writer, log, committed } = open();
    const durable: number[] = [];
    const append = (count: number): Promise<void> =>
      writer.append(records(writer, count)).then(() => void durable.push(count));
    log.gate.close();
    const appended = [append(1)];
    await turn();
    appended.push(append(2), append(3));
    await turn();
    expect([log.sent, committed, durable, writer.pending, writer.next]).toEqual([["0-0"], [], [], 6, 6]);
    log.gate.open();
    await Promise.all(appended);
    expect([committed, durable, writer.pending]).toEqual([["0-0", "1-5"], [1, 2, 3], 0]);
  });

  test("of nothing wait for what was appended before", async () => {
    const { writer, log } = open();
    log.gate.close();
    let durable = false;
    const first = writer.append(records(writer, 1));
    const empty = writer.append([]).then(() => (durable = true));
    await turn();
    expect(durable).toBe(false);
    log.gate.open();
    await Promise.all([first, empty]);
  });

  test("of nothing alone are done, and do not stop those after them", async () => {
    const { writer, committed } = open();
    for (const count of [0, 2, 0, 1]) await writer.append(records(writer, count));
    expect(committed).toEqual(["0-1", "2-2"]);
  });

  test("share a chunk only up to its limit, and a larger one is cut", async () => {
    const { writer, committed } = open();
    const max = limits.chunkRecordsMax;
    await Promise.all([max - 1, 1, 1, 2 * max + 1].map((count) => writer.append(records(writer, count))));
    const chunks = [
      [0, max],
      [max, 1],
      [max + 1, max],
      [2 * max + 1, max],
      [3 * max + 1, 1],
    ];
    expect(committed).toEqual(chunks.map(([from, count]) => `${from}-${from! + count! - 1}`));
  });

  test("must go on from the end", () => {
    const { writer } = open();
    expect(() => writer.append([{ kind: "ruleRemoved", offset: 1, name: "x" }])).toThrow("offsets are dense");
  });
});

describe("a log that fails", () => {
  test("is given the same chunk again, until it takes it", async () => {
    const { writer, log, patience, committed } = open(["refused", "refused", "done", "refused"]);
    const appended = writer.append(records(writer, 2));
    await turn();
    await Promise.all([appended, writer.append(records(writer, 1))]);
    expect(log.sent).toEqual(["0-1", "0-1", "0-1", "2-2", "2-2"]);
    expect(committed).toEqual(["0-1", "2-2"]);
    expect(patience.met).toEqual(["1: refused", "2: refused", "1: refused"]);
  });

  test("and had taken it all the same, has it once", async () => {
    const { writer, log, committed } = open(["answer lost"]);
    await writer.append(records(writer, 2));
    expect(log.sent).toEqual(["0-1", "0-1"]);
    expect(committed).toEqual(["0-1"]);
    expect(await log.end()).toBe(2);
  });
});

test("it is drained when everything is durable", async () => {
  const { writer, committed } = open(["refused"]);
  await writer.drained();
  void writer.append(records(writer, 1));
  void writer.append(records(writer, 1));
  await writer.drained();
  expect(committed).toEqual(["0-1"]);
});

describe("what is taken of keyed requests", () => {
  const taken = (lines: number): TakenLines => ({
    token: "t",
    stream: "s",
    key: "k",
    lines,
    digest: "d",
    answer: null,
    takenAt: 0,
  });

  test("goes with the chunk of its records, or alone where there are none", async () => {
    const { writer, log, stores } = open();
    await writer.append([], { taken: [taken(1)] });
    await Promise.all([
      writer.append(records(writer, 2), { taken: [taken(2)] }),
      writer.append([], { taken: [taken(3)] }),
    ]);
    expect(log.sent).toEqual(["none", "0-1"]);
    expect(await stores.requestKeys.find(taken(0))).toEqual(taken(3));
  });

  test("is taken once, whatever becomes of the answer", async () => {
    const { writer, stores } = open(["answer lost", "refused"]);
    await writer.append(records(writer, 2), { taken: [taken(2)] });
    expect(await stores.log.end()).toBe(2);
    expect(await stores.requestKeys.find(taken(0))).toEqual(taken(2));
  });
});
