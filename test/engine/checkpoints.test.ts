/** Checkpoints, restarts and poison of a service, over stores in memory, in a time that goes on when the test says so. */

import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { CheckpointFault } from "../../src/engine/checkpoint/checkpoint-port.ts";
import { Engine } from "../../src/engine/engine.ts";
import type { LogRecord } from "../../src/engine/log/log-record.ts";
import { Failures, type RestartStrategy } from "../../src/core/restart-strategy.ts";
import { alertsOf, event, newStores, open } from "../support/pair-service.ts";
import { PlainCheckpoints } from "../support/plain-checkpoints.ts";
import { settled } from "../support/scheduler.ts";

describe("checkpoints by themselves", () => {
  test("are taken at each interval, where something came", async () => {
    const { service, time } = await open({ settings: { intervalMs: 1000, minPauseMs: 0 } });
    const completed = (): number => service.status().checkpoints!.completed;
    await time.goTo(999);
    expect(completed()).toBe(0);
    await time.goTo(1000);
    await settled();
    expect(completed()).toBe(1);
    await time.goTo(5000);
    expect(completed()).toBe(1);
    await service.ingest("s", [event("a1@1")]);
    await time.goTo(6000);
    await settled();
    expect(completed()).toBe(2);
  });

  test("leave a pause between them, and the newest are kept", async () => {
    const { service, stores, time } = await open({ settings: { intervalMs: 10, minPauseMs: 100, retained: 2 } });
    for (let i = 1; i <= 5; i++) {
      await service.ingest("s", [event(`a1@${i}`)]);
      await time.goTo(i * 100);
      await settled();
    }
    expect(service.status().checkpoints!.completed).toBe(5);
    expect((await stores.checkpoints.list()).map(({ id }) => id)).toEqual([5, 4]);
  });

  test("are given up after their time, and the next one has it all", async () => {
    const stores = newStores();
    let isHeld = true;
    const save = stores.checkpoints.save.bind(stores.checkpoints);
    jest.spyOn(stores.checkpoints, "save").mockImplementation(async (manifest, chunks) => {
      while (isHeld) await new Promise((resolve) => setImmediate(resolve));
      if (manifest.id === 1) throw new Error("too late");
      await save(manifest, chunks);
    });
    const opened = await open({ stores, settings: { timeoutMs: 50 } });
    await opened.service.ingest("s", [event("a1@1")]);
    const taken = opened.service.savepoints!.takeCheckpoint();
    const refused = taken.catch((error: unknown) => error);
    await settled();
    await opened.time.goTo(50);
    expect(await refused).toMatchObject({ code: "checkpoint-timeout" });
    isHeld = false;
    await opened.service.savepoints!.takeCheckpoint();
    expect(opened.service.status().checkpoints).toMatchObject({ completed: 1, failed: 1, consecutiveFailures: 0 });
    const next = await open({ stores, rules: "" });
    await next.service.ingest("s", [event("b1@2")]);
    expect(await alertsOf(next)).toEqual(["1@2"]);
  });

  test("may fail so often, and no more", async () => {
    const stores = newStores();
    jest.spyOn(stores.checkpoints, "save").mockRejectedValue(new Error("the disk is full"));
    const opened = await open({ stores, settings: { tolerableFailures: 1 } });
    for (const expected of [0, 1]) {
      await expect(opened.service.savepoints!.takeCheckpoint()).rejects.toThrow("the disk is full");
      expect(opened.failures).toHaveLength(expected);
    }
  });
});

describe("a start", () => {
  test("goes on from the newest checkpoint that can be read (S9.19)", async () => {
    const first = await open();
    await first.service.ingest("s", [event("a1@1")]);
    await first.service.savepoints!.takeCheckpoint();
    await first.service.ingest("s", [event("a2@2")]);
    const { offset, id } = await first.service.savepoints!.takeCheckpoint();
    await first.stores.log.truncate({ before: offset });
    const second = await open({ stores: first.stores, rules: "" });
    expect(second.notices.told).toContain("going on from a checkpoint");
    const load = first.stores.checkpoints.load.bind(first.stores.checkpoints);
    jest.spyOn(first.stores.checkpoints, "load").mockImplementation((asked) => {
      if (asked !== id) return load(asked);
      throw new CheckpointFault({ code: "checkpoint-torn", message: "it is torn" });
    });
    const third = await open({ stores: first.stores, rules: "" });
    expect(third.notices.told[0]).toContain("a checkpoint cannot be used; the one before it is tried: it is torn");
    await third.service.ingest("s", [event("b1@3"), event("b2@4"), event("a1@1")]);
    expect(await alertsOf(third)).toEqual(["1@3", "2@4"]);
  });

  test("says where there is no checkpoint, and reads the log from its beginning (S9.19)", async () => {
    const { service, stores, notices } = await open();
    expect(notices.told).toEqual([]); // there is nothing to go on from yet
    await service.ingest("s", [event("a1@1")]);
    await service.savepoints!.takeCheckpoint();
    const moved = { ...stores, checkpoints: new PlainCheckpoints() };
    expect((await open({ stores: moved, rules: "" })).notices.told).toEqual([
      "no checkpoint in a map to go on from; the log is read from its beginning",
    ]);
  });

  test("is refused where neither a checkpoint nor the log's beginning is there", async () => {
    const { service, stores } = await open();
    await service.ingest("s", [event("a1@1")]);
    await stores.log.truncate({ before: 1 });
    await expect(open({ stores, rules: "" })).rejects.toMatchObject({ code: "no-checkpoint" });
  });

  test("is refused where the log begins behind the newest checkpoint that is there", async () => {
    const { service, stores } = await open();
    await service.savepoints!.takeCheckpoint();
    for (const text of ["a1@1", "a2@2"]) await service.ingest("s", [event(text)]);
    await stores.log.truncate({ before: 2 });
    await expect(open({ stores, rules: "" })).rejects.toMatchObject({
      code: "no-checkpoint",
      message: expect.stringMatching(/^the newest checkpoint that can be used is of offset 1, .* begins at offset 2$/),
    });
  });

  test("after an orderly end reads nothing again (S9.19)", async () => {
    const { service, stores } = await open();
    await service.ingest("s", [event("a1@1")]);
    await service.close();
    const [entry] = await stores.checkpoints.list();
    expect(entry).toMatchObject({ summary: { offset: await stores.log.end() } });
  });
});

/** The engine fails on the records that are bad, so many times. */
function injectFaults(isBad: (record: LogRecord) => boolean, times = Infinity): void {
  let left = times;
  const real = jest.spyOn(Engine.prototype, "apply");
  const apply = real.getMockImplementation()!;
  real.mockImplementation(function (this: Engine, record) {
    if (isBad(record) && left-- > 0) throw new Error("a bug of ours");
    return apply.call(this, record);
  });
}

const isB1 = (record: LogRecord): boolean => record.kind === "event" && record.data["i"] === "b1@2";

describe("an engine that fails", () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test("begins again at the last checkpoint, and nothing is lost or doubled (S9.21)", async () => {
    const opened = await open({ restarts: { kind: "fixedDelay", attempts: 3, delayMs: 10 } });
    await opened.service.ingest("s", [event("a1@1")]);
    await opened.service.savepoints!.takeCheckpoint();
    injectFaults(isB1, 2);
    await opened.service.ingest("s", [event("b1@2"), event("a2@3")]);
    await settled();
    expect(opened.service.troubles()).toEqual(["the engine begins again at the last checkpoint"]);
    await opened.time.goTo(20);
    await opened.service.ingest("s", [event("b2@4"), event("a1@1")]);
    expect(await alertsOf(opened)).toEqual(["1@2", "2@4"]);
    expect(opened.service.status()).toMatchObject({ restarts: 2, troubles: [] });
    expect(opened.failures).toEqual([]);
  });

  test("begins again when the checkpoint under way is over, which removes the one before (S9.19, S9.21)", async () => {
    const stores = newStores();
    const opened = await open({
      stores,
      settings: { retained: 1 },
      restarts: { kind: "exponential", initialMs: 10, maxMs: 10, resetMs: 10 },
    });
    await opened.service.ingest("s", [event("a1@1")]);
    const { offset } = await opened.service.savepoints!.takeCheckpoint();
    await stores.log.truncate({ before: offset });
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const save = stores.checkpoints.save.bind(stores.checkpoints);
    const load = stores.checkpoints.load.bind(stores.checkpoints);
    jest.spyOn(stores.checkpoints, "save").mockImplementation(async (manifest, chunks) => {
      await released;
      await save(manifest, chunks);
    });
    jest.spyOn(stores.checkpoints, "load").mockImplementation(async (id) => {
      release();
      await settled();
      return await load(id);
    });
    void opened.service.savepoints!.takeCheckpoint();
    injectFaults(isB1, 1);
    await opened.service.ingest("s", [event("b1@2")]);
    await settled();
    await opened.time.goTo(10);
    release();
    await settled();
    expect(opened.failures).toEqual([]);
    expect(await alertsOf(opened)).toEqual(["1@2"]);
  });

  test("is given up when its strategy says so", async () => {
    const opened = await open({ restarts: { kind: "fixedDelay", attempts: 1, delayMs: 10 } });
    injectFaults(isB1);
    await opened.service.ingest("s", [event("b1@2")]);
    await settled();
    await opened.time.goTo(10);
    expect(opened.failures).toMatchObject([{ message: "a bug of ours" }]);
  });

  test("goes on without a record that it fails on again and again, which can be logged once more (S9.21)", async () => {
    const opened = await open({ restarts: { kind: "fixedDelay", attempts: 5, delayMs: 10 }, setsAside: true });
    injectFaults(isB1, 2);
    await opened.service.ingest("s", [event("a1@1"), event("b1@2"), event("a2@3"), event("b2@4")]);
    await settled();
    await opened.time.goTo(100);
    await settled();
    const [poison] = await opened.service.savepoints!.poisonRecords();
    expect(poison).toMatchObject({ record: { data: { i: "b1@2" } }, replayedAs: null });
    expect(await open({ stores: opened.stores, rules: "", setsAside: true }).then(alertsOf)).toEqual(["2@4"]);
    expect(await open({ stores: opened.stores, rules: "", setsAside: false }).then(alertsOf)).toEqual(["2@4"]);
    const other = await open({ stores: opened.stores, rules: "", setsAside: true });
    await other.service.savepoints!.replayPoison(poison!.record.offset);
    expect(await other.service.savepoints!.poisonRecords()).toMatchObject([{ replayedAs: expect.any(Number) }]);
  });
});

describe("a restart strategy", () => {
  const check = (strategy: RestartStrategy, failures: readonly number[]): (number | null)[] => {
    const counted = new Failures(strategy);
    return failures.map((at) => counted.failed(at));
  };

  test("none, fixed delay, failure rate, exponential", () => {
    expect(check({ kind: "none" }, [0])).toEqual([null]);
    expect(check({ kind: "fixedDelay", attempts: 2, delayMs: 5 }, [0, 1, 2])).toEqual([5, 5, null]);
    const rate = { kind: "failureRate", failuresMax: 2, intervalMs: 10, delayMs: 5 } as const;
    expect(check(rate, [0, 1, 20, 21, 22])).toEqual([5, 5, 5, 5, null]);
    const growing = { kind: "exponential", initialMs: 1, maxMs: 3, resetMs: 10 } as const;
    expect(check(growing, [0, 1, 2, 3, 13])).toEqual([1, 2, 3, 3, 1]);
  });
});
