/** A service whose alerts go to a second Postgres: as they come, or with checkpoints; away, back, and wrongly set. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { startService, type RunningService } from "../../src/app/compose.ts";
import { readConfig } from "../../src/app/config.ts";
import { startEmbeddedPostgres } from "../../src/app/embedded-postgres.ts";
import { createLogger } from "../../src/app/logger.ts";
import { systemClock } from "../../src/app/system-clock.ts";
import { createPool, type Pool } from "../../src/store/pool.ts";
import { commandLine } from "../support/command-line.ts";
import { eventually } from "../support/eventually.ts";
import { login, TWO_FAILURES } from "../support/http-service.ts";
import { createDatabase, dropDatabase } from "../support/postgres.ts";
import { testReceiver } from "../support/receiver.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

const tripline = commandLine();
const newFolder = temporaryFolders();
let rules = "";
let [mainUrl, sinkUrl] = ["", ""];
let sink: Pool;
let running: RunningService | null = null;

beforeAll(async () => {
  rules = join(await newFolder(), "rules");
  await mkdir(rules);
});
beforeEach(async () => {
  [mainUrl, sinkUrl] = [await createDatabase(), await createDatabase({ from: "template0" })];
  sink = createPool(sinkUrl);
});
afterEach(async () => {
  await running?.stop();
  running = null;
  await sink.end();
  await dropDatabase(mainUrl);
  await dropDatabase(sinkUrl);
});

async function start(env: Readonly<Record<string, string>>, url = sinkUrl): Promise<void> {
  running = await startService({
    config: readConfig({
      args: ["--port", "0", "--rules", rules],
      env: { DATABASE_URL: mainUrl, TRIPLINE_ALERT_SINK_URL: url, TRIPLINE_CHECKPOINT_INTERVAL: "off", ...env },
    }),
    clock: systemClock,
    log: createLogger("silent"),
    signal: new AbortController().signal,
  });
}

async function send(request: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const [method, path] = request.split(" ") as [string, string];
  const type = typeof body === "string" ? "text/plain" : "application/json";
  const content = typeof body === "string" ? body : (JSON.stringify(body) ?? null);
  const answer = await fetch(running!.url + path, {
    method,
    body: content,
    headers: { "content-type": type, ...headers },
  });
  return answer.status;
}

async function get<T>(path: string): Promise<T> {
  return (await (await fetch(running!.url + path)).json()) as T;
}

/** Two failures of a user in a row: one alert. */
async function fail(user: string, second: number): Promise<void> {
  for (const at of [second, second + 1])
    expect(await send("POST /v1/streams/logins/events", [login(at, user)])).toBe(202);
}

async function stored(count: number): Promise<readonly Record<string, unknown>[]> {
  return await eventually(async () => {
    const { items } = await get<{ items: readonly Record<string, unknown>[] }>("/v1/alerts");
    return items.length === count && items;
  });
}

async function rows(columns = "id"): Promise<readonly Record<string, unknown>[]> {
  return (await sink.query<Record<string, unknown>>(`select ${columns} from tripline_alerts order by at`)).rows;
}

async function sinkStatus(): Promise<Readonly<Record<string, unknown>>> {
  return (await get<{ sink: Record<string, unknown> }>("/v1/status")).sink;
}

describe("an idempotent sink", () => {
  test("has each alert as it comes, in a table that was made, and is not written to again after a stop", async () => {
    await start({});
    await send("POST /v1/rules", TWO_FAILURES);
    await fail("ann", 1);
    const [alert] = await stored(1);
    const found = await eventually(async () => (await rows("*")).at(0) ?? null);
    expect(found).toMatchObject({
      id: alert!["id"],
      rule: "two_failures",
      version: 1,
      severity: alert!["severity"],
      kind: "match",
      key: "ann",
      at: new Date(alert!["at"] as string),
      suppressed_by: null,
      body: alert,
    });
    await running!.stop();
    await sink.query("delete from tripline_alerts");
    await start({});
    await fail("bob", 10);
    await stored(2);
    await eventually(async () => (await rows()).length > 0);
    expect(await rows("key")).toEqual([{ key: "bob" }]); // what came before the last checkpoint is not written again
  });

  test("takes texts that not every column can hold, and times that it writes otherwise", async () => {
    await start({});
    await send(
      "POST /v1/rules",
      'stream odd { time at } rule odd "a\\u0000b" { from odd key by text pattern { begin e } }',
    );
    await send("POST /v1/streams/odd/events", [{ at: "0000-02-29T01:02:03.004Z", text: "a\0b" }]);
    await send("POST /v1/streams/odd/watermark", { time: "end" });
    const found = await eventually(
      async () => (await rows("title, key::text, (at at time zone 'utc')::text as at, body::text")).at(0) ?? null,
    );
    expect(found).toMatchObject({ title: "a\ufffdb", key: '"a\\u0000b"', at: "0001-02-29 01:02:03.004 BC" });
    expect(JSON.parse(found["body"] as string)).toEqual((await stored(1))[0]);
  });

  test("is refused a table in which a row could be twice", async () => {
    await sink.query("create table tripline_alerts (id text)");
    await expect(start({})).rejects.toMatchObject({ code: "sink-table" });
    await sink.query("drop table tripline_alerts");
    await start({ TRIPLINE_ALERT_SINK: "two-phase" });
    await running!.stop();
    await expect(start({})).rejects.toMatchObject({ code: "sink-table-without-key" });
  });
});

describe("a sink with two phases", () => {
  const TWO_PHASES = { TRIPLINE_ALERT_SINK: "two-phase" };

  test("has alerts with each checkpoint, once in a table without a key, and tells of its transactions", async () => {
    await start(TWO_PHASES);
    await send("POST /v1/rules", TWO_FAILURES);
    await fail("ann", 1);
    await stored(1);
    expect(await rows()).toEqual([]);
    expect(await send("POST /v1/checkpoints")).toBe(201);
    await eventually(async () => (await rows()).length === 1);
    expect(await sinkStatus()).toMatchObject({ mode: "two-phase", state: "working", prepared: 0, committed: 1 });
    const { stdout } = await tripline(["status"], { env: { TRIPLINE_URL: running!.url } });
    expect(stdout).toContain(
      "\nalert sink   two-phase, working; 0 alerts waiting; 1 transaction committed, 0 prepared\n",
    );
    const metrics = await (await fetch(`${running!.url}/metrics`)).text();
    expect(metrics).toMatch(/^tripline_alert_sink_transactions_committed 1$/m);
    expect(metrics).toMatch(/^tripline_alert_sink_away 0$/m);
    await fail("bob", 10);
    await running!.stop(); // with a checkpoint
    expect(await rows("key")).toEqual([{ key: "ann" }, { key: "bob" }]);
    await start(TWO_PHASES);
    await running!.stop();
    expect(await rows("key")).toEqual([{ key: "ann" }, { key: "bob" }]);
  });

  test("is shared by installations, each of which leaves the others' transactions alone", async () => {
    const foreign = "tripline:tripline-0123456789ab:another:1";
    await sink.query(
      `create table other (); begin; insert into other default values; prepare transaction '${foreign}'`,
    );
    await start(TWO_PHASES);
    await send("POST /v1/rules", TWO_FAILURES);
    await fail("ann", 1);
    await running!.stop();
    const { rows: left } = await sink.query("select gid from pg_prepared_xacts where database = current_database()");
    expect({ rows: await rows("key"), left }).toEqual({ rows: [{ key: "ann" }], left: [{ gid: foreign }] });
    await sink.query(`rollback prepared '${foreign}'`);
  });

  test("goes on with the table of an idempotent one", async () => {
    await start({ TRIPLINE_CHECKPOINT_ON_SHUTDOWN: "false" });
    await send("POST /v1/rules", TWO_FAILURES);
    await fail("ann", 1);
    await eventually(async () => (await rows()).length === 1);
    await running!.stop();
    await start(TWO_PHASES); // finds it again, since there is no checkpoint
    await running!.stop();
    expect(await rows("key")).toEqual([{ key: "ann" }]);
  });
});

describe("what somebody has to mend is told at the start, without the password", () => {
  async function refusal(env: Readonly<Record<string, string>>, change: (url: URL) => void): Promise<unknown> {
    const url = new URL(sinkUrl);
    url.password = "hunter2";
    change(url);
    const error = await start(env, url.href).catch((refused: unknown) => refused);
    expect(`${(error as Error).message} ${JSON.stringify(error)}`).not.toContain("hunter2");
    return error;
  }

  test("a database that is not there", async () => {
    expect(await refusal({}, (url) => (url.pathname = "/nowhere"))).toMatchObject({
      code: "sink-refused",
      message: 'the sink\'s database does not let us in: database "nowhere" does not exist',
    });
  });

  test("a server that prepares no transactions", async () => {
    const postgres = await startEmbeddedPostgres({ dataDir: await newFolder(), initdbFlags: ["--no-sync"] });
    try {
      const error = await refusal({ TRIPLINE_ALERT_SINK: "two-phase" }, (url) => (url.href = postgres.url));
      expect(error).toMatchObject({ code: "sink-without-prepared-transactions" });
    } finally {
      await postgres.stop();
    }
  });
});

// S9.26
describe.each(["idempotent", "two-phase"])("an event that is sent again, and all that comes of it: %s", (mode) => {
  const receiver = testReceiver();
  const RULES = `
    stream named { time at  id i  dedupe 1h }
    stream plain { time at }
    rule each_named { from named key by how pattern { begin e } deliver desk }
    rule each_plain { from plain key by how pattern { begin e } deliver desk }`;
  const ONCE_OR_MORE = ["id", "key", "neither", "neither"];

  test("counts once with an id or an Idempotency-Key, and each time with neither", async () => {
    await start({ TRIPLINE_ALERT_SINK: mode, TRIPLINE_ALLOW_PRIVATE_WEBHOOKS: "127.0.0.0/8" });
    await send("POST /v1/rules", RULES);
    await send("PUT /v1/destinations/desk", { url: receiver.url });
    for (let time = 1; time <= 2; time++) {
      await send("POST /v1/streams/named/events", [{ at: 1, i: "a", how: "id" }]);
      await send("POST /v1/streams/plain/events", [{ at: 1, how: "key" }], { "idempotency-key": "first" });
      await send("POST /v1/streams/plain/events", [{ at: 1, how: "neither" }]);
    }
    for (const stream of ["named", "plain"]) await send(`POST /v1/streams/${stream}/watermark`, { time: "end" });
    const alerts = await stored(4);
    expect(keysOf(alerts)).toEqual(ONCE_OR_MORE);
    await eventually(async () => new Set(receiver.requests.map(({ headers }) => headers["webhook-id"])).size === 4);
    expect(keysOf(await streamed(4))).toEqual(ONCE_OR_MORE);
    await running!.stop();
    expect(keysOf(await rows("key"))).toEqual(ONCE_OR_MORE);
  });

  function keysOf(alerts: readonly Record<string, unknown>[]): readonly string[] {
    return alerts.map(({ key }) => key as string).toSorted();
  }

  async function streamed(count: number): Promise<readonly Record<string, unknown>[]> {
    const cancel = new AbortController();
    const headers = { "last-event-id": "0" };
    const answer = await fetch(`${running!.url}/v1/alerts/stream`, { headers, signal: cancel.signal });
    let text = "";
    for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += piece;
      const found = [...text.matchAll(/^data: ?(.*)\n\n/gm)].map(([, data]) => JSON.parse(data!) as { key: string });
      if (found.length < count) continue;
      cancel.abort();
      return found;
    }
    throw new Error("the stream has ended");
  }
});

// S9.24
describe.each(["idempotent", "two-phase"])(
  "a database that is stopped under the service and started again: %s",
  (mode) => {
    test("holds up no alert, /readyz and the status say so, and it gets all of them once", async () => {
      const options = {
        dataDir: await newFolder(),
        initdbFlags: ["--no-sync"],
        settings: { max_prepared_transactions: "5" },
      };
      let outside = await startEmbeddedPostgres(options);
      await start({ TRIPLINE_ALERT_SINK: mode, TRIPLINE_CHECKPOINT_INTERVAL: "50ms" }, outside.url);
      await send("POST /v1/rules", TWO_FAILURES);
      await fail("ann", 1);
      await stored(1);
      await outside.stop();
      for (const [index, user] of ["bob", "cid", "dan"].entries()) await fail(user, 10 * (index + 1));
      await stored(4);
      const { reasons } = await eventually(async () => {
        const answer = await get<{ ready: boolean; reasons: readonly string[] }>("/readyz");
        return !answer.ready && answer;
      });
      expect(reasons.join()).toContain("the alert sink takes no alerts (");
      expect(await sinkStatus()).toMatchObject({ state: "away" });
      expect(await (await fetch(`${running!.url}/metrics`)).text()).toMatch(/^tripline_alert_sink_away 1$/m);

      outside = await startEmbeddedPostgres(options);
      await eventually(async () => (await get<{ ready: boolean }>("/readyz")).ready);
      await running!.stop();
      const pool = createPool(outside.url);
      const { rows: found } = await pool.query<{ key: string }>("select key from tripline_alerts order by at");
      expect(found.map(({ key }) => key)).toEqual(["ann", "bob", "cid", "dan"]);
      expect((await pool.query("select from pg_prepared_xacts")).rowCount).toBe(0);
      await pool.end();
      await outside.stop();
    });
  },
);
