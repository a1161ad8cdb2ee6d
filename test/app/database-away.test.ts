/** A database that is stopped under a running service and started again: everything waits, nothing is lost, and it goes on. */

import { mkdir } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type RunningService, startService } from "../../src/app/compose.ts";
import { readConfig } from "../../src/app/config.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/app/embedded-postgres.ts";
import { createLogger } from "../../src/app/logger.ts";
import { systemClock } from "../../src/app/system-clock.ts";
import { eventually } from "../support/eventually.ts";
import { login, TWO_FAILURES } from "../support/http-service.ts";
import { testReceiver } from "../support/receiver.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const newFolder = temporaryFolders();
const receiver = testReceiver();
let dataDir: string;
let postgres: EmbeddedPostgres;
let service: RunningService;

beforeEach(async () => {
  dataDir = await newFolder();
  postgres = await startEmbeddedPostgres({ dataDir, initdbFlags: ["--no-sync"] });
  const rules = `${dataDir}/rules`;
  await mkdir(rules);
  service = await startService({
    config: readConfig({
      args: ["--port", "0", "--rules", rules],
      env: { DATABASE_URL: postgres.url, TRIPLINE_ALLOW_PRIVATE_WEBHOOKS: "127.0.0.0/8" },
    }),
    clock: systemClock,
    log: createLogger("silent"),
    signal: new AbortController().signal,
  });
  await send("POST /v1/rules", TWO_FAILURES);
  await send("PUT /v1/destinations/desk", { url: receiver.url });
});
afterEach(async () => {
  await service.stop();
  await postgres.stop();
});

async function send(request: string, body: unknown, signal: AbortSignal | null = null): Promise<number> {
  const [method, path] = request.split(" ") as [string, string];
  const type = typeof body === "string" ? "text/plain" : "application/json";
  const content = typeof body === "string" ? body : JSON.stringify(body);
  const headers = { "content-type": type };
  return (await fetch(service.url + path, { method, body: content, headers, signal })).status;
}

async function unreadyReasons(): Promise<readonly string[]> {
  const answer = (await (await fetch(`${service.url}/readyz`)).json()) as { reasons: readonly string[] };
  return answer.reasons;
}

async function startDatabase(): Promise<void> {
  postgres = await startEmbeddedPostgres({ dataDir });
}

describe("while the database is away", () => {
  test("events wait, /readyz says why, and when it is back they are answered, found and delivered", async () => {
    expect(await send("POST /v1/streams/logins/events", [login(1, "ann")])).toBe(202);
    await postgres.stop();
    const reasons = await eventually(async () => {
      const found = await unreadyReasons();
      return found.length > 0 && found;
    });
    expect(reasons.join()).toContain("the writer lock is being taken again");
    const answers = [2, 3].map((second) => send("POST /v1/streams/logins/events", [login(second, "ann")]));
    await eventually(async () => (await fetch(`${service.url}/healthz`)).status === 200);

    await startDatabase();
    expect(await Promise.all(answers)).toEqual([202, 202]); // S9.11
    await eventually(async () => (await unreadyReasons()).length === 0);
    await eventually(async () => receiver.requests.length >= 1);
    const ids = new Set(receiver.requests.map(({ headers }) => headers["webhook-id"]));
    const alerts = (await (await fetch(`${service.url}/v1/alerts`)).json()) as { items: { id: string }[] };
    expect(alerts.items.map(({ id }) => id)).toEqual(expect.arrayContaining([...ids]));
    expect(alerts.items.length).toBeGreaterThan(0);
  });

  test("the service can be stopped, without an answer for what is not durable", async () => {
    await postgres.stop();
    const client = new AbortController();
    const answer = send("POST /v1/streams/logins/events", [login(1, "ann")], client.signal).catch(() => "none");
    await eventually(async () => (await unreadyReasons()).length > 0);
    client.abort(); // it would be waited for
    await service.stop();
    expect(await answer).toBe("none");
    await startDatabase();
  });
});
