/** Silent streams (S1.11, S1.12, S1.13, S1.14): whose time goes on by itself, from where, how far, and that the log knows of it. */

import { describe, expect, test } from "@jest/globals";
import { IdleClock, type SilentStream } from "../../src/engine/log/idle-clock.ts";
import { EngineService } from "../../src/engine/service/service.ts";
import { createEngine } from "../../src/index.ts";
import type { LogRecord } from "../../src/engine/log/log-record.ts";
import { memoryStores } from "../../src/store/memory.ts";
import type { Stores } from "../../src/store/stores.ts";
import { Impatience } from "../support/unreliable.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOON = Date.parse("2026-01-31T12:00:00.000Z");
const PAID = `rule unshipped { from s key by k pattern { begin paid where t == "p"  notFollowedBy shipped where t == "s"  within 2m } }`;

/** A service whose clock is ours, over stores in memory. */
class Stage {
  now = NOON;
  readonly stores: Stores = memoryStores({ now: () => this.now });
  service!: EngineService;

  async open(rules = ""): Promise<void> {
    const { log, alerts } = this.stores;
    const failed = (error: unknown): void => {
      throw error;
    };
    this.service = new EngineService({
      log,
      alerts,
      clock: { now: () => this.now },
      patience: new Impatience(),
      failed,
    });
    await this.service.open();
    if (rules !== "") await this.service.putRules(rules);
  }

  push(stream: string, event: { readonly t: string; readonly k: string; readonly at?: number }): Promise<unknown> {
    return this.service.ingest(stream, [{ at: this.now, ...event }]);
  }

  /** Lets the wall clock go on, ticking every second. */
  async wait(ms: number): Promise<void> {
    for (const end = this.now + ms; this.now < end;) {
      this.now = Math.min(end, this.now + 1000);
      await this.service.tick();
    }
  }

  async alerts(): Promise<string[]> {
    await this.service.close();
    const stored = await this.stores.alerts.after(0, 100);
    return stored.map(({ alert }) => `${alert.key as string} at ${alert.at.slice(11, 19)}`);
  }

  async log(): Promise<LogRecord[]> {
    await this.service.close();
    const records: LogRecord[] = [];
    for await (const chunk of this.stores.log.read(0)) records.push(...chunk);
    return records;
  }
}

async function staged(stream: string, rule = PAID): Promise<Stage> {
  const stage = new Stage();
  await stage.open(`stream s { time at  ${stream} } ${rule}`);
  return stage;
}

describe("a silent stream that is live", () => {
  test("lets an absence alert when its deadline comes, without traffic", async () => {
    const stage = await staged("");
    await stage.push("s", { t: "p", k: "a" });
    await stage.wait(2 * MINUTE - 1000);
    expect(await stage.alerts()).toEqual([]);
    await stage.wait(2000);
    expect(await stage.alerts()).toEqual(["a at 12:02:00"]);
  });

  test("lags behind the wall clock by its bound", async () => {
    const stage = await staged("watermark bounded 10s");
    await stage.push("s", { t: "p", k: "a" });
    await stage.wait(2 * MINUTE + 9000);
    expect(await stage.alerts()).toEqual([]);
    await stage.wait(2000);
    expect(await stage.alerts()).toEqual(["a at 12:02:00"]);
  });

  test("takes what comes in time afterwards", async () => {
    const stage = await staged("watermark bounded 10s");
    await stage.push("s", { t: "p", k: "a" });
    await stage.wait(5 * MINUTE);
    await stage.push("s", { t: "p", k: "b", at: stage.now - 9000 });
    expect(stage.service.stream("s")!.late).toBe(0);
  });

  test("closes windows", async () => {
    const rule = "rule w { from s key by k window { tumbling 1m } emit { n = count() } }";
    const stage = await staged("", rule);
    await stage.push("s", { t: "p", k: "a" });
    await stage.wait(MINUTE + 1000);
    expect(await stage.alerts()).toEqual(["a at 12:01:00"]);
  });

  test("is logged no more than something waits for", async () => {
    const stage = await staged("");
    await stage.push("s", { t: "p", k: "a" });
    await stage.wait(10 * MINUTE);
    const ticks = (await stage.log()).filter(({ kind }) => kind === "tick");
    expect(ticks).toEqual([{ kind: "tick", offset: 2, stream: "s", idle: [], time: NOON + 2 * MINUTE - 1 + 1000 }]);
  });

  test("gives the same when the log is read again", async () => {
    const stage = await staged("");
    await stage.push("s", { t: "p", k: "a" });
    await stage.wait(3 * MINUTE);
    const replayed = createEngine({ rules: "" });
    const outputs = (await stage.log()).flatMap((record) => replayed.apply(record));
    const stored = await stage.stores.alerts.after(0, 10);
    expect(outputs).toMatchObject([{ alert: { id: stored[0]!.alert.id } }]);
  });

  test("goes on from when the service was ready again, not from before", async () => {
    const stage = await staged("");
    await stage.push("s", { t: "p", k: "a" });
    await stage.service.close();
    stage.now += HOUR;
    await stage.open();
    await stage.wait(MINUTE);
    expect(await stage.alerts()).toEqual([]);
    await stage.wait(MINUTE + 1000);
    expect(await stage.alerts()).toEqual(["a at 12:02:00"]);
  });
});

describe("time stands still", () => {
  test("before the stream has been silent for so long", async () => {
    const stage = await staged("idle 10m");
    await stage.push("s", { t: "p", k: "a" });
    await stage.wait(10 * MINUTE - 1000);
    expect(await stage.alerts()).toEqual([]);
    await stage.wait(1000);
    expect(await stage.alerts()).toEqual(["a at 12:02:00"]);
  });

  test("where it is not to go on by itself", async () => {
    const stage = await staged("idle off");
    await stage.push("s", { t: "p", k: "a" });
    await stage.wait(10 * MINUTE);
    expect(await stage.alerts()).toEqual([]);
  });

  test("while history is loaded, however long the pauses", async () => {
    const stage = await staged("");
    const longAgo = NOON - 30 * 24 * HOUR;
    for (let i = 0; i < 5; i++) {
      await stage.push("s", { t: i % 2 === 0 ? "p" : "s", k: "a", at: longAgo + i * 1000 });
      await stage.wait(2 * MINUTE);
    }
    expect(stage.service.stream("s")!.late).toBe(0);
    expect((await stage.log()).filter(({ kind }) => kind === "tick")).toEqual([]);
  });

  test("after its end", async () => {
    const stage = await staged("");
    await stage.push("s", { t: "p", k: "a" });
    await stage.service.advanceWatermark("s", "end");
    await stage.wait(10 * MINUTE);
    expect((await stage.log()).filter(({ kind }) => kind === "tick")).toEqual([]);
  });
});

describe("one silent stream of a rule over two", () => {
  test("does not keep the other's events waiting", async () => {
    const stage = new Stage();
    const rule = `rule both { from s, r key by k pattern { begin x where t == "p"  followedBy y where t == "s" within 1h } }`;
    await stage.open(`stream s { time at } stream r { time at } ${rule}`);
    await stage.push("r", { t: "x", k: "a" });
    stage.now += MINUTE;
    await stage.push("s", { t: "p", k: "a" });
    stage.now += 1000;
    await stage.push("s", { t: "s", k: "a" });
    expect(await stage.alerts()).toEqual([]);
    await stage.wait(2000);
    expect(await stage.alerts()).toEqual(["a at 12:01:01"]);
  });
});

describe("partitions", () => {
  const stream: SilentStream = {
    name: "s",
    idleMs: 1000,
    ended: false,
    events: 2,
    watermark: 90,
    newest: { time: 100, at: 100 },
    partitions: [
      { name: "p", lastArrival: 100, idle: false },
      { name: "q", lastArrival: 2000, idle: false },
    ],
    nextDeadline: 95,
  };

  test.each<[string, Partial<SilentStream>, number, object | null]>([
    ["one that is silent beside others holds time back no longer", {}, 2100, { idle: ["p"] }],
    [
      "it is told so once",
      { partitions: [{ ...stream.partitions[0]!, idle: true }, stream.partitions[1]!] },
      2100,
      null,
    ],
    ["when all are silent, time goes on from the last that spoke", {}, 3000, { idle: [], time: 1090 }],
    ["it does so only when something waits", { nextDeadline: null }, 3000, null],
    ["it does so only as far as something waits", { nextDeadline: 1091 }, 3000, null],
    ["without a watermark there is nothing to go on from", { watermark: -Infinity }, 3000, null],
    ["before the first event there is no stream", { newest: null, partitions: [] }, 3000, null],
    ["an hour late is not live", { newest: { time: 100, at: 100 + HOUR } }, 3000, null],
  ])("%s", (_, changes, now, expected) => {
    const tick = expected === null ? null : { kind: "tick", stream: "s", ...expected };
    expect(new IdleClock(0).tick({ ...stream, ...changes }, now)).toEqual(tick);
  });
});
