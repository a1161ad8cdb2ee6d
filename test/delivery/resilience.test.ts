/** What becomes of deliveries when a process or the database goes away under the worker. */

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/app/embedded-postgres.ts";
import { systemClock } from "../../src/app/system-clock.ts";
import { migrateQueue } from "../../src/delivery/queue.ts";
import { WebhookSender } from "../../src/delivery/webhook-sender.ts";
import { DeliveryWorker } from "../../src/delivery/worker.ts";
import { migrate } from "../../src/store/migrate.ts";
import { createPool, createQueuePool, type Pool } from "../../src/store/pool.ts";
import { postgresStores, type Stores } from "../../src/store/stores.ts";
import { destination, output } from "../store/samples.ts";
import { eventually } from "../support/eventually.ts";
import { testReceiver } from "../support/receiver.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const receiver = testReceiver();
const newFolder = temporaryFolders();

let dataDir: string;
let server: EmbeddedPostgres;
let pool: Pool;
let queuePool: Pool;
let stores: Stores;
let worker: DeliveryWorker;
let errors: Error[];

beforeEach(async () => {
  dataDir = await newFolder();
  server = await start();
  pool = createPool(server.url);
  queuePool = createQueuePool(server.url);
  await migrate(pool);
  await migrateQueue(queuePool);
  stores = postgresStores({ pool, clock: systemClock });
  errors = [];
  worker = new DeliveryWorker({
    pool: queuePool,
    ledger: stores.ledger,
    sender: new WebhookSender({ clock: systemClock, allowPrivate: true }),
    clock: systemClock,
    settings: { stalledCheckMs: 50 },
    onError: (error) => errors.push(error),
  });
  await stores.destinations.put(destination("desk", { url: receiver.url }));
});

afterEach(async () => {
  // The order of a real shutdown; a connection that the server ends after it must not crash the process.
  await worker.close();
  await Promise.all([queuePool.end(), pool.end()]);
  await server.stop();
});

function start(): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ dataDir, initdbFlags: ["--no-sync"], settings: { fsync: "off" } });
}

function received(id: string): Promise<boolean> {
  return eventually(async () => receiver.requests.some(({ headers }) => headers["webhook-id"] === id));
}

describe("deliveries go on", () => {
  test("after the database was restarted, with a queue that is empty or full", async () => {
    await stores.alerts.write([output("before", ["desk"])], 1);
    await received("before");
    await server.stop();
    server = await start();
    await eventually(() => stores.alerts.write([output("after", ["desk"])], 2).catch(() => null));
    await received("after");
  });

  test("where a process died in the middle of an attempt", async () => {
    const now = systemClock.now();
    await pool.query(
      `create function hold() returns trigger language plpgsql as $$ begin
         new.state := 'active'; new.lock_token := 'dead'; new.locked_until_ms := ${now}; return new;
       end $$;
       create trigger hold before insert on bullmq.job for each row execute function hold()`,
    );
    await stores.alerts.write([output("held", ["desk"])], 1);
    await received("held");
    expect(errors).toEqual([]);
  });
});
