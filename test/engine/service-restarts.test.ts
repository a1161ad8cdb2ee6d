/** The service, restarted again and again, against the library's engine over the same log. */

import { describe, expect, test } from "@jest/globals";
import { EngineService } from "../../src/engine/service/service.ts";
import { createEngine, type Alert } from "../../src/index.ts";
import { memoryStores } from "../../src/store/memory.ts";
import type { Stores } from "../../src/store/stores.ts";
import { perform, randomLog, type Act } from "../support/random-log.ts";
import { Impatience } from "../support/unreliable.ts";

async function open({ log, alerts }: Stores, now: () => number): Promise<EngineService> {
  const failed = (error: unknown): void => {
    throw error;
  };
  const service = new EngineService({ log, alerts, clock: { now }, patience: new Impatience(), failed });
  await service.open();
  return service;
}

// S9.1
describe("restarted again and again, it is the library's engine", () => {
  test.each([1, 2, 3])("seed %d", async (seed) => {
    const acts = randomLog(seed, 60).map((act): Act => {
      return act.kind === "log" ? act : { kind: "push", stream: act.stream, event: act.event };
    });
    const engine = createEngine({ rules: "" });
    const expected = acts.flatMap((act) => perform(engine, act)).filter((output) => output.kind === "alert");

    const stores = memoryStores({ now: () => 0 });
    let at = 0;
    for (let from = 0; from < acts.length; from += 7) {
      const service = await open(stores, () => at);
      for (const act of acts.slice(from, from + 7)) {
        if (act.kind === "push") at = act.event["at"] as number;
        await toService(service, act);
      }
      await service.close();
    }
    const summary = ({ id, suppressed, suppressedBy }: Alert): unknown => ({ id, suppressed, suppressedBy });
    const stored = await stores.alerts.after(0, 1000);
    expect(stored.map(({ alert }) => summary(alert))).toEqual(expected.map(({ alert }) => summary(alert)));
  });

  async function toService(service: EngineService, act: Act): Promise<unknown> {
    if (act.kind === "push") return await service.ingest(act.stream, [act.event]);
    const { record } = act;
    switch (record.kind) {
      case "watermark":
        return await service.advanceWatermark(record.stream, record.time);
      case "rules":
        return await service.putRules(record.source, { ...(record.origin !== undefined && { origin: record.origin }) });
      case "ruleRemoved":
        return await service.removeRule(record.name);
      case "list":
        if (service.list(record.name) === null) await service.changeList(record.name, { put: [] });
        return await service.changeList(record.name, record.change);
      case "rulePaused":
        return await service.pauseRule(record.name);
      case "ruleResumed":
        return await service.resumeRule(record.name);
      case "event":
      case "tick":
      case "restored":
        throw new Error(`${record.kind}: the service has no such call`);
    }
  }
});
