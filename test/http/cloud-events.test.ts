import { beforeAll, expect, test } from "@jest/globals";
import { httpService, type Answer, type Call } from "../support/http-service.ts";

const service = httpService();

const RULES = `
stream orders { time time  id id }
rule large {
  from orders where type == "order.placed"
  pattern { begin o where data.amount > 100 }
  emit { source = o.source, amount = o.data.amount, data = o.data }
}`;

beforeAll(() => service.postRules(RULES));

function order(id: string, amount: number, fields: object = {}): object {
  const time = "2026-01-01T00:00:00Z";
  return { specversion: "1.0", id, source: "/shop", type: "order.placed", time, data: { amount }, ...fields };
}

function post(body: Call["body"] & {}, type: string, headers: Record<string, string> = {}): Promise<Answer> {
  return service.call("POST /v1/streams/orders/events", { body, type, headers });
}

async function alerted(): Promise<unknown[]> {
  await service.settled();
  const { items } = (await service.call("GET /v1/alerts?limit=1")).json<{ items: { emit: unknown }[] }>();
  return items.map(({ emit }) => emit);
}

test("one CloudEvent is one event: its attributes, with the data in `data`", async () => {
  const answer = await post(JSON.stringify(order("1", 500)), "application/cloudevents+json; charset=utf-8");
  expect([answer.status, answer.json()]).toMatchObject([202, { accepted: 1 }]);
  expect(await alerted()).toEqual([{ source: "/shop", amount: 500, data: { amount: 500 } }]);
  expect((await post(JSON.stringify(order("1", 500)), "application/cloudevents+json")).json()).toMatchObject({
    accepted: 0,
    duplicates: 1,
  });
});

test("of a batch, what is no CloudEvent is refused alone", async () => {
  const batch = [
    order("2", 1),
    order("", 1),
    { data: 5 },
    order("3", 1, { specversion: "0.3" }),
    order("4", 1, { type: 7 }),
    5,
    order("5", 600),
  ];
  const answer = await post(JSON.stringify(batch), "application/cloudevents-batch+json");
  expect(answer.json()).toMatchObject({
    accepted: 2,
    rejected: [
      { index: 1, code: "bad-cloudevent", message: 'a CloudEvent has a text in `id`; found `""`' },
      { index: 2, code: "bad-cloudevent", message: "a CloudEvent has a text in `id`; found none" },
      { index: 3, code: "bad-cloudevent", message: 'the CloudEvent is of version "0.3"; expected "1.0"' },
      { index: 4, code: "bad-cloudevent", message: "a CloudEvent has a text in `type`; found `7`" },
      { index: 5, code: "bad-cloudevent", message: "expected a CloudEvent, which is a JSON object, found `5`" },
    ],
  });
  expect(await alerted()).toMatchObject([{ amount: 600 }]);
});

test("in binary mode, headers hold the attributes and the body is the data", async () => {
  const headers = {
    "ce-specversion": "1.0",
    "ce-id": "6",
    "ce-source": "/caf%C3%A9",
    "ce-type": "order.placed",
    "ce-time": "2026-01-01T00:00:00Z",
  };
  expect((await post('{"amount":700}', "application/json", headers)).json()).toMatchObject({ accepted: 1 });
  expect(await alerted()).toEqual([{ source: "/café", amount: 700, data: { amount: 700 } }]);
  expect((await post("", "application/json", { ...headers, "ce-id": "7" })).json()).toMatchObject({ accepted: 1 });
  expect((await post("5", "application/json", { ...headers, "ce-id": "" })).json()).toMatchObject({
    rejected: [{ index: 0, code: "bad-cloudevent" }],
  });
  expect((await post("x", "text/plain", headers)).status).toBe(415);
});

test("each may name its stream itself", async () => {
  const answer = await service.call("POST /v1/events", {
    body: JSON.stringify([order("8", 1, { stream: "orders" }), order("9", 1)]),
    type: "application/cloudevents-batch+json",
  });
  expect(answer.json()).toMatchObject({ accepted: 1, rejected: [{ index: 1, code: "no-stream" }] });
});
