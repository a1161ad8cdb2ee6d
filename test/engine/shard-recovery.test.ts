/** What becomes of a service whose keyed work shards share: other numbers of them, shards that die, records that a shard fails on. */

import { afterEach, describe, expect, test } from "@jest/globals";
import { Engine } from "../../src/engine/engine.ts";
import type { LogRecord } from "../../src/engine/log/log-record.ts";
import type { ShardRequest } from "../../src/engine/shards/shard-messages.ts";
import type { ShardOptions } from "../../src/engine/shards/shard-team.ts";
import { memoryShards } from "../support/memory-shards.ts";
import { alertsOf, event, newStores, open } from "../support/pair-service.ts";
import { settled, TestTime } from "../support/scheduler.ts";

const KEYS = "1234567890abcdefghij".split("");
/** A beginning of a pair for each. */
const ALL = KEYS.map((k) => event(`a${k}@1`));
const COUNTS = [1, 2, 3, 5];
const shards = (count: number): { shards?: ShardOptions } => (count === 1 ? {} : { shards: memoryShards(count) });

describe("what some number of shards left", () => {
  test.each(COUNTS.flatMap((from) => COUNTS.map((to) => [from, to] as const)))(
    "%d, and changes by %d: any number goes on from it",
    async (from, to) => {
      const stores = newStores();
      const first = await open({ stores, ...shards(from) });
      await first.service.ingest("s", ALL);
      const whole = await first.service.savepoints!.takeCheckpoint();
      expect(whole.keysWritten).toBeGreaterThan(KEYS.length);
      await first.service.ingest("s", [event("b1@2"), event("a1@3")]);
      const changes = await first.service.savepoints!.takeCheckpoint();
      const second = await open({ stores, rules: "", ...shards(to) });
      await second.service.ingest("s", [event("b2@4"), event("b3@5")]);
      const more = await second.service.savepoints!.takeCheckpoint();
      for (const { bytesWritten } of [changes, more]) expect(bytesWritten).toBeLessThan(whole.bytes);
      const third = await open({ stores, rules: "", ...shards(from) });
      expect(third.notices.told).toEqual(["going on from a checkpoint"]);
      await third.service.ingest("s", [event("b3@6"), event("b4@7"), event("b1@8")]);
      expect(await alertsOf(third)).toEqual(["1@2", "2@4", "3@5", "4@7", "1@8"]);
    },
  );

  test("is told of from the first moment on", async () => {
    const stores = newStores();
    const first = await open({ stores, ...shards(2) });
    await first.service.ingest("s", ALL);
    await first.service.savepoints!.takeCheckpoint();
    const told = first.service.rule("pair")!;
    expect(told).toMatchObject({ counts: { keys: KEYS.length, events: KEYS.length } });
    for (const count of COUNTS) {
      const { service } = await open({ stores, rules: "", ...shards(count) });
      expect(service.rule("pair")).toEqual(told);
      expect(await service.keyState("pair", "j")).toEqual(await first.service.keyState("pair", "j"));
    }
  });

  test("a savepoint is restored at another number, and while shards work ahead (S9.20)", async () => {
    const stores = newStores();
    const { service } = await open({ stores, ...shards(2) });
    await service.ingest("s", [event("a1@1")]);
    await service.savepoints!.create("before");
    await service.ingest("s", [event("b1@2"), event("a2@3")]);
    const next = await open({ stores, rules: "", ...shards(3) });
    const restored = next.service.savepoints!.restore("before");
    const asked = next.service.savepoints!.takeCheckpoint();
    await restored;
    expect((await asked).offset).toBeGreaterThan(0);
    await next.service.ingest("s", [event("b1@5"), event("b2@6")]);
    expect(await alertsOf(next)).toEqual(["1@2", "1@5"]);
    const replayed = await open({ stores, rules: "", ...shards(5) });
    expect(await alertsOf(replayed)).toEqual(["1@2", "1@5"]);
  });
});

describe("a shard that is gone", () => {
  /** Dies once: at the first request of the kind after it was told to. */
  function dying(kind: ShardRequest["kind"]): ShardOptions & { told: boolean } {
    const mortal = {
      ...memoryShards(2, {
        before(request, index) {
          if (!mortal.told || request.kind !== kind || index === 0) return;
          mortal.told = false;
          throw new Error("out of memory");
        },
      }),
      told: false,
    };
    return mortal;
  }
  const restarts = { kind: "fixedDelay", attempts: 1, delayMs: 0 } as const;

  test.each(["advance", "capture", "encode"] as const)(
    "at `%s`: the engine begins again at the last checkpoint, and nothing is lost or doubled (S9.21)",
    async (kind) => {
      const mortal = dying(kind);
      const opened = await open({ restarts, shards: mortal, settings: { tolerableFailures: 0 } });
      const { service, time } = opened;
      await service.ingest("s", [event("a1@1"), event("a2@1")]);
      await service.savepoints!.takeCheckpoint();
      mortal.told = true;
      await service.ingest("s", [event("b1@2"), event("b2@3")]);
      const asked = service.savepoints!.takeCheckpoint().then(
        () => "taken",
        ({ code }: { code: string }) => code,
      );
      await settled();
      await time.goTo(1);
      expect(await asked).toBe("not-ready");
      expect(service.status()).toMatchObject({ restarts: 1 });
      expect(opened.notices.told).toContain("the engine failed; it begins again at the last checkpoint");
      expect((await service.savepoints!.takeCheckpoint()).offset).toBe(await opened.stores.log.end());
      expect(await alertsOf(opened)).toEqual(["1@2", "2@3"]);
      expect(opened.failures).toEqual([]);
    },
  );

  test("is missed at once, and not only at the next record", async () => {
    const mortal = dying("key");
    const opened = await open({ restarts, shards: mortal });
    await opened.service.ingest("s", [event("a1@1")]);
    await settled();
    mortal.told = true;
    const [failed] = await Promise.all(
      KEYS.map((key) => opened.service.keyState("pair", key).catch((error: unknown) => error)),
    );
    expect(failed).toBeDefined();
    await settled();
    await opened.time.goTo(1);
    expect(opened.service.status()).toMatchObject({ restarts: 1, replaying: false });
  });

  test("as often as the strategy allows: then that is told", async () => {
    const opened = await open({ restarts, shards: memoryShards(2, { before: dies("a9@9") }) });
    await opened.service.ingest("s", [event("a9@9")]);
    await settled();
    await opened.time.goTo(1);
    expect(opened.failures).toMatchObject([{ name: "ShardFailure", message: "shard 0: out of memory" }]);
    await opened.service.close();
  });

  function dies(of: string): (request: ShardRequest) => void {
    return (request) => {
      if (request.kind === "advance" && request.records.includes(of)) throw new Error("out of memory");
    };
  }
});

describe("a record that a shard fails on", () => {
  const advance = Reflect.get(Engine.prototype, "advance") as Engine["advance"];
  const manyTimes = { kind: "fixedDelay", attempts: 3, delayMs: 0 } as const;
  afterEach(() => {
    Engine.prototype.advance = advance;
  });

  /** Where its key is. */
  function failOn(text: string): void {
    Engine.prototype.advance = function (this: Engine, record: LogRecord) {
      const { job } = this;
      const isHere = job.branchNames().some((name) => job.branch(name).runtime.shard.owns("1"));
      if (isHere && record.kind === "event" && record.data["i"] === text) throw new Error("a bug");
      return advance.call(this, record);
    };
  }

  async function pass(time: TestTime): Promise<void> {
    for (let at = 1; at < 4; at++) {
      await settled();
      await time.goTo(at);
    }
  }

  test("is set aside with its offset, and can be logged once more (S9.21)", async () => {
    failOn("b1@2");
    const opened = await open({ restarts: manyTimes, setsAside: true, ...shards(5) });
    const { service } = opened;
    const { lastOffset } = await service.ingest("s", [event("a1@1"), event("a2@1"), event("b1@2")]);
    await service.ingest("s", [event("b2@3")]);
    await pass(opened.time);
    const [poison] = await service.savepoints!.poisonRecords();
    expect(poison).toMatchObject({
      record: { offset: lastOffset, data: { i: "b1@2" } },
      error: expect.stringContaining("a bug"),
    });
    expect(await alertsOf(opened)).toEqual(["2@3"]);
    Engine.prototype.advance = advance;
    await service.savepoints!.replayPoison(lastOffset!);
    expect(await alertsOf(opened)).toEqual(["2@3"]); // it is late by now, and told so
    expect(service.streams()).toMatchObject([{ late: 1 }]);
  });

  test("again and again while the log is read again", async () => {
    const stores = newStores();
    const first = await open({ stores });
    for (let at = 1; at <= 12; at++) await first.service.ingest("s", [event(`a1@${at}`)]);
    await first.service.ingest("s", [event("b1@20")]);
    failOn("a1@2");
    const time = new TestTime();
    const opening = open({ stores, rules: "", restarts: manyTimes, setsAside: true, time, ...shards(2) });
    await pass(time);
    expect(await alertsOf(await opening)).toEqual(["1@20"]);
  });
});
