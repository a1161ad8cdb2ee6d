import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { request, type IncomingMessage } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeAll, expect, test } from "@jest/globals";
import { startService, type RunningService } from "../../src/app/compose.ts";
import { readConfig } from "../../src/app/config.ts";
import { createLogger } from "../../src/app/logger.ts";
import { systemClock } from "../../src/app/system-clock.ts";
import { eventually } from "../support/eventually.ts";
import { login, TWO_FAILURES } from "../support/http-service.ts";
import { testDatabase } from "../support/postgres.ts";
import { testReceiver } from "../support/receiver.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const database = testDatabase();
const receiver = testReceiver();
const makeFolder = temporaryFolders();
let rules = "";
let running: RunningService | null = null;

beforeAll(async () => {
  rules = await makeFolder();
  await mkdir(join(rules, "team"));
  await writeFile(join(rules, "team", "two-failures.rule"), TWO_FAILURES);
  await writeFile(join(rules, "broken.rule"), "rule { nonsense");
  await writeFile(join(rules, "README.md"), "not a rule");
  await writeFile(join(rules, "zz-copy.rule"), `${TWO_FAILURES} rule other { from logins pattern { begin e } }`);
});
afterEach(async () => {
  await running?.stop();
  running = null;
});

function start({
  port = 0,
  signal = new AbortController().signal,
  log = createLogger("silent"),
} = {}): Promise<RunningService> {
  return startService({
    config: readConfig({
      args: ["--port", String(port), "--rules", rules],
      env: { DATABASE_URL: database.url, TRIPLINE_ALLOW_PRIVATE_WEBHOOKS: "127.0.0.0/8" },
    }),
    clock: systemClock,
    log,
    signal,
  });
}

async function get<T>(path: string): Promise<T> {
  return (await (await fetch(running!.url + path)).json()) as T;
}

async function send(method: string, path: string, body: unknown): Promise<number> {
  const type = typeof body === "string" ? "text/plain" : "application/json";
  const content = typeof body === "string" ? body : JSON.stringify(body);
  return (await fetch(running!.url + path, { method, body: content, headers: { "content-type": type } })).status;
}

interface Items {
  readonly items: readonly { readonly [field: string]: unknown }[];
}

test("from a rule file to a webhook, over a restart in the middle of a match", async () => {
  running = await start();
  expect(await get("/readyz")).toEqual({ ready: true, reasons: [] });
  expect(await get<Items>("/v1/rules")).toMatchObject({ items: [{ name: "two_failures" }] });
  expect(await send("PUT", "/v1/destinations/desk", { url: receiver.url })).toBe(201);
  expect(await send("POST", "/v1/streams/logins/events", [login(1, "ann")])).toBe(202);
  await running.stop();

  running = await start();
  expect(await send("POST", "/v1/streams/logins/events", [login(2, "ann")])).toBe(202);
  const alert = await eventually(async () => (await get<Items>("/v1/alerts")).items[0] ?? null);
  expect(alert).toMatchObject({ rule: "two_failures", version: 1, key: "ann" });
  const delivered = await eventually(
    async () => (await get<Items>("/v1/deliveries?status=delivered")).items[0] ?? null,
  );
  expect(delivered).toMatchObject({ alert: alert["id"], attempts: [{ attempt: 1, status: 204 }] });
  expect(receiver.requests.map(({ headers }) => headers["webhook-id"])).toEqual([alert["id"]]);
  const metrics = await (await fetch(`${running.url}/metrics`)).text();
  expect(metrics).toContain('tripline_delivery_attempts_total{result="delivered"} 1\n');
  await running.stop();

  running = await start();
  expect((await get<Items>("/v1/alerts")).items).toEqual([alert]);
});

test("a rule that was changed over the API stays changed when its file is loaded again", async () => {
  running = await start();
  expect(await send("POST", "/v1/rules", TWO_FAILURES.replace("severity high", "severity low"))).toBe(200);
  await running.stop();
  running = await start();
  expect(await get("/v1/rules/two_failures")).toMatchObject({ severity: "low", version: 2 });
});

test("of two rule files with a rule of the same name, one is refused, and both are named", async () => {
  const said: unknown[] = [];
  const log = createLogger("silent");
  log.error = ((_fields: object, message: string) => void said.push(message)) as typeof log.error;
  running = await start({ log });
  expect(said).toContain(
    `rules refused: the rule \`two_failures\` of ${join(rules, "zz-copy.rule")} stands in ${join(rules, "team", "two-failures.rule")}, too; rename one of them`,
  );
  expect((await get<Items>("/v1/rules")).items.map(({ name }) => name)).toEqual(["two_failures"]);
});

test("a database that takes no writes is told of, until it does", async () => {
  running = await start();
  await send("POST", "/v1/streams/logins/events", [login(20, "zoe")]);
  await database.pool.query("alter table tripline.alerts rename to alerts_away");
  await send("POST", "/v1/streams/logins/events", [login(21, "zoe")]);
  const unready = await eventually(async () => {
    const answer = await fetch(`${running!.url}/readyz`);
    return answer.status === 503 && (await answer.json());
  });
  expect(unready).toEqual({ ready: false, reasons: ["alerts cannot be written; they are tried again"] });
  await database.pool.query("alter table tripline.alerts_away rename to alerts");
  await eventually(async () => (await fetch(`${running!.url}/readyz`)).status === 200);
  expect(await get<Items>("/v1/alerts?key=zoe")).toMatchObject({ items: [{ rule: "two_failures" }] });
});

test("one process writes to a database; another one is told so, and is up but not ready while it waits", async () => {
  running = await start();
  const port = await freePort();
  const refused = start({ port }).catch((error: unknown) => error);
  const healthz = await eventually(() => fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null));
  expect(healthz.status).toBe(200);
  const readyz = await fetch(`http://127.0.0.1:${port}/readyz`);
  expect(readyz.status).toBe(503);
  expect(await readyz.json()).toEqual({ ready: false, reasons: ["the database is starting"] });
  expect(await refused).toMatchObject({ code: "database-in-use" });
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow("fetch failed");
});

test("a port that is taken is told at once", async () => {
  running = await start();
  const port = Number(new URL(running.url).port);
  await expect(start({ port })).rejects.toMatchObject({
    code: "port-in-use",
    message: `port ${port} of 127.0.0.1 is in use by another process`,
  });
});

test("a service that is told to stop while it starts closes what it had opened", async () => {
  const stop = new AbortController();
  const starting = start({ signal: stop.signal });
  stop.abort();
  await expect(starting).rejects.toMatchObject({ name: "StoppedError" });
  running = await start(); // the writer lock is free
});

test("a writer lock whose connection is lost is taken again, and the service goes on", async () => {
  running = await start();
  await cutWriterLock();
  expect(await send("POST", "/v1/streams/logins/events", [login(30, "kim")])).toBe(202);
  await eventually(async () => (await fetch(`${running!.url}/readyz`)).status === 200);
});

test("connections that are cut are made again, and the service goes on", async () => {
  running = await start();
  for (let cut = 1; cut <= 3; cut++) {
    const answer = send("POST", "/v1/streams/logins/events", [login(30 + cut, "lea")]);
    await database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name like 'tripline%' and datname = current_database() and pid <> pg_backend_pid()`,
    );
    expect(await answer).toBe(202);
  }
  await eventually(async () => (await get<Items>("/v1/alerts?key=lea").catch(() => null))?.items.length === 1);
  await eventually(async () => (await fetch(`${running!.url}/readyz`)).status === 200);
});

test("a service whose place another one has taken stops: the log may have gone on without it", async () => {
  running = await start();
  await database.pool.query("update tripline.writer set epoch = epoch + 1");
  await cutWriterLock();
  expect(await running.failed).toMatchObject({ code: "database-taken-over" });
});

test("stopping ends the live streams, and lets what is under way finish", async () => {
  running = await start();
  const live = await fetch(`${running.url}/v1/alerts/stream`);
  const upload = request(`${running.url}/v1/streams/logins/events`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson", expect: "100-continue" },
  });
  upload.flushHeaders();
  await once(upload, "continue"); // the request is under way
  upload.write(`${JSON.stringify(login(10, "bob"))}\n`);

  const stopped = running.stop();
  expect(await live.text()).toMatch(/^retry: /); // it has an end
  upload.end(`${JSON.stringify(login(11, "eve"))}\n`);
  const [answer] = (await once(upload, "response")) as [IncomingMessage];
  expect(JSON.parse(await text(answer))).toMatchObject({ accepted: 2 });
  await stopped;
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function cutWriterLock(): Promise<void> {
  await database.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'tripline writer%' and datname = current_database()",
  );
}
