import { describe, expect, test } from "@jest/globals";
import { httpService, type Answer } from "../support/http-service.ts";

const service = httpService();

function put(name: string, body: unknown, type = "application/json"): Promise<Answer> {
  return service.call(`PUT /v1/streams/${name}`, {
    body: typeof body === "string" ? body : JSON.stringify(body),
    type,
  });
}

describe("a stream", () => {
  const SETTINGS = {
    time: "occurred_at",
    watermark: "bounded 10s",
    idle: "off",
    late: "drop",
    id: 'headers["x-id"]',
    dedupe: "2d",
    schema: {
      occurred_at: "timestamp",
      user: "string",
      tags: "string[]?",
      headers: "any",
      address: { city: "string?", at: { lat: "number" } },
    },
  };

  test("is put as JSON: each clause as the language writes it", async () => {
    const created = await put("logins", SETTINGS);
    expect(created.status).toBe(201);
    expect(created.json()).toMatchObject({
      name: "logins",
      declared: true,
      source: `stream logins {
  time occurred_at
  watermark bounded 10s
  idle off
  late drop
  id headers["x-id"]
  dedupe 2d
  schema { occurred_at: timestamp, user: string, tags: string[]?, headers: any, address: { city: string?, at: { lat: number } } }
}`,
      events: 0,
    });
    const event = { occurred_at: 1, user: "ann", headers: { "x-id": "a" }, address: { at: { lat: 1 } } };
    expect((await service.postEvents("logins", [event, event])).json()).toMatchObject({ accepted: 1, duplicates: 1 });
  });

  test("put again as it is changes nothing, and a stream that has ended begins anew", async () => {
    const { logEnd } = (await service.call("GET /v1/status")).json<{ logEnd: number }>();
    expect((await put("logins", SETTINGS)).status).toBe(200);
    expect((await service.call("GET /v1/status")).json()).toMatchObject({ logEnd });
    await service.call("POST /v1/streams/logins/watermark", { body: '{"time":"end"}', type: "application/json" });
    expect((await put("logins", SETTINGS)).json()).toMatchObject({ ended: false, watermark: "beginning" });
  });

  test("is put as its block stands in a rule file, too", async () => {
    const block = "stream payments { time at  # a comment\n  idle 5s }";
    expect((await put("payments", block, "text/plain")).status).toBe(201);
    expect((await put("payments", { time: "at", idle: "5s", late: null })).status).toBe(200);
    expect((await put("plain", {})).json()).toMatchObject({ source: "stream plain {\n}" });
  });
});

describe("a stream that cannot be put is refused", () => {
  test.each<[name: string, body: unknown, detail: string]>([
    ["a-b", {}, 'the name is "a-b"; expected letters, digits and `_`'],
    ["s", [], "the body is `[]`; expected a JSON object of clauses"],
    [
      "s",
      { tme: "at" },
      "`tme` is not known here; expected `time`, `watermark`, `idle`, `late`, `id`, `dedupe`, `schema`",
    ],
    ["s", { time: 5 }, "`time` is `5`; expected a text of one line"],
    ["s", { time: "at\nlate drop" }, '`time` is `"at\\nlate drop"`; expected a text of one line'],
    ["s", { idle: "5s }" }, '`idle` is `"5s }"`; expected a text of one line'],
    [
      "s",
      { time: "at late drop" },
      "a value says more than its clause; expected what stands behind one word of a `stream` block",
    ],
    [
      "s",
      { schema: "{ a: string } } rule r { from s pattern { begin a }" },
      "the name is none that a stream can have, or a value says more than its clause",
    ],
    [
      "s",
      { schema: { a: 1 } },
      '`schema.a` is `1`; expected a type, such as "string", "number?" or "string[]", or an object of fields',
    ],
    ["s", { schema: { "a b": "string" } }, "`schema` has a field `a b`; expected letters, digits and `_`"],
    [
      "s",
      { idle: "soon" },
      "line 2, column 8: `soon` cannot stand here: expected a duration (`10s`, `1h30m`) or `off`",
    ],
    ["s", { late: "keep" }, "line 2, column 8: `keep` cannot stand here: expected `drop` or `side`"],
    [
      "s",
      { schema: { a: "strin" } },
      "line 2, column 15: `strin` cannot stand here: expected a type (`string`, `number`, `boolean`, `timestamp`, `any`) or `{`",
    ],
    ["s", { dedupe: "1d" }, "line 2, column 3: `dedupe` needs to know what an event's identity is"],
  ])("%s %j", async (name, body, detail) => {
    const answer = await put(name, body);
    expect([answer.status, answer.json()["detail"]]).toEqual([422, detail]);
  });

  test("when its block is another's, or not alone", async () => {
    for (const block of ["stream other { }", "stream s { } stream t { }", "rule s { from s pattern { begin a } }"]) {
      expect((await put("s", block, "text/plain")).json()).toMatchObject({
        detail: "the body is not one `stream` block of the name `s`",
      });
    }
  });

  test("when an active rule could not read it any more", async () => {
    await put("watched", { schema: { user: "string", n: "number" } });
    await service.postRules("rule reads { from watched pattern { begin a where n > 5 } }");
    const refused = await put("watched", { schema: { user: "string" } });
    expect(refused.status).toBe(422);
    expect(refused.json()).toMatchObject({ code: "rule-refused", diagnostics: [{ code: "E401" }] });
    expect((await service.call("GET /v1/streams/s")).status).toBe(404);
  });
});
