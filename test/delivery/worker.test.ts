import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { systemClock } from "../../src/app/system-clock.ts";
import type { DeliverySettings } from "../../src/delivery/settings.ts";
import { WebhookSender } from "../../src/delivery/webhook-sender.ts";
import { DeliveryWorker } from "../../src/delivery/worker.ts";
import type { Delivery, DeliveryStatus, Destination } from "../../src/engine/ports.ts";
import { deliveryId } from "../../src/store/outbox.ts";
import { createQueuePool, type Pool } from "../../src/store/pool.ts";
import { postgresStores, type Stores } from "../../src/store/stores.ts";
import { destination, output } from "../store/samples.ts";
import { emptyDatabase, testDatabase } from "../support/postgres.ts";
import { status, testReceiver } from "../support/receiver.ts";
import { eventually } from "../support/eventually.ts";

const database = testDatabase();
const receiver = testReceiver();
const QUICK: Partial<DeliverySettings> = { backoff: { baseMs: 10, maxMs: 20 }, retryAfterMaxMs: 100, closeGraceMs: 50 };

let stores: Stores;
let worker: DeliveryWorker | null = null;
let queuePool: Pool;
const errors: Error[] = [];

beforeEach(async () => {
  await emptyDatabase(database.pool);
  stores = postgresStores({ pool: database.pool, clock: systemClock });
  errors.length = 0;
});

afterEach(async () => {
  await stop();
  if (errors.length > 0) throw new AggregateError(errors, "the worker met errors");
});

async function stop(): Promise<void> {
  if (worker === null) return;
  await worker.close();
  await queuePool.end();
  worker = null;
}

function work(settings: Partial<DeliverySettings> = {}, allowPrivate = true): void {
  queuePool = createQueuePool(database.url);
  worker = new DeliveryWorker({
    pool: queuePool,
    ledger: stores.ledger,
    sender: new WebhookSender({ clock: systemClock, allowPrivate }),
    clock: systemClock,
    settings: { ...QUICK, ...settings },
    onError: (error) => errors.push(error),
  });
}

/** An alert `a` for a destination `desk` at the receiver. */
async function deliver(fields: Partial<Destination> = {}): Promise<void> {
  await stores.destinations.put(destination("desk", { url: `${receiver.url}/hook`, ...fields }));
  await stores.alerts.write([output("a", ["desk"])], 1);
}

const ID = deliveryId({ alertId: "a", destination: "desk" });

function becomes(expected: DeliveryStatus): Promise<Delivery> {
  return eventually(async () => {
    const delivery = await stores.deliveries.get(ID);
    return delivery?.status === expected ? delivery : null;
  });
}

async function jobs(): Promise<number> {
  return (await database.pool.query("select from bullmq.job")).rowCount!;
}

describe("a delivery", () => {
  test("is posted with the alert's id, and its job is gone", async () => {
    work();
    await deliver({ headers: { authorization: "Bearer x" } });
    const { attempts } = await becomes("delivered");
    expect(attempts).toMatchObject([{ attempt: 1, status: 204, error: null, responseExcerpt: "" }]);
    expect(receiver.requests).toHaveLength(1);
    const { path, headers, body } = receiver.requests[0]!;
    expect(path).toBe("/hook");
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "webhook-id": "a",
      "webhook-timestamp": expect.stringMatching(/^\d{10}$/) as unknown as string,
      authorization: "Bearer x",
    });
    expect(headers["webhook-signature"]).toBeUndefined();
    expect(JSON.parse(body)).toEqual({
      type: "alert.match",
      timestamp: "2026-01-01T00:00:00.000Z",
      data: output("a").alert,
    });
    await eventually(async () => (await jobs()) === 0);
  });

  // S9.4
  test("is retried after an error, under the same id and with the same body", async () => {
    work();
    receiver.answer = (response, count) => status(count < 3 ? 500 : 200, {}, `answer ${count}`)(response, count);
    await deliver();
    const { attempts } = await becomes("delivered");
    expect(attempts.map((one) => [one.attempt, one.status, one.error, one.responseExcerpt])).toEqual([
      [1, 500, "answered 500", "answer 1"],
      [2, 500, "answered 500", "answer 2"],
      [3, 200, null, "answer 3"],
    ]);
    expect(new Set(receiver.requests.map(({ headers, body }) => [headers["webhook-id"], body].join())).size).toBe(1);
  });

  test("is dead when no attempt is left, and has all of them again when it is retried", async () => {
    work();
    receiver.answer = status(503);
    await deliver({ retries: 1 });
    expect((await becomes("dead")).attempts.map((one) => one.error)).toEqual([
      "answered 503",
      "answered 503; no attempt is left",
    ]);
    expect(await stores.deliveries.retry(ID)).toBe(true);
    const { attempts } = await eventually(async () => {
      const delivery = await stores.deliveries.get(ID);
      return delivery?.status === "dead" && delivery.attempts.length > 2 ? delivery : null;
    });
    expect(attempts.map((one) => one.attempt)).toEqual([1, 2, 3, 4]);
    receiver.answer = status(200);
    await stores.deliveries.retry(ID);
    expect((await becomes("delivered")).attempts).toHaveLength(5);
  });

  test("is dead at once after a 410", async () => {
    work();
    receiver.answer = status(410, {}, "gone");
    await deliver();
    expect((await becomes("dead")).attempts).toMatchObject([{ status: 410, responseExcerpt: "gone" }]);
  });

  test("does not follow a redirect", async () => {
    work();
    receiver.answer = status(301, { location: `${receiver.url}/elsewhere` });
    await deliver({ retries: 0 });
    expect((await becomes("dead")).attempts).toMatchObject([{ status: 301 }]);
    expect(receiver.requests.map(({ path }) => path)).toEqual(["/hook"]);
  });

  test("waits as long as Retry-After says", async () => {
    work({ backoff: { baseMs: 0, maxMs: 0 } });
    receiver.answer = (response, count) => status(count === 1 ? 429 : 200, { "retry-after": "3600" })(response, count);
    await deliver();
    await becomes("delivered");
    const [first, second] = receiver.requests;
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(100); // the cap of these tests
  });

  test("fails when the endpoint hangs", async () => {
    work();
    receiver.answer = () => undefined;
    await deliver({ retries: 0, timeoutMs: 100 });
    expect((await becomes("dead")).attempts).toMatchObject([
      { status: null, error: "no answer within 100 ms; no attempt is left", responseExcerpt: null },
    ]);
  });

  test("is delivered when the endpoint answers and then hangs", async () => {
    work();
    receiver.answer = (response) => response.writeHead(200).write("begun");
    await deliver({ timeoutMs: 100 });
    expect((await becomes("delivered")).attempts).toMatchObject([{ status: 200, responseExcerpt: "begun" }]);
  });

  test("keeps the beginning of an endless answer, in whole characters, without NUL", async () => {
    work();
    receiver.answer = (response) => {
      response.writeHead(200).write("\0");
      const more = (): boolean => response.write("é".repeat(10_000), () => response.destroyed || setImmediate(more));
      more();
    };
    await deliver();
    const excerpt = (await becomes("delivered")).attempts[0]!.responseExcerpt;
    expect(excerpt).toBe(`\uFFFD${"é".repeat(511)}`);
  });

  test("fails when the connection breaks, is refused, or the name does not resolve", async () => {
    work();
    const closed = createServer((socket) => socket.resetAndDestroy()).listen(0, "127.0.0.1");
    await once(closed, "listening");
    const { port } = closed.address() as { port: number };
    await deliver({ retries: 0, url: `http://127.0.0.1:${port}` });
    expect((await becomes("dead")).attempts[0]!.error).toMatch(/ECONNRESET|other side closed/);
    closed.close();
    await once(closed, "close");
    await stores.deliveries.retry(ID);
    await eventually(async () => (await becomes("dead")).attempts.length === 2);
    expect((await becomes("dead")).attempts[1]!.error).toMatch(/ECONNREFUSED/);
    await stores.destinations.put(destination("desk", { retries: 0, url: "http://nowhere.invalid/" }));
    await stores.deliveries.retry(ID);
    await eventually(async () => (await becomes("dead")).attempts.length === 3);
    expect((await becomes("dead")).attempts[2]!.error).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  test("is dead at once when the endpoint is this host, by address or by name", async () => {
    work({}, false);
    await deliver();
    expect((await becomes("dead")).attempts).toMatchObject([
      { status: null, error: "deliveries do not go there: 127.0.0.1 is not a public address" },
    ]);
    const byName = receiver.url.replace("127.0.0.1", "localhost");
    await stores.destinations.put(destination("desk", { url: byName }));
    await stores.deliveries.retry(ID);
    await eventually(async () => (await becomes("dead")).attempts.length === 2);
    expect((await becomes("dead")).attempts[1]!.error).toContain("localhost resolves to no public address");
    expect(receiver.requests).toEqual([]);
  });

  test("waits for a destination, and goes when it is put", async () => {
    work();
    await stores.alerts.write([output("a", ["desk"])], 1);
    expect((await stores.deliveries.get(ID))?.status).toBe("waiting");
    await stores.destinations.put(destination("desk", { url: receiver.url }));
    await becomes("delivered");
  });

  test("waits when its destination was removed before it was sent", async () => {
    await deliver();
    await stores.destinations.remove("desk");
    work();
    await becomes("waiting");
    await stores.destinations.put(destination("desk", { url: receiver.url }));
    await becomes("delivered");
  });
});

describe("a worker", () => {
  test("sends hundreds of deliveries, each once", async () => {
    work();
    await stores.destinations.put(destination("desk", { url: receiver.url }));
    const names = Array.from({ length: 300 }, (_, index) => `a${index}`);
    await stores.alerts.write(
      names.map((name) => output(name, ["desk"])),
      1,
    );
    await eventually(async () => (await jobs()) === 0);
    expect(receiver.requests).toHaveLength(names.length);
    expect(new Set(receiver.requests.map(({ headers }) => headers["webhook-id"]))).toEqual(new Set(names));
  });

  test("goes on with the others while one destination hangs", async () => {
    work({ concurrency: 4, perDestination: 2, patienceMs: 10 });
    receiver.answer = (response, count) => {
      if (receiver.requests[count - 1]!.path === "/quick") response.end();
    };
    await stores.destinations.put(destination("slow", { url: `${receiver.url}/slow`, timeoutMs: 5000 }));
    await stores.destinations.put(destination("desk", { url: `${receiver.url}/quick` }));
    await stores.alerts.write(
      Array.from({ length: 10 }, (_, index) => output(`s${index}`, ["slow"])),
      1,
    );
    await stores.alerts.write([output("a", ["desk"])], 2);
    await becomes("delivered");
  });

  test("puts back what is under way when it closes, without counting it", async () => {
    work();
    receiver.answer = () => undefined;
    await deliver();
    await eventually(async () => receiver.requests.length === 1);
    await stop();
    expect(await stores.deliveries.get(ID)).toMatchObject({ status: "pending", attempts: [] });
    receiver.answer = status(204);
    work();
    await becomes("delivered");
  });
});
