import { beforeAll, expect, test } from "@jest/globals";
import { memoryCheckpoints } from "../../src/store/checkpoints/memory-checkpoints.ts";
import { HttpService, httpService, login, TWO_FAILURES, type Answer } from "../support/http-service.ts";

const service = httpService();

beforeAll(async () => {
  await service.postRules(TWO_FAILURES);
  await service.postEvents("logins", [login(1, "ann"), login(2, "bob")]);
  await service.settled();
});

function savepoint(body: unknown): Promise<Answer> {
  return service.call("POST /v1/savepoints", { body: JSON.stringify(body), type: "application/json" });
}

test("a checkpoint is taken when it is asked for, and the status tells of it", async () => {
  const taken = await service.call("POST /v1/checkpoints");
  expect([taken.status, taken.json()]).toMatchObject([201, { id: 1, kind: "checkpoint", name: null, offset: 3 }]);
  expect(taken.json<{ keysWritten: number }>().keysWritten).toBeGreaterThan(0);
  expect((await service.call("GET /v1/status")).json()).toMatchObject({
    restarts: 0,
    checkpoints: { completed: 1, failed: 0, isInProgress: false, last: taken.json(), lastFailure: null },
  });
});

test("a savepoint has a name, and stays", async () => {
  expect((await savepoint({ name: "before" })).json()).toMatchObject({ id: 2, kind: "savepoint", name: "before" });
  const listed = { kind: "savepoint", name: "before", offset: 3, rules: [{ name: "two_failures", version: 1 }] };
  expect((await service.call("GET /v1/savepoints")).json()).toMatchObject({ items: [listed], nextCursor: null });
  const first = (await service.call("GET /v1/checkpoints?limit=1")).json<{ items: object[]; nextCursor: string }>();
  expect(first.items).toMatchObject([listed]);
  expect((await service.call(`GET /v1/checkpoints?limit=1&cursor=${first.nextCursor}`)).json()).toMatchObject({
    items: [{ id: 1, kind: "checkpoint" }],
    nextCursor: null,
  });
});

test("a savepoint is one file, which another store takes", async () => {
  const file = await fetch(`${service.url}/v1/savepoints/before/export`);
  expect([file.status, file.headers.get("content-type")]).toEqual([200, "application/octet-stream"]);
  const bytes = new Uint8Array(await file.arrayBuffer());
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const other = memoryCheckpoints();
  expect(await other.import(pieces(), { id: 7, name: "copy" })).toMatchObject({ offset: 3, name: "copy" });
});

test("the last savepoint stops the service, and nothing is taken behind it", async () => {
  const ending = new HttpService({});
  await ending.start();
  try {
    await ending.postRules(TWO_FAILURES);
    const body = JSON.stringify({ name: "last", stop: true });
    const taken = await ending.call("POST /v1/savepoints", { body, type: "application/json" });
    expect([taken.status, taken.json(), ending.stopsAsked]).toMatchObject([201, { name: "last", offset: 1 }, 1]);
    const refused = await ending.postEvents("logins", [login(1, "ann")]);
    expect([refused.status, refused.json()["code"]]).toEqual([503, "not-ready"]);
  } finally {
    await ending.stop();
  }
});

test("a savepoint is removed once", async () => {
  expect((await service.call("DELETE /v1/savepoints/before")).status).toBe(204);
  expect((await service.call("DELETE /v1/savepoints/before")).status).toBe(404);
  expect((await service.call("GET /v1/savepoints/before/export")).status).toBe(404);
});

test.each<[body: unknown, status: number, code: string]>([
  [{}, 422, "bad-body"],
  [{ name: 5 }, 422, "bad-body"],
  [{ name: "x", stop: "now" }, 422, "bad-body"],
  [{ name: "x", stpo: true }, 422, "bad-body"],
  [["x"], 422, "bad-body"],
  [{ name: "../up" }, 422, "bad-savepoint-name"],
  [{ name: "twice" }, 409, "savepoint-exists"],
])("a savepoint that cannot be taken is refused: %j", async (body, status, code) => {
  if (code === "savepoint-exists") await savepoint(body);
  const answer = await savepoint(body);
  expect([answer.status, answer.json()["code"]]).toEqual([status, code]);
});
