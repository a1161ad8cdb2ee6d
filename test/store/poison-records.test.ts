/** One suite for both stores of records that were set aside: what it says is the contract of the port. */

import { beforeEach, describe, expect, test } from "@jest/globals";
import type { PoisonRecord, PoisonStore } from "../../src/engine/checkpoint/poison.ts";
import { MemoryPoisonRecords, PostgresPoisonRecords } from "../../src/store/poison-records.ts";
import { emptyDatabase, testDatabase } from "../support/postgres.ts";

describe("in memory", () => {
  conform(() => new MemoryPoisonRecords());
});

describe("in Postgres", () => {
  const database = testDatabase();
  beforeEach(() => emptyDatabase(database.pool));
  conform(() => new PostgresPoisonRecords(database.pool));
});

function poison(offset: number, fields: Partial<PoisonRecord> = {}): PoisonRecord {
  const data = { user: "ann", nul: "\0", half: "\ud800", deep: [[[1]]] };
  const record = { kind: "event", offset, stream: "logins", time: 1, at: 2, data } as const;
  return { record, error: "a bug of ours", at: 1_767_225_600_123, replayedAs: null, ...fields };
}

// S9.21
function conform(makeStore: () => PoisonStore): void {
  let store: PoisonStore;
  beforeEach(() => {
    store = makeStore();
  });

  test("begins empty", async () => {
    expect(await store.list()).toEqual([]);
  });

  test("gives back what was put, by offset, whatever an event holds", async () => {
    for (const offset of [10, 9, 2 ** 40]) await store.put(poison(offset));
    expect(await store.list()).toEqual([poison(9), poison(10), poison(2 ** 40)]);
  });

  test("takes any record", async () => {
    const record = { kind: "rules", offset: 3, source: "rule r {}" } as const;
    await store.put(poison(3, { record }));
    expect(await store.list()).toEqual([poison(3, { record })]);
  });

  test("changes nothing of one that is there but where it was logged once more", async () => {
    await store.put(poison(3));
    await store.put(poison(3, { error: "another bug", at: 5, replayedAs: 7 }));
    await store.put(poison(3, { replayedAs: 8 }));
    expect(await store.list()).toEqual([poison(3, { replayedAs: 8 })]);
  });

  test("keeps what the engine said, though it quotes an event", async () => {
    await store.put(poison(3, { error: "no number: \0\ud800\nat line 2" }));
    expect(await store.list()).toMatchObject([{ error: expect.stringMatching(/^no number: ..\nat line 2$/) }]);
  });
}
