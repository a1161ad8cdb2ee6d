/** The service over stores in memory: what it takes and answers, how far it may lag, what a restart finds, and stores that fail. */

import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import type { JsonObject } from "../../src/core/event.ts";
import { limits } from "../../src/core/limits.ts";
import type { Patience, StoredAlert } from "../../src/engine/ports.ts";
import { EngineService } from "../../src/engine/service/service.ts";
import { RuleError } from "../../src/index.ts";
import { memoryStores } from "../../src/store/memory.ts";
import type { Stores } from "../../src/store/stores.ts";
import { Impatience, UnreliableAlerts, UnreliableLog, type Fate } from "../support/unreliable.ts";

const STREAM = "stream s { time at  id i }";
const PAIR = 'rule pair { from s key by k pattern { begin a where t == "a"  followedBy b where t == "b" } }';

interface Opened {
  readonly service: EngineService;
  readonly stores: Stores;
  readonly log: UnreliableLog;
  readonly alerts: UnreliableAlerts;
  readonly failures: unknown[];
}

/** A service over these stores, or over empty ones. */
async function open({
  stores = memoryStores({ now: () => 0 }),
  rules = "",
  logFates = [] as readonly Fate[],
  alertFates = [] as readonly Fate[],
  now = (): number => 0,
  patience = new Impatience() as Patience,
} = {}): Promise<Opened> {
  const log = new UnreliableLog(stores.log, logFates);
  const alerts = new UnreliableAlerts(stores.alerts, alertFates);
  const failures: unknown[] = [];
  const failed = (error: unknown): void => void failures.push(error);
  const service = new EngineService({ log, alerts, clock: { now }, patience, failed });
  await service.open();
  if (rules !== "") await service.putRules(rules);
  return { service, stores, log, alerts, failures };
}

/** Events as `a1@5`: type, key, time; the text is the identity. */
function events(...texts: readonly string[]): JsonObject[] {
  return texts.map((text) => {
    const [t, k, at] = /^(\w)(\w)@(\d+)$/.exec(text)!.slice(1);
    return { t: t!, k: k!, at: Number(at), i: text };
  });
}

async function told({ alerts }: Stores): Promise<string[]> {
  const stored = await alerts.after(0, 1000);
  return stored.map(({ alert }) => `${alert.rule} v${alert.version} ${alert.key as string} ${Date.parse(alert.at)}`);
}

describe("events", () => {
  test("are taken, passed over or refused, each by itself", async () => {
    const { service, stores } = await open({ rules: `${STREAM} ${PAIR}` });
    const batch = [...events("a1@1", "a1@1"), { at: "x", i: "y" }, 5, ...events("b1@2")];
    expect(await service.ingest("s", batch)).toMatchObject({
      accepted: 2,
      duplicates: 1,
      rejected: [
        { index: 2, code: "bad-time" },
        { index: 3, code: "not-an-object" },
      ],
      lastOffset: 2,
    });
    expect(await service.ingest("s", events("b1@2"))).toEqual({
      accepted: 0,
      duplicates: 1,
      rejected: [],
      lastOffset: null,
    });
    await service.close();
    expect(await told(stores)).toEqual(["pair v1 1 2"]);
  });

  test("of a stream that is not known are refused, with the one that was perhaps meant", async () => {
    const { service, log } = await open({ rules: "stream logins { time at }" });
    const refused = { code: "unknown-stream", hint: "did you mean `logins`?" };
    await expect(service.ingest("login", [])).rejects.toMatchObject(refused);
    await expect(service.advanceWatermark("login", 5)).rejects.toMatchObject(refused);
    expect(log.sent).toEqual(["0-0"]);
  });

  test("of many calls at once keep their order, and each is answered when it is durable", async () => {
    const { service, stores, log } = await open({ rules: `${STREAM} ${PAIR}` });
    log.gate.close();
    const answers = Array.from({ length: 10 }, (_, i) => service.ingest("s", events(`a${i}@${i}`, `b${i}@${i}`)));
    let answered = 0;
    for (const answer of answers) void answer.then(() => answered++);
    await turn();
    expect(answered).toBe(0);
    log.gate.open();
    expect((await Promise.all(answers)).map(({ lastOffset }) => lastOffset)).toEqual(answers.map((_, i) => 2 * i + 2));
    await service.close();
    expect(await told(stores)).toEqual(answers.map((_, i) => `pair v1 ${i} ${i}`));
  });

  test("a duplicate is answered no sooner than its original", async () => {
    const { service, log } = await open({ rules: STREAM });
    log.gate.close();
    const first = service.ingest("s", events("a1@1"));
    let answered = false;
    const again = service.ingest("s", events("a1@1")).then(() => (answered = true));
    await turn();
    expect(answered).toBe(false);
    log.gate.open();
    await Promise.all([first, again]);
  });

  test("have the time of arrival where their stream declares none", async () => {
    const clock = { at: 1000 };
    const { service, stores } = await open({ rules: "rule r { from u pattern { begin a } }", now: () => clock.at });
    await service.ingest("u", [{}]);
    clock.at = 500;
    await service.ingest("u", [{}]);
    await service.close();
    expect(await told(stores)).toEqual(["r v1 null 1000", "r v1 null 1000"]);
  });
});

describe("rules", () => {
  test("say what has changed, and are put once", async () => {
    const { service, log } = await open();
    const put = await service.putRules(`${STREAM} ${PAIR}`);
    expect(put).toMatchObject({
      changed: true,
      rules: [{ name: "pair", version: 1, change: "created", activeFrom: 0 }],
      streams: [{ name: "s", change: "created" }],
    });
    expect(await service.putRules(`${STREAM} ${PAIR}`)).toMatchObject({
      changed: false,
      rules: [{ version: 1, change: "unchanged", activeFrom: 0 }],
      streams: [{ change: "unchanged" }],
    });
    expect(log.sent).toEqual(["0-0"]);
  });

  test("that are refused leave everything as it was, and do not hold up others", async () => {
    const { service, log } = await open({ rules: STREAM });
    const refused = service.putRules(`${PAIR} rule bad { from s }`);
    const accepted = service.putRules(PAIR);
    await expect(refused).rejects.toThrow(RuleError);
    await expect(service.removeRule("par")).rejects.toMatchObject({
      code: "unknown-rule",
      hint: "did you mean `pair`?",
    });
    expect(await accepted).toMatchObject({ rules: [{ version: 1 }] });
    expect(log.sent).toEqual(["0-0", "1-1"]);
  });

  test("that are put at once are changes one after the other", async () => {
    const { service } = await open({ rules: STREAM });
    const texts = ["a", "b", "c", "c"].map((t) => PAIR.replace('"a"', `"${t}"`));
    const puts = await Promise.all([...texts.map((text) => service.putRules(text)), service.removeRule("pair")]);
    expect(puts.slice(0, 4)).toMatchObject([
      { changed: true, rules: [{ version: 1, activeFrom: 1 }] },
      { changed: true, rules: [{ version: 2, activeFrom: 2 }] },
      { changed: true, rules: [{ version: 3, activeFrom: 3 }] },
      { changed: false, rules: [{ version: 3, activeFrom: 3 }] },
    ]);
    expect(service.rules()).toEqual([]);
    expect(await service.putRules(PAIR)).toMatchObject({ rules: [{ version: 4, change: "created" }] });
  });

  // S9.5
  test("see what is logged after them, and nothing before", async () => {
    const { service, stores } = await open({ rules: STREAM });
    const each = (name: string): string => `rule ${name} { from s pattern { begin a } }`;
    await Promise.all([
      service.ingest("s", events("a1@1")),
      service.putRules(each("r")),
      service.ingest("s", events("a2@2")),
    ]);
    const { activeFrom } = service.rule("r")!;
    await service.ingest("s", events("a3@3"));
    await service.close();
    const seen = (await stores.alerts.after(0, 10)).map(({ alert }) => alert.events["a"]![0]!.offset);
    expect(seen).toEqual([1, 2, 3, 4].filter((offset) => offset > activeFrom));
  });

  test("of a file are not loaded again, so that later changes stand; unless the file has changed", async () => {
    const { service, stores } = await open();
    const changed = PAIR.replace('"a"', '"x"');
    await service.putRules(`${STREAM} ${PAIR}`, { origin: "pair.rule" });
    await service.putRules(changed);
    expect(service.wasLoaded(`${STREAM} ${PAIR}`, "pair.rule")).toBe(true);
    expect(service.wasLoaded(changed, "pair.rule")).toBe(false);
    expect(service.wasLoaded(`${STREAM} ${PAIR}`, "other.rule")).toBe(false);
    expect(await service.putRules(changed, { origin: "pair.rule" })).toMatchObject({ changed: false }); // but loaded from there now
    await service.close();
    const { service: restarted } = await open({ stores });
    expect(restarted.wasLoaded(changed, "pair.rule")).toBe(true);
    expect(restarted.rule("pair")!.version).toBe(2);
  });

  test("are checked without being put", async () => {
    const { service, log } = await open({ rules: STREAM });
    expect(service.checkRules(PAIR)).toMatchObject({ ok: true, rules: ["pair"], streams: [], diagnostics: [] });
    expect(service.checkRules("rule x {").ok).toBe(false);
    expect(service.rules()).toEqual([]);
    expect(log.sent).toEqual(["0-0"]);
  });
});

describe("a restart", () => {
  /** All that is to be seen from outside. */
  function seen(service: EngineService): unknown {
    return { rules: service.rules(), streams: service.streams(), status: service.status() };
  }

  test("finds everything as it was, and tells nothing twice", async () => {
    const { service, stores } = await open({ rules: `${STREAM} ${PAIR}` });
    await service.ingest("s", events("a1@1", "a2@2", "b1@3"));
    await service.putRules(PAIR.replace("from s", "severity high from s"));
    await service.advanceWatermark("s", 4);
    await service.ingest("s", events("a3@3", "a4@6"));
    await service.close();
    const before = [seen(service), await told(stores)];

    const restarted = await open({ stores });
    expect([seen(restarted.service), await told(stores)]).toEqual(before);
    expect(restarted.alerts.sent).toEqual([]);
    expect(await restarted.service.ingest("s", events("a1@1", "b2@7", "b4@7"))).toMatchObject({
      accepted: 2,
      duplicates: 1,
    });
    await restarted.service.close();
    expect(await told(stores)).toEqual(["pair v1 1 3", "pair v2 2 7", "pair v2 4 7"]);
  });

  // S9.3
  test("writes what was not written, once", async () => {
    const { service, stores, alerts } = await open({ rules: `${STREAM} ${PAIR}` });
    await service.ingest("s", events("a1@1", "b1@2"));
    await service.close();
    alerts.gate.close(); // the service dies here, with one alert unwritten
    await service.ingest("s", events("a2@3", "b2@4"));
    expect(await told(stores)).toEqual(["pair v1 1 2"]);

    const restarted = await open({ stores });
    expect(await told(stores)).toEqual(["pair v1 1 2", "pair v1 2 4"]);
    expect(restarted.alerts.sent).toEqual(["1 through 5"]);
  });
});

describe("late events", () => {
  // S9.10
  test("are written with the alerts of their records, once, also when the log is read again", async () => {
    const { service, stores, alerts } = await open({ rules: `${STREAM} ${PAIR}` });
    await service.ingest("s", events("a1@5", "a2@3", "b1@6"));
    await service.close();
    alerts.gate.close(); // the service dies here, with one late event unwritten
    await service.ingest("s", events("a3@4"));
    const kept = async (): Promise<number[]> => {
      const { items } = await stores.late.list({ stream: "s" }, { limit: 10, cursor: null });
      return items.map(({ offset }) => offset);
    };
    expect(await kept()).toEqual([2]);

    const restarted = await open({ stores });
    expect(await kept()).toEqual([2, 4]);
    expect(restarted.alerts.sent).toEqual(["1 through 5"]);
    expect(restarted.service.stream("s")).toMatchObject({ late: 2 });
  });
});

describe("stores that fail", () => {
  test("are waited for: the log's answer is lost, the alerts are refused", async () => {
    const { service, stores, failures } = await open({
      rules: `${STREAM} ${PAIR}`,
      logFates: ["done", "refused", "answer lost"],
      alertFates: ["refused", "refused"],
    });
    expect(await service.ingest("s", events("a1@1", "b1@2"))).toMatchObject({ accepted: 2, lastOffset: 2 });
    expect(await service.ingest("s", events("a2@3", "b2@4"))).toMatchObject({ accepted: 2, lastOffset: 4 });
    await service.close();
    expect(await told(stores)).toEqual(["pair v1 1 2", "pair v1 2 4"]);
    expect(await stores.log.end()).toBe(5);
    expect(failures).toEqual([]);
  });

  test("are told of while they fail", async () => {
    const told: (readonly string[])[] = [];
    const patience = { beforeRetry: async () => void told.push(service.troubles()) };
    const { service } = await open({ logFates: ["done", "refused"], alertFates: ["refused"], patience });
    await service.putRules(`${STREAM} ${PAIR}`);
    await service.ingest("s", events("a1@1", "b1@2"));
    await service.close();
    expect(told).toEqual([
      ["events cannot be written to the log; they are tried again"],
      ["alerts cannot be written; they are tried again"],
    ]);
    expect(service.troubles()).toEqual([]);
  });

  test("and had taken the alerts all the same: listeners hear of it", async () => {
    const { service, stores } = await open({ rules: `${STREAM} ${PAIR}`, alertFates: ["answer lost"] });
    let calls = 0;
    service.onAlerts(() => calls++);
    await service.ingest("s", events("a1@1", "b1@2"));
    await service.close();
    expect(await told(stores)).toEqual(["pair v1 1 2"]);
    expect(calls).toBe(1);
  });
});

describe("an engine that is behind", () => {
  test("makes new events wait, and takes them when it has caught up by half", async () => {
    const clock = { at: 0 };
    const rules = "stream s { time at } rule r { from s pattern { begin a } }";
    const { service, alerts } = await open({ rules, now: () => clock.at });
    alerts.gate.close();
    const max = limits.engineLagRecordsMax;
    const batch = Array.from({ length: 3 * limits.unwrittenAlertsMax + max }, (_, at) => ({ at }));
    await service.ingest("s", batch);
    let answered = false;
    const next = service.ingest("s", [{ at: batch.length }]).then(() => (answered = true));
    await turn();
    clock.at = 7;
    expect(answered).toBe(false);
    const { logEnd, applied, processed, lag } = service.status();
    expect({ logEnd, processed, lag }).toEqual({
      logEnd: batch.length + 1,
      processed: 1,
      lag: { records: batch.length, ms: 7 },
    });
    expect(applied).toBeGreaterThan(processed);
    alerts.gate.open();
    await next;
    await service.close();
    const end = batch.length + 2;
    expect(service.status()).toMatchObject({ logEnd: end, applied: end, processed: end, lag: { records: 0, ms: 0 } });
  });
});

describe("listeners", () => {
  test("are told of new alerts in order, until they leave", async () => {
    const { service } = await open({ rules: `${STREAM} ${PAIR}` });
    const heard: string[] = [];
    const listen = (alerts: readonly StoredAlert[]): void =>
      void heard.push(...alerts.map(({ sequence, alert }) => `${sequence} ${alert.key as string}`));
    const leave = service.onAlerts(listen);
    await service.ingest("s", events("a1@1", "a2@2", "b2@3", "b1@4"));
    await service.close();
    leave();
    await service.ingest("s", events("a3@5", "b3@6"));
    await service.close();
    expect(heard).toEqual(["1 2", "2 1"]);
  });
});
