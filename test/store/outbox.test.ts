import { beforeEach, describe, expect, test } from "@jest/globals";
import { addDeliveries, deliveryId } from "../../src/store/outbox.ts";
import { migrate } from "../../src/store/migrate.ts";
import { createPool, transaction } from "../../src/store/pool.ts";
import { postgresStores, type Stores } from "../../src/store/stores.ts";
import { eventually } from "../support/eventually.ts";
import { createDatabase, dropDatabase, emptyDatabase, testDatabase } from "../support/postgres.ts";
import { destination, outcome, output } from "./samples.ts";

const clock = { now: () => Date.parse("2026-01-01T00:00:00.000Z") };
const database = testDatabase();
const ID = deliveryId({ alertId: "a", destination: "desk" });

let stores: Stores;
beforeEach(async () => {
  await emptyDatabase(database.pool);
  stores = postgresStores({ pool: database.pool, clock });
});

async function jobs(): Promise<string[]> {
  const { rows } = await database.pool.query<{ id: string }>("select id from bullmq.job order by seq");
  return rows.map(({ id }) => id);
}

async function status(): Promise<string | undefined> {
  return (await stores.deliveries.get(ID))?.status;
}

/** Until a statement of this database waits for a lock. */
async function somebodyWaits(): Promise<void> {
  await eventually(async () => {
    const { rowCount } = await database.pool.query(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return rowCount! > 0;
  });
}

describe("jobs", () => {
  // Few jobs and many are added by two of BullMQ's functions; what they make has to be the same.
  test.each([2, 50])("are what BullMQ takes, one for each pending delivery, in order: %i of them", async (count) => {
    const names = Array.from({ length: count }, (_, index) => `a${index}`);
    await stores.destinations.put(destination("desk"));
    await stores.alerts.write(
      names.map((name) => output(name, ["desk", "pager"])),
      1,
    );
    const { rows } = await database.pool.query<Record<string, unknown>>("select * from bullmq.job order by seq");
    expect(rows).toHaveLength(count);
    rows.forEach((row, index) => {
      const id = deliveryId({ alertId: names[index]!, destination: "desk" });
      expect(row).toMatchObject({
        queue: "deliveries",
        id: `${id}-1`,
        name: "deliver",
        state: "waiting",
        data: { deliveryId: id, round: 1 },
        opts: { jobId: `${id}-1`, attempts: 1_000_000, backoff: { type: "fixed", delay: 1000 } },
        priority: 0,
        delay_ms: 0,
        max_attempts: 1_000_000,
        added_at_ms: clock.now(),
        process_at_ms: null,
        parent_id: null,
        dedup_id: null,
        scheduler_id: null,
      });
    });
  });

  test("are not added again with an alert that was there", async () => {
    await stores.destinations.put(destination("desk"));
    await stores.alerts.write([output("a", ["desk"])], 1);
    await database.pool.query("delete from bullmq.job");
    await stores.alerts.write([output("a", ["desk"])], 1);
    expect(await jobs()).toEqual([]);
  });

  test("are invisible before the commit, and gone after a rollback", async () => {
    await stores.destinations.put(destination("desk"));
    await stores.alerts.write([output("a")], 1);
    const deliveries = [{ alertId: "a", destination: "desk" }];
    const undone = transaction(database.pool, async (client) => {
      await addDeliveries({ client, deliveries, now: clock.now() });
      expect((await client.query("select from bullmq.job")).rowCount).toBe(1);
      expect(await jobs()).toEqual([]);
      throw new Error("undo");
    });
    await expect(undone).rejects.toThrow("undo");
    expect(await jobs()).toEqual([]);
    expect(await status()).toBeUndefined();
    await transaction(database.pool, (client) => addDeliveries({ client, deliveries, now: clock.now() }));
    expect(await jobs()).toEqual([`${ID}-1`]);
  });

  test("that cannot be added take the alert back with them", async () => {
    const url = await createDatabase({ from: "template0" });
    const pool = createPool(url);
    await migrate(pool); // but not the queue's schema
    const { alerts, destinations } = postgresStores({ pool, clock });
    await destinations.put(destination("desk"));
    await expect(alerts.write([output("a", ["desk"])], 1)).rejects.toThrow("bullmq");
    expect(await alerts.lastSequence()).toBe(0);
    expect(await alerts.writtenThrough()).toBe(0);
    await pool.end();
    await dropDatabase(url);
  });

  test("of a new round have an id of their own", async () => {
    await stores.destinations.put(destination("desk"));
    await stores.alerts.write([output("a", ["desk"])], 1);
    await stores.ledger.recordAttempt(outcome(ID, "dead"));
    await stores.deliveries.retry(ID);
    expect(await jobs()).toEqual([`${ID}-1`, `${ID}-2`]);
  });

  test("are added when the destination is put that a delivery waited for", async () => {
    await stores.alerts.write([output("a", ["desk"])], 1);
    expect(await jobs()).toEqual([]);
    await stores.destinations.put(destination("desk"));
    expect(await jobs()).toEqual([`${ID}-2`]);
    await stores.destinations.put(destination("desk"));
    expect(await jobs()).toEqual([`${ID}-2`]);
  });
});

describe("an alert written while its destination is put", () => {
  test("does not stay waiting when the alert commits first", async () => {
    await stores.alerts.write([output("a")], 1);
    const put = await transaction(database.pool, async (client) => {
      await addDeliveries({ client, deliveries: [{ alertId: "a", destination: "desk" }], now: clock.now() });
      const waiting = stores.destinations.put(destination("desk"));
      await somebodyWaits();
      return { waiting };
    });
    await put.waiting;
    expect(await status()).toBe("pending");
    expect(await jobs()).toEqual([`${ID}-2`]);
  });

  test("does not stay waiting when the destination commits first", async () => {
    const write = await transaction(database.pool, async (client) => {
      await client.query("insert into tripline.destinations (name, settings) values ('desk', '{}')");
      const waiting = stores.alerts.write([output("a", ["desk"])], 1);
      await somebodyWaits();
      return { waiting };
    });
    await write.waiting;
    expect(await status()).toBe("pending");
    expect(await jobs()).toEqual([`${ID}-1`]);
  });

  test("does not stay waiting when a worker has just found no destination", async () => {
    await stores.destinations.put(destination("desk"));
    await stores.alerts.write([output("a", ["desk"])], 1);
    await stores.destinations.remove("desk");
    const load = await transaction(database.pool, async (client) => {
      await client.query("insert into tripline.destinations (name, settings) values ('desk', '{}')");
      const waiting = stores.ledger.load({ deliveryId: ID, round: 1 });
      await somebodyWaits();
      return { waiting };
    });
    expect(await load.waiting).toMatchObject({ deliveryId: ID });
    expect(await status()).toBe("pending");
  });
});

describe("two writers at once", () => {
  test("write each alert once, with sequences in the order of commit", async () => {
    const names = Array.from({ length: 50 }, (_, index) => `a${index}`);
    const outputs = names.map((name) => output(name));
    const written = await Promise.all([
      stores.alerts.write(outputs, 1),
      stores.alerts.write(outputs, 1),
      ...names.map((name) => stores.alerts.write([output(name)], 1)),
    ]);
    expect(written.flat()).toHaveLength(names.length);
    expect(await stores.alerts.after(0, 1000)).toHaveLength(names.length);
  });
});
