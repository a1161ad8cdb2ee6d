/** Alerts that have gone do not come back, from wherever the log is read again (S9.28). */

import { beforeEach, expect, test } from "@jest/globals";
import { EngineService } from "../../src/engine/service/service.ts";
import { PostgresAlertKeeper } from "../../src/store/alert-pruning.ts";
import { postgresStores, type Stores } from "../../src/store/stores.ts";
import { DEFAULT_CHECKPOINT_SETTINGS } from "../support/checkpoint-settings.ts";
import { login, TWO_FAILURES } from "../support/http-service.ts";
import { emptyDatabase, testDatabase } from "../support/postgres.ts";
import { TestNotices, TestTime } from "../support/scheduler.ts";
import { destination } from "../store/samples.ts";

const database = testDatabase();
const time = new TestTime();
let stores: Stores;
beforeEach(async () => {
  await emptyDatabase(database.pool);
  stores = postgresStores({ pool: database.pool, clock: time });
});

async function open(): Promise<EngineService> {
  const service = new EngineService({
    ...stores,
    clock: time,
    patience: { beforeRetry: (_, error) => Promise.reject(error as Error) },
    failed(error) {
      throw error;
    },
    recovery: {
      store: stores.checkpoints,
      settings: { ...DEFAULT_CHECKPOINT_SETTINGS, intervalMs: null, onShutdown: false },
      restarts: { kind: "none" },
      poison: null,
      scheduler: time,
      notices: new TestNotices(),
    },
  });
  await service.open();
  return service;
}

/** Ids of the alerts that are stored, and of the deliveries that were ever queued. */
async function found(): Promise<{ readonly alerts: readonly string[]; readonly jobs: readonly string[] }> {
  const { rows: jobs } = await database.pool.query<{ id: string }>("select id from bullmq.job order by seq");
  const alerts = await stores.alerts.after(0, 100);
  return { alerts: alerts.map(({ alert }) => alert.id), jobs: jobs.map(({ id }) => id) };
}

test("neither from a checkpoint nor from the log's beginning, and they are not delivered again", async () => {
  await stores.destinations.put(destination("desk"));
  const first = await open();
  await first.putRules(TWO_FAILURES);
  await first.savepoints!.takeCheckpoint();
  const minutes = [0, 2, 4].flatMap((minute) => [60 * minute + 1, 60 * minute + 2]);
  for (const second of minutes) await first.ingest("logins", [login(second, "ann")]);
  await first.advanceWatermark("logins", "end");
  await first.close();
  const before = await found();
  expect([before.alerts.length, before.jobs.length]).toEqual([3, 3]);
  await database.pool.query("update tripline.deliveries set status = 'delivered'");

  for await (const _ of new PostgresAlertKeeper(database).pruneAlerts(1)) continue;
  const kept = before.alerts.slice(-1);
  for (const from of ["checkpoint", "beginning"]) {
    if (from === "beginning") await stores.checkpoints.remove(1);
    const again = await open();
    expect(again.rule("two_failures")?.counts.alerts).toBe(3);
    await again.close();
    expect([from, await found()]).toEqual([from, { alerts: kept, jobs: before.jobs }]);
  }
});
