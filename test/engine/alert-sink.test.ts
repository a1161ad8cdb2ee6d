/** Alerts to a sink outside: with checkpoints, away and back, and what savepoints do to it (S9.23, S9.24, S9.25). */

import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { UserError } from "../../src/core/errors.ts";
import type { AlertSinkOptions } from "../../src/engine/log/alert-sink.ts";
import type { Alert } from "../../src/engine/output.ts";
import { IdempotentWriter } from "../../src/stream/sinks/idempotent-writer.ts";
import { TwoPhaseWriter } from "../../src/stream/sinks/two-phase-writer.ts";
import { MemoryTwoPhaseSink } from "../support/memory-two-phase-sink.ts";
import { alertsOf, event, newStores, open, type Opened } from "../support/pair-service.ts";
import { settled, TestNotices } from "../support/scheduler.ts";

/** A sink that can be away: every call fails then. Or it answers, and refuses what is written. */
class Outside {
  readonly sink = new MemoryTwoPhaseSink<Alert>();
  readonly notices = new TestNotices();
  /** Of the idempotent one. */
  readonly written = new Map<string, Alert>();
  isAway = false;
  refuses = false;
  readonly rests: string[] = [];
  #back: (() => void)[] = [];

  constructor() {
    for (const call of ["begin", "write", "preCommit", "commit", "recover"] as const) {
      const real = this.sink[call].bind(this.sink) as (...args: unknown[]) => Promise<never>;
      jest.spyOn(this.sink, call).mockImplementation(async (...args: unknown[]) => {
        this.#requireThere();
        if (this.refuses && call === "write") throw new Error("refused");
        return await real(...args);
      });
    }
  }

  options(mode: AlertSinkOptions["mode"]): AlertSinkOptions {
    const write = async (alerts: readonly Alert[]): Promise<void> => {
      this.#requireThere();
      if (this.refuses) throw new Error("refused");
      for (const alert of alerts) this.written.set(alert.id, alert);
    };
    return {
      mode,
      writer: (failed) =>
        mode === "two-phase"
          ? new TwoPhaseWriter({ sink: this.sink, failed })
          : new IdempotentWriter({ sink: { write, close: async () => undefined }, failed }),
      check: async () => this.#requireThere(),
      patience: { beforeRetry: () => new Promise((resolve) => this.#back.push(resolve)) },
      rest: {
        beforeRetry: async (attempt, error) => void this.rests.push(`${attempt}: ${(error as Error).message}`),
      },
      notices: this.notices,
    };
  }

  async comesBack(): Promise<void> {
    this.isAway = false;
    for (const resolve of this.#back.splice(0)) resolve();
    await settled();
  }

  /** `1@2`: key and time, as others see them, in their order. */
  seen(mode: AlertSinkOptions["mode"]): readonly string[] {
    const alerts = mode === "two-phase" ? this.sink.visible : [...this.written.values()];
    return alerts.map(({ key, at }) => `${key as string}@${Date.parse(at)}`);
  }

  #requireThere(): void {
    if (this.isAway) throw new Error("nobody is there");
  }
}

async function checkpoint({ service }: Opened): Promise<void> {
  await service.savepoints!.takeCheckpoint();
  await settled();
}

async function pair(opened: Opened, key: string, at: number): Promise<void> {
  await opened.service.ingest("s", [event(`a${key}@${at}`), event(`b${key}@${at + 1}`)]);
  await opened.service.advanceWatermark("s", at + 2);
  await settled();
}

describe("in two phases", () => {
  test("alerts are seen with the checkpoint, once, and the rest after a stop", async () => {
    const outside = new Outside();
    const opened = await open({ sink: outside.options("two-phase") });
    await pair(opened, "1", 1);
    expect({ stored: await alertsOf(opened), seen: outside.seen("two-phase") }).toEqual({ stored: ["1@2"], seen: [] });
    await checkpoint(opened);
    expect(outside.seen("two-phase")).toEqual(["1@2"]);
    expect(opened.service.status().sink).toEqual({
      mode: "two-phase",
      state: "working",
      waiting: 0,
      open: 0,
      prepared: 0,
      committed: 1,
      aborted: 0,
    });
    await pair(opened, "2", 2000);
    await opened.service.close();
    expect(outside.seen("two-phase")).toEqual(["1@2", "2@2001"]);
  });

  test("a start goes on after what the newest checkpoint names, also where the rest of that cannot be read", async () => {
    const outside = new Outside();
    const stores = newStores();
    const first = await open({ stores, sink: outside.options("two-phase") });
    await pair(first, "1", 1);
    await checkpoint(first);
    await pair(first, "2", 10);
    await checkpoint(first);
    await pair(first, "3", 20);
    const load = stores.checkpoints.load.bind(stores.checkpoints);
    jest.spyOn(stores.checkpoints, "load").mockImplementation(async (id) => {
      if (id === 2) throw new UserError({ code: "checkpoint-torn", message: "it is torn" });
      return await load(id);
    });
    const next = await open({ stores, rules: "", sink: outside.options("two-phase") });
    expect(next.notices.told).toContain("a checkpoint cannot be used; the one before it is tried: it is torn");
    await next.service.close();
    expect(outside.seen("two-phase")).toEqual(["1@2", "2@11", "3@21"]); // S9.25
    expect(outside.sink.prepared.size + outside.sink.open.size).toBe(0);
  });

  test("a checkpoint that fails after it was prepared is committed with the next", async () => {
    const outside = new Outside();
    const stores = newStores();
    const opened = await open({ stores, sink: outside.options("two-phase") });
    await pair(opened, "1", 1);
    const full = jest.spyOn(stores.checkpoints, "save").mockRejectedValue(new Error("the disk is full"));
    await expect(checkpoint(opened)).rejects.toThrow("the disk is full");
    expect({ seen: outside.seen("two-phase"), prepared: opened.service.status().sink?.prepared }).toEqual({
      seen: [],
      prepared: 1,
    });
    full.mockRestore();
    await pair(opened, "2", 10);
    await checkpoint(opened);
    expect(outside.seen("two-phase")).toEqual(["1@2", "2@11"]);
  });

  test("a commit that fails is made up for, though nobody waits for it", async () => {
    const outside = new Outside();
    const opened = await open({ sink: outside.options("two-phase") });
    await pair(opened, "1", 1);
    const commit = jest.spyOn(outside.sink, "commit").mockRejectedValue(new Error("gone"));
    await checkpoint(opened);
    expect(opened.service.status()).toMatchObject({ checkpoints: { completed: 1 }, sink: { state: "away" } });
    commit.mockRestore();
    await outside.comesBack();
    expect(outside.seen("two-phase")).toEqual(["1@2"]);
    expect(opened.failures).toEqual([]);
  });

  test("a savepoint commits nothing, and a restored one takes nothing back: what is found again is written again", async () => {
    const outside = new Outside();
    const opened = await open({ sink: outside.options("two-phase") });
    await opened.service.savepoints!.create("empty");
    await pair(opened, "1", 1);
    await opened.service.savepoints!.create("before");
    expect(outside.seen("two-phase")).toEqual([]);
    await opened.service.savepoints!.restore("empty");
    await pair(opened, "1", 1); // a savepoint that knows no event takes it again (S9.20)
    await checkpoint(opened);
    expect(outside.seen("two-phase")).toEqual(["1@2", "1@2"]); // S9.25
    expect(await alertsOf(opened)).toEqual(["1@2"]);
    await opened.service.close();
  });

  test("a rule that is changed and rolled back takes nothing back", async () => {
    const outside = new Outside();
    const opened = await open({ sink: outside.options("two-phase") });
    await pair(opened, "1", 1);
    await opened.service.putRules(`rule pair { from s key by k pattern { begin a where t == "b" } }`);
    await opened.service.ingest("s", [event("b2@10")]);
    await opened.service.rollbackRule("pair", 1);
    await pair(opened, "3", 20);
    await opened.service.close();
    expect(outside.seen("two-phase")).toEqual(["1@2", "2@10", "3@21"]); // S9.25
  });
});

// S9.24
describe.each(["two-phase", "idempotent"] as const)("a sink that is away: %s", (mode) => {
  afterEach(() => void jest.restoreAllMocks());

  test("holds up no alert; there is no checkpoint, and when it is back it has all of them once", async () => {
    const outside = new Outside();
    const opened = await open({ sink: outside.options(mode) });
    await pair(opened, "1", 1);
    await checkpoint(opened);
    outside.isAway = true;
    await pair(opened, "2", 10);
    const refused = await opened.service.savepoints!.takeCheckpoint().catch((error: unknown) => error);
    expect((refused as Error).message).toMatch(/nobody is there/);
    await pair(opened, "3", 20);
    expect(opened.service.status()).toMatchObject({ sink: { state: "away" }, restarts: 0 });
    expect(opened.service.troubles()).toEqual([
      "the alert sink takes no alerts (nobody is there); it is given them when it is back",
    ]);
    await expect(checkpoint(opened)).rejects.toMatchObject({ code: "sink-away" });
    expect(await stored(opened)).toEqual(["1@2", "2@11", "3@21"]);
    expect(outside.seen(mode)).toEqual(["1@2"]);

    await outside.comesBack();
    expect(opened.service.status()).toMatchObject({ sink: { state: "working" }, restarts: 1, troubles: [] });
    await checkpoint(opened);
    expect(outside.seen(mode)).toEqual(["1@2", "2@11", "3@21"]);
    expect(await stored(opened)).toEqual(["1@2", "2@11", "3@21"]);
    expect(outside.notices.told).toEqual([
      "the alert sink has failed; it is given what it lacks when it is back",
      "the alert sink is back",
    ]);
  });

  test("lets a service start, and is given what it lacks when it is there", async () => {
    const outside = new Outside();
    outside.isAway = true;
    const opened = await open({ sink: outside.options(mode) });
    await pair(opened, "1", 1);
    expect(opened.service.status()).toMatchObject({ sink: { state: "away" }, replaying: false });
    await outside.comesBack();
    await opened.service.close();
    expect(outside.seen(mode)).toEqual(["1@2"]);
  });

  test("is given what it lacks once more after a rest, where it answers and refuses that", async () => {
    const outside = new Outside();
    const opened = await open({ sink: outside.options(mode) });
    outside.refuses = true;
    await pair(opened, "1", 1);
    for (let times = 1; times <= 3; times++) {
      await checkpoint(opened).catch(() => undefined);
      await outside.comesBack();
    }
    expect(outside.rests.slice(0, 2)).toEqual(["1: refused", "2: refused"]);
    outside.refuses = false;
    await outside.comesBack();
    await checkpoint(opened);
    expect(outside.seen(mode)).toEqual(["1@2"]);
    const { length } = outside.rests;
    outside.isAway = true;
    await pair(opened, "2", 10);
    await checkpoint(opened).catch(() => undefined);
    expect(outside.rests).toHaveLength(length); // a checkpoint has been complete since
  });

  test("does not keep a checkpoint that it made fail from saying what has changed since the one before", async () => {
    const outside = new Outside();
    const stores = newStores();
    const opened = await open({ stores, sink: outside.options(mode) });
    await opened.service.ingest("s", [event("a1@1")]);
    await opened.service.advanceWatermark("s", 2);
    await checkpoint(opened);
    outside.isAway = true;
    await pair(opened, "2", 10);
    await opened.service.ingest("s", [event("a3@20")]);
    await opened.service.advanceWatermark("s", 21);
    await checkpoint(opened).catch(() => undefined);
    await outside.comesBack();
    await checkpoint(opened);
    const next = await open({ stores, rules: "", sink: outside.options(mode) });
    await next.service.ingest("s", [event("b1@30"), event("b3@31")]);
    expect(await alertsOf(next)).toEqual(["2@11", "1@30", "3@31"]);
  });
});

test("what somebody has to mend refuses the start", async () => {
  const outside = new Outside();
  const check = (): Promise<void> =>
    Promise.reject(new UserError({ code: "sink-table", message: "it has no columns" }));
  await expect(open({ sink: { ...outside.options("idempotent"), check } })).rejects.toMatchObject({
    code: "sink-table",
  });
});

async function stored({ stores }: Opened): Promise<readonly string[]> {
  const alerts = await stores.alerts.after(0, 100);
  return alerts.map(({ alert }) => `${alert.key as string}@${Date.parse(alert.at)}`);
}
