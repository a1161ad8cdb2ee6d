import { beforeAll, expect, test } from "@jest/globals";
import { httpService, login, TWO_FAILURES, type Answer } from "../support/http-service.ts";
import { status, testReceiver } from "../support/receiver.ts";

const service = httpService();
const receiver = testReceiver();
beforeAll(() => service.postRules(TWO_FAILURES));

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

function put(name: string, body: object): Promise<Answer> {
  return service.call(`PUT /v1/destinations/${name}`, { body: JSON.stringify(body), type: "application/json" });
}

test("a delivery waits for its destination, and becomes due when that is put", async () => {
  await service.postEvents("logins", [login(1, "ann"), login(2, "ann")]);
  await service.settled();
  const waiting = (await service.call("GET /v1/deliveries?status=waiting")).json<{ items: { id: string }[] }>();
  expect(waiting.items).toMatchObject([{ destination: "desk", status: "waiting", attempts: [] }]);

  expect((await put("desk", { url: receiver.url })).status).toBe(201);
  const due = await service.call(`GET /v1/deliveries/${waiting.items[0]!.id}`);
  expect(due.json()).toMatchObject({ id: waiting.items[0]!.id, status: "pending" });
});

test("deliveries are found by alert, destination and status", async () => {
  const [alert] = (await service.call("GET /v1/alerts")).json<{ items: { id: string }[] }>().items;
  const count = async (filter: string): Promise<number> => {
    return (await service.call(`GET /v1/deliveries?${filter}`)).json<{ items: object[] }>().items.length;
  };
  expect(await count(`alert=${alert!.id}&destination=desk&status=pending`)).toBe(1);
  expect(await count("destination=other")).toBe(0);
  expect(await count("status=dead")).toBe(0);
});

test("only a delivery that is dead or waiting can be retried", async () => {
  const [delivery] = (await service.call("GET /v1/deliveries")).json<{ items: { id: string }[] }>().items;
  const answer = await service.call(`POST /v1/deliveries/${delivery!.id}/retry`);
  expect(answer.status).toBe(409);
  expect(answer.json()).toMatchObject({ code: "not-dead" });
});

test("a secret goes in and never comes out", async () => {
  const headers = { "X-Team": "fraud", Authorization: "Bearer abc", "X-Api-Key": "def" };
  const answer = await put("desk", { url: receiver.url, secret: SECRET, headers, timeoutMs: 500, retries: 2 });
  expect(answer.status).toBe(200);
  expect(answer.json()).toEqual({
    name: "desk",
    url: `${receiver.url}/`,
    hasSecret: true,
    headers: { "X-Team": "***", Authorization: "***", "X-Api-Key": "***" },
    format: "standard",
    timeoutMs: 500,
    retries: 2,
  });
  expect((await service.call("GET /v1/destinations/desk")).json()).toEqual(answer.json());
  expect((await service.call("GET /v1/destinations")).json()).toEqual({ items: [answer.json()], nextCursor: null });
  expect(await service.stores.destinations.get("desk")).toMatchObject({ secret: SECRET, headers });
});

test("a secret and headers that are left away stay; null and {} take them away", async () => {
  const kept = { hasSecret: true, headers: { "X-Team": "***", Authorization: "***", "X-Api-Key": "***" } };
  expect((await put("desk", { url: receiver.url })).json()).toMatchObject({ ...kept, retries: 8 });
  expect(await service.stores.destinations.get("desk")).toMatchObject({ headers: { "X-Team": "fraud" } });
  expect((await put("desk", { url: receiver.url, secret: null })).json()).toMatchObject({ ...kept, hasSecret: false });
  expect((await put("desk", { url: receiver.url, headers: {} })).json()).toMatchObject({ headers: {} });
});

test("what was read can be put back: a hidden value is the one there was", async () => {
  await put("desk", { url: receiver.url, headers: { "X-Team": "fraud", "X-Old": "1" } });
  await put("desk", { url: receiver.url, headers: { "x-team": "***", "X-New": "2" } });
  expect(await service.stores.destinations.get("desk")).toMatchObject({ headers: { "x-team": "fraud", "X-New": "2" } });
  const refused = await put("desk", { url: receiver.url, headers: { "X-Other": "***" } });
  expect([refused.status, refused.json()["detail"]]).toEqual([
    422,
    "`headers.X-Other` is `***`, and there is no such header to keep",
  ]);
});

test("a destination can be tried, and what came back is shown", async () => {
  receiver.answer = status(418, {}, "a teapot");
  const tried = await service.call("POST /v1/destinations/desk/test");
  expect(tried.status).toBe(200);
  expect(tried.json()).toMatchObject({ status: 418, responseExcerpt: "a teapot" });
  expect(receiver.requests).toHaveLength(1);
});

test("a destination is removed once", async () => {
  expect((await service.call("DELETE /v1/destinations/desk")).status).toBe(204);
  expect((await service.call("DELETE /v1/destinations/desk")).status).toBe(404);
});
