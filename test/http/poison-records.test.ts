/** Records that the engine goes on without: looked at, and logged once more (S9.21). */

import { beforeAll, expect, test } from "@jest/globals";
import type { LogRecord } from "../../src/engine/log/log-record.ts";
import { httpService, login, TWO_FAILURES } from "../support/http-service.ts";

const service = httpService();
const EVENT: LogRecord = { kind: "event", offset: 1, stream: "logins", time: 1, at: 2, data: login(1, "ann") };
const RULES: LogRecord = { kind: "rules", offset: 0, source: TWO_FAILURES };

beforeAll(async () => {
  await service.postRules(TWO_FAILURES);
  await service.postEvents("logins", [login(1, "ann"), login(2, "bob")]);
  await service.settled();
});

test("nothing is set aside at first", async () => {
  expect((await service.call("GET /v1/poison-records")).json()).toEqual({ items: [] });
});

test("what is set aside is there with its error, by offset", async () => {
  const at = Date.parse("2026-01-05T10:00:00Z");
  for (const record of [EVENT, RULES]) {
    await service.stores.poison.put({ record, error: "a bug of ours", at, replayedAs: null });
  }
  const shown = { offset: 1, kind: "event", error: "a bug of ours", at: "2026-01-05T10:00:00.000Z", replayedAs: null };
  const { items } = (await service.call("GET /v1/poison-records")).json<{ items: { record: string }[] }>();
  expect(items).toMatchObject([{ offset: 0, kind: "rules" }, shown]);
  expect(JSON.parse(items[1]!.record)).toEqual(EVENT);
  expect((await service.call("GET /v1/poison-records/1")).json()).toEqual(items[1]);
});

test("an event is logged once more, at the end of the log, and says where", async () => {
  const { status, json } = await service.call("POST /v1/poison-records/1/replay");
  expect([status, json()]).toMatchObject([200, { offset: 1, replayedAs: 3 }]);
  expect((await service.call("GET /v1/poison-records/1")).json()).toMatchObject({ replayedAs: 3 });
  await service.settled();
  expect((await service.call("GET /v1/streams/logins")).json()).toMatchObject({ events: 3 });
});

test.each<[request: string, status: number, code: string]>([
  ["POST /v1/poison-records/0/replay", 409, "not-an-event"],
  ["POST /v1/poison-records/17/replay", 404, "unknown-record"],
  ["POST /v1/poison-records/one/replay", 404, "unknown-record"],
  ["GET /v1/poison-records/17", 404, "unknown-record"],
  ["GET /v1/poison-records/01", 404, "unknown-record"],
])("%s is refused", async (request, status, code) => {
  const answer = await service.call(request);
  expect([answer.status, answer.json()["code"]]).toEqual([status, code]);
});
