/** One suite for both kinds of stores: what it says is the contract of the ports. The event log has its own. */

import { beforeEach, describe, expect, test } from "@jest/globals";
import { limits } from "../../src/core/limits.ts";
import type { AlertOutput } from "../../src/engine/output.ts";
import type { AlertQuery, LateQuery, Page, PageRequest, StoredAlert } from "../../src/engine/ports.ts";
import { memoryStores } from "../../src/store/memory.ts";
import { deliveryId } from "../../src/store/outbox.ts";
import { postgresStores, type Stores } from "../../src/store/stores.ts";
import { emptyDatabase, testDatabase } from "../support/postgres.ts";
import { alert, destination, late, outcome, output } from "./samples.ts";

const clock = { now: () => Date.parse("2026-01-01T00:00:00.000Z") };
const FIRST_PAGE = { limit: 100, cursor: null };

describe("in memory", () => {
  conform(() => memoryStores(clock));
});

describe("in Postgres", () => {
  const database = testDatabase();
  beforeEach(() => emptyDatabase(database.pool));
  conform(() => postgresStores({ pool: database.pool, clock }));
});

function conform(makeStores: () => Stores): void {
  let stores: Stores;
  beforeEach(() => {
    stores = makeStores();
  });

  describe("alerts", () => {
    async function found(query: AlertQuery): Promise<string[]> {
      return ids(await stores.alerts.list(query, FIRST_PAGE));
    }

    // S9.3
    test("are written once, with the offset they go up to", async () => {
      expect(await stores.alerts.writtenThrough()).toBe(0);
      const first = await stores.alerts.write([output("a"), output("b")], 5);
      expect(first.map((stored) => stored.alert)).toEqual([alert("a"), alert("b")]);
      const second = await stores.alerts.write([output("a"), output("c"), output("b"), output("c")], 7);
      expect(second.map((stored) => stored.alert.id)).toEqual(["c"]);
      expect(await stores.alerts.writtenThrough()).toBe(7);
      expect(await found({})).toEqual(["c", "b", "a"]);
    });

    test("advance the offset without any, and never back", async () => {
      await stores.alerts.write([], 5);
      await stores.alerts.write([], 3);
      await stores.alerts.write([output("a")], 4);
      expect(await stores.alerts.writtenThrough()).toBe(5);
    });

    test("have sequences that grow in the order given, also in thousands", async () => {
      const names = Array.from({ length: 2500 }, (_, index) => `a${index}`);
      const written = await stores.alerts.write(
        names.map((name) => output(name)),
        1,
      );
      expect(written.map((stored) => stored.alert.id)).toEqual(names);
      expect(written.every((stored, i) => i === 0 || stored.sequence > written[i - 1]!.sequence)).toBe(true);
      expect(await stores.alerts.lastSequence()).toBe(written.at(-1)!.sequence);
    });

    test("are read on from a sequence, oldest first", async () => {
      expect(await stores.alerts.lastSequence()).toBe(0);
      const [a] = await stores.alerts.write([output("a"), output("b"), output("c")], 1);
      const after = await stores.alerts.after(a!.sequence, 10);
      expect(after.map((stored) => stored.alert.id)).toEqual(["b", "c"]);
      expect(await stores.alerts.after(0, 1)).toEqual([a]);
      expect(await stores.alerts.after(await stores.alerts.lastSequence(), 10)).toEqual([]);
    });

    test("are found by id", async () => {
      const [a] = await stores.alerts.write([output("a")], 1);
      expect(await stores.alerts.get("a")).toEqual(a);
      expect(await stores.alerts.get("b")).toBeNull();
      expect(await stores.alerts.get("NUL \0")).toBeNull();
    });

    test("are found by rule, severity, kind and time of the event", async () => {
      await stores.alerts.write(
        [
          output("old", [], { rule: "r1", severity: "low", at: "1969-12-31T23:59:59.999Z" }),
          output("epoch", [], { rule: "r1", kind: "timeout", at: "1970-01-01T00:00:00.000Z" }),
          output("late", [], { rule: "r2", at: "1970-01-01T00:00:00.001Z" }),
          output("last", [], { rule: "r2", kind: "window", at: "end" }),
        ],
        1,
      );
      expect(await found({ rule: "r1" })).toEqual(["epoch", "old"]);
      expect(await found({ rule: "r1", severity: "low" })).toEqual(["old"]);
      expect(await found({ kind: "timeout" })).toEqual(["epoch"]);
      expect(await found({ from: 0 })).toEqual(["last", "late", "epoch"]);
      expect(await found({ to: 0 })).toEqual(["old"]);
      expect(await found({ from: 0, to: 1 })).toEqual(["epoch"]);
      expect(await found({ rule: "NUL \0" })).toEqual([]);
    });

    test("are found by key: by a text itself, and by the JSON of any key", async () => {
      const keys = { word: "ann", text: "42", number: 42, pair: ["a", { x: 1, y: 2 }], none: null, nul: "\0\ud800" };
      await stores.alerts.write(
        Object.entries(keys).map(([id, key]) => output(id, [], { key })),
        1,
      );
      expect(await found({ key: "ann" })).toEqual(["word"]);
      expect(await found({ key: '"ann"' })).toEqual(["word"]);
      expect(await found({ key: "42" })).toEqual(["number", "text"]);
      expect(await found({ key: '["a", {"y": 2, "x": 1}]' })).toEqual(["pair"]);
      expect(await found({ key: "null" })).toEqual(["none"]);
      expect(await found({ key: "\0\ud800" })).toEqual(["nul"]);
      expect(await found({ key: "bob" })).toEqual([]);
    });

    test("keep everything an event may hold: NUL, half a surrogate pair, deep nesting, a long key", async () => {
      let deep: unknown = 1;
      for (let depth = 0; depth < 3000; depth += 1) deep = [deep];
      const held = alert("a", {
        key: "k".repeat(100_000),
        title: "\0 and \udc00",
        events: { A: [{ offset: 0, time: "1970-01-01T00:00:00.000Z", data: { "\0": "\ud800", deep: deep as null } }] },
        emit: JSON.parse('{ "__proto__": 1 }') as Record<string, number>,
      });
      await stores.alerts.write([{ kind: "alert", alert: held, deliver: [] }], 1);
      const stored = await stores.alerts.get("a");
      expect(JSON.stringify(stored?.alert)).toBe(JSON.stringify(held));
    });

    test("come in pages, newest first, that stay put while new ones arrive", async () => {
      const names = ["a", "b", "c", "d", "e"];
      await stores.alerts.write(
        names.map((name) => output(name)),
        1,
      );
      const pages: string[][] = [];
      for await (const page of pagesOf((request) => stores.alerts.list({ rule: "brute_force" }, request), 2)) {
        pages.push(ids(page));
        await stores.alerts.write([output(`new${pages.length}`)], 2);
      }
      expect(pages).toEqual([["e", "d"], ["c", "b"], ["a"]]);
    });

    test("have no further page when the last one is exactly full", async () => {
      await stores.alerts.write([output("a"), output("b")], 1);
      expect((await stores.alerts.list({}, { limit: 2, cursor: null })).nextCursor).toBeNull();
    });

    test.each(["", "x", "YWxlcnRzOjA", "ZGVsaXZlcmllczo1", "YWxlcnRzOjE7"])("refuse the cursor %j", async (cursor) => {
      await expect(stores.alerts.list({}, { limit: 2, cursor })).rejects.toMatchObject({ code: "bad-cursor" });
    });
  });

  describe("pages of large alerts", () => {
    const MIB = 1024 * 1024;
    const large = (id: string, mib: number): AlertOutput => output(id, [], { emit: { text: "x".repeat(mib * MIB) } });

    test("end where their bytes do, and one that is larger than a page makes one alone", async () => {
      const written = [output("a"), large("b", 9), large("c", 8), output("d"), large("e", 17), output("f")];
      await stores.alerts.write(written, 1);
      const pages: string[][] = [];
      for await (const page of pagesOf((request) => stores.alerts.list({}, request), 100)) pages.push(ids(page));
      expect(pages).toEqual([["f", "e"], ["d", "c", "b"], ["a"]]);
      const live = await stores.alerts.after(0, 100);
      expect(live.map((stored) => stored.alert.id)).toEqual(["a", "b", "c"]);
    });
  });

  describe("late events", () => {
    async function offsets(query: LateQuery, page: PageRequest = FIRST_PAGE): Promise<number[]> {
      return (await stores.late.list(query, page)).items.map(({ offset }) => offset);
    }

    test("are written with the alerts around them, once, and are there by stream, in the order of the log", async () => {
      const odd = late(7, { data: { "NUL \0": "half a pair \ud800" } });
      const written = await stores.alerts.write([late(3), output("a"), odd, late(5, { stream: "other" })], 8);
      expect(written.map((stored) => stored.alert.id)).toEqual(["a"]);
      await stores.alerts.write([late(3, { data: { not: "this" } }), late(9)], 10);
      const { items } = await stores.late.list({ stream: "logins" }, FIRST_PAGE);
      expect(items).toEqual(
        [3, 7, 9].map((offset) => ({ offset, time: odd.time, data: offset === 7 ? odd.data : {} })),
      );
      expect(await offsets({ stream: "other" })).toEqual([5]);
      expect(await offsets({ stream: "NUL \0" })).toEqual([]);
      expect(await stores.alerts.writtenThrough()).toBe(10);
    });

    test("are found by time", async () => {
      const times = ["1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"];
      await stores.alerts.write(
        times.map((time, offset) => late(offset + 1, { time })),
        5,
      );
      expect(await offsets({ stream: "logins", from: 0 })).toEqual([2, 3]);
      expect(await offsets({ stream: "logins", to: 0 })).toEqual([1]);
      expect(await offsets({ stream: "logins", from: 0, to: 1 })).toEqual([2]);
    });

    test("come in pages that stay put while new ones arrive", async () => {
      await stores.alerts.write([late(1), late(2), late(3)], 4);
      const first = await stores.late.list({ stream: "logins" }, { limit: 2, cursor: null });
      await stores.alerts.write([late(4)], 5);
      expect(await offsets({ stream: "logins" }, { limit: 2, cursor: first.nextCursor })).toEqual([3, 4]);
      expect((await stores.late.list({ stream: "logins" }, { limit: 4, cursor: null })).nextCursor).toBeNull();
      await expect(stores.late.list({ stream: "logins" }, { limit: 4, cursor: "YWxlcnRzOjE3" })).rejects.toMatchObject({
        code: "bad-cursor",
      });
    });

    test("are kept up to a limit for each stream: the oldest go", async () => {
      const max = limits.lateEventsKeptMax;
      await stores.alerts.write([late(1, { stream: "other" })], 2);
      await stores.alerts.write(
        Array.from({ length: max }, (_, i) => late(i + 2)),
        max + 2,
      );
      await stores.alerts.write([late(max + 2), late(max + 3)], max + 4);
      expect(await offsets({ stream: "logins" }, { limit: 2, cursor: null })).toEqual([4, 5]);
      expect(await offsets({ stream: "other" })).toEqual([1]);
    });
  });

  describe("destinations", () => {
    test("are put, changed, listed by name and removed", async () => {
      const a = destination("a", { headers: { "x-team": "fraud" }, secret: "whsec_c2VjcmV0" });
      expect(await stores.destinations.put(destination("b"))).toBe("created");
      expect(await stores.destinations.put(a)).toBe("created");
      expect(await stores.destinations.put(a)).toBe("unchanged");
      expect(await stores.destinations.put({ ...a, retries: 9 })).toBe("changed");
      expect(await stores.destinations.get("a")).toEqual({ ...a, retries: 9 });
      expect(await stores.destinations.list()).toEqual([{ ...a, retries: 9 }, destination("b")]);
      expect(await stores.destinations.remove("a")).toBe(true);
      expect(await stores.destinations.remove("a")).toBe(false);
      expect(await stores.destinations.get("a")).toBeNull();
      expect(await stores.destinations.get("NUL \0")).toBeNull();
    });
  });

  describe("deliveries", () => {
    const toDesk = deliveryId({ alertId: "a", destination: "desk" });

    test("follow from an alert, one for each destination, and never from one that was there", async () => {
      await stores.destinations.put(destination("desk"));
      await stores.alerts.write([output("a", ["desk", "pager", "desk"]), output("held")], 1);
      await stores.alerts.write([output("a", ["desk", "other"])], 1);
      const { items } = await stores.deliveries.list({}, FIRST_PAGE);
      expect(items.map((delivery) => [delivery.alert, delivery.destination, delivery.status])).toEqual([
        ["a", "pager", "waiting"],
        ["a", "desk", "pending"],
      ]);
      expect(await stores.deliveries.get(toDesk)).toEqual({
        id: toDesk,
        alert: "a",
        destination: "desk",
        status: "pending",
        createdAt: "2026-01-01T00:00:00.000Z",
        attempts: [],
      });
      expect(await stores.deliveries.get("none")).toBeNull();
    });

    test("are found by alert, destination and status, in pages", async () => {
      await stores.destinations.put(destination("desk"));
      await stores.alerts.write([output("a", ["desk", "pager"]), output("b", ["desk"])], 1);
      const count = async (query: object): Promise<number> =>
        (await stores.deliveries.list(query, FIRST_PAGE)).items.length;
      expect(await count({ alert: "a" })).toBe(2);
      expect(await count({ destination: "desk" })).toBe(2);
      expect(await count({ destination: "desk", alert: "a" })).toBe(1);
      expect(await count({ status: "waiting" })).toBe(1);
      const pages: number[] = [];
      for await (const page of pagesOf((request) => stores.deliveries.list({}, request), 2))
        pages.push(page.items.length);
      expect(pages).toEqual([2, 1]);
      const alertsCursor = (await stores.alerts.list({}, { limit: 1, cursor: null })).nextCursor;
      await expect(stores.deliveries.list({}, { limit: 1, cursor: alertsCursor })).rejects.toMatchObject({
        code: "bad-cursor",
      });
    });

    test("are loaded with their alert and destination, and gain numbered attempts", async () => {
      await stores.destinations.put(destination("desk"));
      await stores.alerts.write([output("a", ["desk"])], 1);
      const job = { deliveryId: toDesk, round: 1 };
      expect(await stores.ledger.load(job)).toEqual({
        deliveryId: toDesk,
        alert: alert("a"),
        destination: destination("desk"),
        attemptsBefore: 0,
      });
      await stores.ledger.recordAttempt(outcome(toDesk, "pending"));
      expect((await stores.ledger.load(job))?.attemptsBefore).toBe(1);
      await stores.ledger.recordAttempt(outcome(toDesk, "delivered"));
      expect(await stores.ledger.load(job)).toBeNull();
      expect(await stores.deliveries.get(toDesk)).toMatchObject({
        status: "delivered",
        attempts: [
          { attempt: 1, at: "2026-01-01T00:00:01.000Z", status: 500, latencyMs: 7, error: null, responseExcerpt: "ok" },
          { attempt: 2, status: 204 },
        ],
      });
    });

    test("stay delivered when a second worker fails with the same one", async () => {
      await stores.destinations.put(destination("desk"));
      await stores.alerts.write([output("a", ["desk"])], 1);
      await stores.ledger.recordAttempt(outcome(toDesk, "delivered"));
      await stores.ledger.recordAttempt(outcome(toDesk, "dead"));
      expect((await stores.deliveries.get(toDesk))?.status).toBe("delivered");
    });

    test("are retried when dead, with all attempts before them again", async () => {
      await stores.destinations.put(destination("desk"));
      await stores.alerts.write([output("a", ["desk"])], 1);
      expect(await stores.deliveries.retry("none")).toBeNull();
      expect(await stores.deliveries.retry("NUL \0")).toBeNull();
      expect(await stores.deliveries.retry(toDesk)).toBe(false);
      await stores.ledger.recordAttempt(outcome(toDesk, "dead"));
      expect(await stores.deliveries.retry(toDesk)).toBe(true);
      expect(await stores.deliveries.retry(toDesk)).toBe(false);
      expect(await stores.ledger.load({ deliveryId: toDesk, round: 1 })).toBeNull();
      expect((await stores.ledger.load({ deliveryId: toDesk, round: 2 }))?.attemptsBefore).toBe(0);
      await stores.ledger.recordAttempt(outcome(toDesk, "dead", 1));
      expect((await stores.deliveries.get(toDesk))?.status).toBe("pending");
    });

    test("wait for their destination, and become due when it is put", async () => {
      await stores.alerts.write([output("a", ["desk"])], 1);
      expect((await stores.deliveries.get(toDesk))?.status).toBe("waiting");
      await stores.destinations.put(destination("desk"));
      expect((await stores.deliveries.get(toDesk))?.status).toBe("pending");
      expect(await stores.ledger.load({ deliveryId: toDesk, round: 2 })).not.toBeNull();
    });

    test("wait again when their destination is gone", async () => {
      await stores.destinations.put(destination("desk"));
      await stores.alerts.write([output("a", ["desk"])], 1);
      await stores.destinations.remove("desk");
      expect(await stores.ledger.load({ deliveryId: toDesk, round: 1 })).toBeNull();
      expect((await stores.deliveries.get(toDesk))?.status).toBe("waiting");
    });
  });
}

function ids(page: Page<StoredAlert>): string[] {
  return page.items.map((stored) => stored.alert.id);
}

async function* pagesOf<T>(list: (request: PageRequest) => Promise<Page<T>>, limit: number): AsyncGenerator<Page<T>> {
  let cursor: string | null = null;
  do {
    const page: Page<T> = await list({ limit, cursor });
    yield page;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
