import { beforeAll, describe, expect, test } from "@jest/globals";
import { limits } from "../../src/core/limits.ts";
import { httpService, type Answer } from "../support/http-service.ts";

const service = httpService();
beforeAll(() => service.postRules("stream s { time at }  stream t { time at }  stream known { time at  id n }"));

const NDJSON = "application/x-ndjson";
const JSON_TYPE = "application/json";

function post(
  body: string,
  { key, to = "streams/s/events", type = NDJSON }: { key: string; to?: string; type?: string },
): Promise<Answer> {
  return service.call(`POST /v1/${to}`, { body, type, headers: { "Idempotency-Key": key } });
}

async function eventsOf(stream: string): Promise<number> {
  await service.settled();
  return (await service.call(`GET /v1/streams/${stream}`)).json<{ events: number }>().events;
}

function lines(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, i) => `{"at":${from + i}}\n`).join("");
}

// S9.18
describe("a request with a key that is sent again", () => {
  test("takes nothing twice, and is answered as before", async () => {
    const body = `${lines(0, 3)}\n\n{"at":"x"}\nnot json\n${lines(3, 5)}`;
    const first = await post(body, { key: "a" });
    expect(first.json()).toMatchObject({ accepted: 5, rejectedTotal: 2, rejected: [{ index: 3 }, { index: 4 }] });
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    const again = await post(body, { key: "a" });
    expect([again.status, again.json()]).toEqual([202, first.json()]);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(await eventsOf("s")).toBe(5);
  });

  test("may have more at its end: only that is taken", async () => {
    const before = await eventsOf("s");
    const short = (await post(lines(10, 12), { key: "b" })).json<{ lastOffset: number }>();
    const long = await post(lines(10, 15), { key: "b" });
    expect(long.json()).toMatchObject({ accepted: 5, lastOffset: short.lastOffset + 3 });
    expect((await eventsOf("s")) - before).toBe(5);
  });

  test("is taken batch by batch", async () => {
    const before = await eventsOf("s");
    const count = 2 * limits.chunkRecordsMax + 10;
    const half = lines(100, 100 + limits.chunkRecordsMax + 7);
    await post(half, { key: "c" });
    expect((await post(lines(100, 100 + count), { key: "c" })).json()).toMatchObject({ accepted: count });
    expect((await post(lines(100, 100 + count), { key: "c" })).json()).toMatchObject({ accepted: count });
    expect((await eventsOf("s")) - before).toBe(count);
  });

  test("as JSON: one document, or an array of them", async () => {
    const before = await eventsOf("s");
    const one = { key: "d", type: JSON_TYPE };
    const many = { key: "e", type: JSON_TYPE };
    for (let i = 0; i < 2; i++) {
      expect((await post('{"at":9000000}', one)).json()).toMatchObject({ accepted: 1 });
      expect((await post('[{"at":9000001},5,{"at":9000002}]', many)).json()).toMatchObject({
        accepted: 2,
        rejected: [{ index: 1 }],
      });
    }
    expect((await eventsOf("s")) - before).toBe(3);
  });

  test("of many streams at once", async () => {
    const [s, t] = [await eventsOf("s"), await eventsOf("t")];
    const body = `{"stream":"s","at":9000003}\n{"stream":"t","at":1}\n{"at":1}\n{"stream":"s","at":9000004}\n`;
    for (let i = 0; i < 2; i++) {
      expect((await post(body, { key: "f", to: "events" })).json()).toMatchObject({
        accepted: 3,
        rejected: [{ index: 2, code: "no-stream" }],
      });
    }
    expect([(await eventsOf("s")) - s, (await eventsOf("t")) - t]).toEqual([2, 1]);
  });

  test("counts duplicates as it did, by the identity that the stream declares", async () => {
    const body = '{"n":1,"at":1}\n{"n":1,"at":1}\n{"n":2,"at":2}\n';
    for (let i = 0; i < 2; i++) {
      expect((await post(body, { key: "a", to: "streams/known/events" })).json()).toMatchObject({
        accepted: 2,
        duplicates: 1,
      });
    }
  });
});

describe("a key", () => {
  test("is one stream's: another has its own of that name", async () => {
    const before = await eventsOf("t");
    expect((await post(lines(20, 21), { key: "a", to: "streams/t/events" })).json()).toMatchObject({ accepted: 1 });
    expect((await eventsOf("t")) - before).toBe(1);
  });

  test.each([
    ["another body", lines(1, 6)],
    ["a shorter one", lines(0, 2)],
    ["none", ""],
  ])("under which %s is sent is refused, and nothing is taken", async (_what, body) => {
    await post(lines(0, 5), { key: "g" });
    const before = await eventsOf("s");
    const answer = await post(body, { key: "g" });
    expect([answer.status, answer.json()]).toEqual([
      422,
      expect.objectContaining({
        code: "idempotency-key-reused",
        detail: "the first 5 events under the Idempotency-Key `g` were others",
      }),
    ]);
    expect(answer.json()).not.toHaveProperty("accepted");
    expect(await eventsOf("s")).toBe(before);
  });

  test.each(["", "a b", "x".repeat(201)])("that is none is refused: %j", async (key) => {
    const answer = await post(lines(0, 1), { key });
    expect([answer.status, answer.json()["code"]]).toEqual([400, "bad-idempotency-key"]);
  });

  test("whose request is under way is refused", async () => {
    let finish = (): void => undefined;
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from(lines(50, 51)));
        finish = () => controller.close();
      },
    });
    const headers = { "Idempotency-Key": "h" };
    const first = service.call("POST /v1/streams/t/events", { body, type: NDJSON, headers });
    let second = await post("", { key: "h", to: "streams/t/events" });
    while (second.status !== 409) second = await post("", { key: "h", to: "streams/t/events" });
    expect(second.json()).toMatchObject({ code: "request-under-way" });
    finish();
    expect((await first).json()).toMatchObject({ accepted: 1 });
    expect((await post(lines(50, 51), { key: "h", to: "streams/t/events" })).status).toBe(202);
  });
});
