/** Old alerts and deliveries go from the database, and what somebody still needs stays (S9.28). */

import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Gone } from "../../src/engine/log/alert-retention.ts";
import { PostgresAlertKeeper } from "../../src/store/alert-pruning.ts";
import { deliveryId } from "../../src/store/outbox.ts";
import { postgresStores, type Stores } from "../../src/store/stores.ts";
import { emptyDatabase, testDatabase } from "../support/postgres.ts";
import { destination, outcome, output } from "./samples.ts";

const database = testDatabase();
let now = 0;
let stores: Stores;
let keeper: PostgresAlertKeeper;
beforeEach(async () => {
  await emptyDatabase(database.pool);
  now = 0;
  stores = postgresStores({ pool: database.pool, clock: { now: () => now } });
  keeper = new PostgresAlertKeeper(database);
});

/** Each a second after the one before, the first at 0. */
async function write(...outputs: ReturnType<typeof output>[]): Promise<void> {
  for (const each of outputs) {
    await stores.alerts.write([each], 1);
    now += 1000;
  }
}

function toDesk(alertId: string): string {
  return deliveryId({ alertId, destination: "desk" });
}

async function attempted(alertId: string, status: "delivered" | "dead"): Promise<void> {
  await stores.ledger.recordAttempt(outcome(toDesk(alertId), status));
}

async function all(slices: AsyncIterable<Gone>): Promise<Gone> {
  let gone = { alerts: 0, deliveries: 0 };
  for await (const { alerts, deliveries } of slices) {
    gone = { alerts: gone.alerts + alerts, deliveries: gone.deliveries + deliveries };
  }
  return gone;
}

/** Alerts, then deliveries, the oldest first. */
async function left(): Promise<string> {
  const { rows: alerts } = await database.pool.query<{ id: string }>(
    "select id from tripline.alerts order by sequence",
  );
  const { rows: deliveries } = await database.pool.query<{ id: string }>(
    "select alert_id || '>' || destination as id from tripline.deliveries order by sequence",
  );
  return [...alerts, ...deliveries].map(({ id }) => id).join(" ");
}

async function attempts(): Promise<number> {
  const { rows } = await database.pool.query<{ n: number }>("select count(*) as n from tripline.delivery_attempts");
  return rows[0]!.n;
}

describe("alerts", () => {
  test("go when they were stored before then, whatever their event time is; the newest stays", async () => {
    await write(output("a", [], { at: "2030-01-01T00:00:00.000Z" }), output("b"), output("c"), output("d"));
    expect(await all(keeper.pruneAlerts(2000))).toEqual({ alerts: 2, deliveries: 0 });
    expect(await left()).toBe("c d");
    expect(await all(keeper.pruneAlerts(1e9))).toEqual({ alerts: 1, deliveries: 0 });
    expect([await left(), await stores.alerts.lastSequence()]).toEqual(["d", 4]);
  });

  test("go with their deliveries and the attempts of those, but not while one is pending", async () => {
    await stores.destinations.put(destination("desk"));
    await write(
      output("delivered", ["desk"]),
      output("dead", ["desk"]),
      output("waiting", ["nobody"]),
      output("pending", ["desk", "nobody"]),
      output("newest"),
    );
    await attempted("delivered", "delivered");
    await attempted("dead", "dead");
    expect(await all(keeper.pruneAlerts(1e9))).toEqual({ alerts: 3, deliveries: 3 });
    expect([await left(), await attempts()]).toEqual(["pending newest pending>desk pending>nobody", 0]);
    await attempted("pending", "delivered");
    expect(await all(keeper.pruneAlerts(1e9))).toEqual({ alerts: 1, deliveries: 2 });
    expect([await left(), await attempts()]).toEqual(["newest", 0]);
  });

  test("stay while somebody tries a delivery again", async () => {
    await stores.destinations.put(destination("desk"));
    await write(output("a", ["desk"]), output("b"));
    await attempted("a", "dead");
    const client = await database.pool.connect();
    await client.query("begin");
    await client.query("update tripline.deliveries set status = 'pending' where id = $1", [toDesk("a")]);
    expect(await all(keeper.pruneAlerts(1e9))).toEqual({ alerts: 0, deliveries: 0 });
    await client.query("commit");
    client.release();
    expect(await all(keeper.pruneAlerts(1e9))).toEqual({ alerts: 0, deliveries: 0 });
  });

  test("go in slices, between which one may break off", async () => {
    await stores.alerts.write(
      Array.from({ length: 2500 }, (_, i) => output(`a${i}`)),
      1,
    );
    const slices: number[] = [];
    for await (const { alerts } of keeper.pruneAlerts(1)) {
      slices.push(alerts);
      if (slices.length === 1) break;
    }
    for await (const { alerts } of keeper.pruneAlerts(1)) slices.push(alerts);
    expect([slices, await left()]).toEqual([[1000, 1000, 499], "a2499"]);
  });

  test("behind one that came later, by a clock that was set back, wait for their turn", async () => {
    now = 5000;
    await write(output("late"));
    now = 0;
    await write(...Array.from({ length: 3 }, (_, i) => output(`early${i}`)));
    await all(keeper.pruneAlerts(4000));
    expect(await left()).toBe("late early2");
    await all(keeper.pruneAlerts(6000));
    expect(await left()).toBe("early2");
  });
});

describe("deliveries", () => {
  test("go by themselves when they are old and not pending, and their alerts stay", async () => {
    await stores.destinations.put(destination("desk"));
    await write(output("a", ["desk"]), output("b", ["desk", "nobody"]), output("c", ["desk"]), output("d", ["desk"]));
    await attempted("a", "delivered");
    await attempted("c", "dead");
    await attempted("d", "dead");
    expect(await all(keeper.pruneDeliveries(3000))).toEqual({ alerts: 0, deliveries: 3 });
    expect([await left(), await attempts()]).toEqual(["a b c d b>desk d>desk", 1]);
    expect(await stores.deliveries.get(toDesk("a"))).toBeNull();
  });

  test("do not come back with their alert", async () => {
    await stores.destinations.put(destination("desk"));
    await write(output("a", ["desk"]), output("b"));
    await attempted("a", "delivered");
    await all(keeper.pruneDeliveries(1e9));
    await stores.alerts.write([output("a", ["desk"])], 2);
    expect(await left()).toBe("a b");
  });
});
