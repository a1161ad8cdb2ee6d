/** What goes from the database by itself, and what does not. */

import { beforeEach, describe, expect, test } from "@jest/globals";
import { Housekeeping, type HousekeepingOptions } from "../../src/app/housekeeping.ts";
import { createLogger } from "../../src/app/logger.ts";
import { limits } from "../../src/core/limits.ts";
import type { AlertKeeper, Gone } from "../../src/engine/log/alert-retention.ts";
import { BackedCheckpointStore } from "../../src/store/checkpoints/backed-store.ts";
import { MemoryCheckpoints } from "../../src/store/checkpoints/memory-checkpoints.ts";
import { memoryStores } from "../../src/store/memory.ts";
import type { Stores } from "../../src/store/stores.ts";
import { manifest } from "../store/checkpoints/samples.ts";
import { rewriteManifest } from "../store/checkpoints/tampering.ts";
import { chunk } from "../store/samples.ts";

const HOUR = 3_600_000;
const DAY = limits.requestKeysKeptMs;
let now = 0;
let stores: Stores;
let backend: MemoryCheckpoints;
beforeEach(async () => {
  now = 0;
  backend = new MemoryCheckpoints();
  stores = { ...memoryStores({ now: () => now }), checkpoints: new BackedCheckpointStore(backend) };
  for (let offset = 0; offset < 50; offset += 10) await stores.log.append(chunk(offset, 10));
});

function housekeeping(options: Partial<HousekeepingOptions> = {}): Housekeeping {
  return new Housekeeping({
    ...stores,
    alertKeeper: new CountingKeeper(),
    logRetention: { maxAgeMs: HOUR, maxBytes: null },
    alertRetention: { alertsMs: null, deliveriesMs: null },
    clock: { now: () => now },
    logger: createLogger("silent"),
    ...options,
  });
}

/** Remembers what it was asked for, and has two slices of each. */
class CountingKeeper implements AlertKeeper {
  readonly asked: string[] = [];

  async *pruneAlerts(before: number): AsyncGenerator<Gone> {
    this.asked.push(`alerts before ${before}`);
    yield* [
      { alerts: 2, deliveries: 3 },
      { alerts: 1, deliveries: 0 },
    ];
  }

  async *pruneDeliveries(before: number): AsyncGenerator<Gone> {
    this.asked.push(`deliveries before ${before}`);
    yield* [
      { alerts: 0, deliveries: 10 },
      { alerts: 0, deliveries: 20 },
    ];
  }
}

/** Where the log begins then, when it is kept for an hour. */
async function startAfter(passed: number): Promise<number> {
  now = passed;
  await housekeeping().tidyUp();
  return (await stores.log.extent()).start;
}

describe("the log", () => {
  test("stays as it is without a checkpoint: the engine would have to read it all", async () => {
    expect(await startAfter(DAY)).toBe(0);
  });

  test("goes as far as the oldest checkpoint does not need it", async () => {
    await stores.checkpoints.save(manifest(1, { offset: 25 }), []);
    await stores.checkpoints.save(manifest(2, { offset: 40 }), []);
    expect(await startAfter(DAY)).toBe(20);
    await stores.checkpoints.remove(1);
    expect(await startAfter(DAY)).toBe(40);
  });

  // S9.20
  test("is not kept for a savepoint, and does not go because there is one: no start goes on from it", async () => {
    await stores.checkpoints.save(manifest(1, { offset: 5, name: "mine" }), []);
    expect(await startAfter(DAY)).toBe(0);
    await stores.checkpoints.save(manifest(2, { offset: 40 }), []);
    expect(await startAfter(DAY)).toBe(40);
  });

  test("does not wait for a checkpoint that is torn, but for one of a later version", async () => {
    await stores.checkpoints.save(manifest(1, { offset: 5 }), []);
    await stores.checkpoints.save(manifest(2, { offset: 20 }), []);
    const whole = (await backend.manifest(1))!;
    await rewriteManifest(backend, 1, () => "tripline-checkpoint 2 checkpoint\n");
    expect(await startAfter(DAY)).toBe(0);
    await rewriteManifest(backend, 1, () => whole.slice(0, -1));
    expect(await startAfter(DAY)).toBe(20);
  });
});

test("an Idempotency-Key is forgotten a day after it was last used", async () => {
  const key = { token: "", stream: "logins", key: "k" };
  await stores.log.append([], { taken: [{ ...key, lines: 1, digest: "", answer: null, takenAt: 0 }] });
  await startAfter(DAY);
  expect(await stores.requestKeys.find(key)).not.toBeNull();
  await startAfter(DAY + 1);
  expect(await stores.requestKeys.find(key)).toBeNull();
});

test("begins at the start, and ends when it is told to", async () => {
  const key = { token: "", stream: "logins", key: "k" };
  await stores.log.append([], { taken: [{ ...key, lines: 1, digest: "", answer: null, takenAt: 0 }] });
  now = DAY + 1;
  const kept = housekeeping();
  kept.start();
  await kept.end();
  expect(await stores.requestKeys.find(key)).toBeNull();
});

describe("alerts and deliveries", () => {
  test("stay for ever, unless it is said how long", async () => {
    const alertKeeper = new CountingKeeper();
    await housekeeping({ alertKeeper }).tidyUp();
    expect(alertKeeper.asked).toEqual([]);
  });

  test("go by their ages, and are counted", async () => {
    const alertKeeper = new CountingKeeper();
    const kept = housekeeping({ alertKeeper, alertRetention: { alertsMs: 2 * HOUR, deliveriesMs: HOUR } });
    now = DAY;
    await kept.tidyUp();
    expect(alertKeeper.asked).toEqual([`deliveries before ${DAY - HOUR}`, `alerts before ${DAY - 2 * HOUR}`]);
    expect(kept.gone).toEqual({ alerts: 3, deliveries: 33 });
    await kept.tidyUp();
    expect(kept.gone).toEqual({ alerts: 6, deliveries: 66 });
  });

  test("a slice under way is the last one when the service ends", async () => {
    const kept = housekeeping({ alertRetention: { alertsMs: HOUR, deliveriesMs: null } });
    await kept.end();
    await kept.tidyUp();
    expect(kept.gone).toEqual({ alerts: 2, deliveries: 3 });
  });
});
