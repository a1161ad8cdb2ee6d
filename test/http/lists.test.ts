import { beforeAll, describe, expect, test } from "@jest/globals";
import { limits } from "../../src/core/limits.ts";
import { httpService, type Answer } from "../support/http-service.ts";

const service = httpService();

const RULE = `
stream payments { time at }
rule risky {
  from payments
  pattern { begin p where country in list("high_risk") }
}`;

function send(request: string, body: unknown): Promise<Answer> {
  return service.call(request, { body: JSON.stringify(body), type: "application/json" });
}

/** Countries of the payments that made alerts. */
async function alerted(): Promise<string[]> {
  await service.settled();
  const { items } = (await service.call("GET /v1/alerts")).json<{
    items: { events: { p: { data: { country: string } }[] } }[];
  }>();
  return items.map(({ events }) => events.p[0]!.data.country).reverse();
}

describe("a named list", () => {
  test("that was never put is warned of, where a rule looks at it", async () => {
    const { warnings } = (await service.postRules(RULE)).json<{ warnings: object[] }>();
    expect(warnings).toEqual([
      {
        code: "W401",
        severity: "warning",
        message: 'there is no list "high_risk" yet: nothing is in it until it is put',
        hint: "`PUT /v1/lists/{name}` puts it",
        line: 5,
        column: 38,
        endLine: 5,
        endColumn: 55,
      },
    ]);
    await service.postEvents("payments", [{ at: 1, country: "XA" }]);
    expect(await alerted()).toEqual([]);
  });

  test("is put, takes effect from one offset on, and is shown with who reads it", async () => {
    const put = await send("PUT /v1/lists/high_risk", ["XA", "XB", "XA"]);
    expect(put.status).toBe(201);
    expect(put.json()).toEqual({ name: "high_risk", change: "created", count: 2, added: 2, removed: 0, activeFrom: 2 });
    await service.postEvents("payments", [
      { at: 2, country: "XA" },
      { at: 3, country: "XC" },
    ]);
    expect(await alerted()).toEqual(["XA"]);

    const shown = { name: "high_risk", count: 2, bytes: 8, usedBy: ["risky"] };
    expect((await service.call("GET /v1/lists/high_risk")).json()).toEqual({ ...shown, values: ["XA", "XB"] });
    expect((await service.call("GET /v1/lists")).json()).toEqual({ items: [shown], nextCursor: null });
    expect((await service.postRules(RULE)).json()).toMatchObject({ changed: false, warnings: [] });
  });

  test("is changed by what is added and removed, as one change", async () => {
    const changed = await send("PATCH /v1/lists/high_risk", { add: ["XC", "XB"], remove: ["XA", "XZ"] });
    expect(changed.status).toBe(200);
    expect(changed.json()).toMatchObject({ change: "updated", count: 2, added: 1, removed: 1, activeFrom: 5 });
    expect((await service.call("GET /v1/lists/high_risk")).json()).toMatchObject({ values: ["XB", "XC"] });
    await service.postEvents("payments", [
      { at: 4, country: "XA" },
      { at: 5, country: "XC" },
    ]);
    expect(await alerted()).toEqual(["XA", "XC"]);
  });

  test("that is put as it stands is not logged again", async () => {
    const again = await send("PUT /v1/lists/high_risk", { values: ["XC", "XB"] });
    expect(again.status).toBe(200);
    expect(again.json()).toMatchObject({ change: "unchanged", count: 2, added: 0, removed: 0, activeFrom: 8 });
    expect((await service.call("GET /v1/status")).json()).toMatchObject({ logEnd: 8 });
  });

  test("keeps what is text and what is a number apart", async () => {
    await send("PUT /v1/lists/mixed", [1, "1", true, "true"]);
    expect((await send("PATCH /v1/lists/mixed", { remove: [1, true] })).json()).toMatchObject({ count: 2, removed: 2 });
    expect((await service.call("GET /v1/lists/mixed")).json()).toMatchObject({ values: ["1", "true"], usedBy: [] });
  });

  test("has any name that a rule can write", async () => {
    const name = encodeURIComponent('a/b "c" ☃');
    expect((await send(`PUT /v1/lists/${name}`, [])).json()).toMatchObject({ name: 'a/b "c" ☃', change: "created" });
    expect((await service.call(`DELETE /v1/lists/${name}`)).status).toBe(200);
  });

  test("is removed once, and holds nothing for the rules that still read it", async () => {
    expect((await service.call("DELETE /v1/lists/high_risk")).json()).toMatchObject({ name: "high_risk" });
    expect((await service.call("DELETE /v1/lists/high_risk")).status).toBe(404);
    expect((await service.call("GET /v1/lists/high_risk")).status).toBe(404);
    await service.postEvents("payments", [{ at: 6, country: "XC" }]);
    expect(await alerted()).toEqual(["XA", "XC"]);
  });

  test("that is nearly the one a rule names is guessed", async () => {
    await send("PUT /v1/lists/high_rsk", ["XA"]);
    expect((await service.postRules(RULE)).json()).toMatchObject({
      warnings: [{ code: "W401", hint: 'did you mean "high_rsk"?' }],
    });
    const check = await service.call("POST /v1/rules/validate", { body: RULE, type: "text/plain" });
    expect(check.json()).toMatchObject({ valid: true, diagnostics: [{ code: "W401" }] });
  });

  test("is found by pages, in the order of names", async () => {
    const first = (await service.call("GET /v1/lists?limit=1")).json<{ items: object[]; nextCursor: string }>();
    expect(first.items).toMatchObject([{ name: "high_rsk" }]);
    const second = await service.call(`GET /v1/lists?limit=1&cursor=${first.nextCursor}`);
    expect(second.json()).toMatchObject({ items: [{ name: "mixed" }], nextCursor: null });
  });
});

describe("a list that cannot be taken is refused, and what is wrong is named", () => {
  beforeAll(() => send("PUT /v1/lists/codes", ["a"]));

  test.each<[request: string, body: unknown, status: number, detail: string]>([
    ["PUT /v1/lists/codes", "a", 422, 'the body is `"a"`; expected an array of values, or `{"values": [...]}`'],
    ["PUT /v1/lists/codes", {}, 422, "`values` is missing"],
    ["PUT /v1/lists/codes", { values: "a" }, 422, '`values` is `"a"`; expected an array of values'],
    [
      "PUT /v1/lists/codes",
      { value: [] },
      422,
      '`value` is not known here; expected an array of values, or `{"values": [...]}`',
    ],
    [
      "PUT /v1/lists/codes",
      ["a", null],
      422,
      "value 1, counted from 0, is `null`; expected a text, a number, true or false",
    ],
    [
      "PUT /v1/lists/codes",
      { values: [1, ["a"]] },
      422,
      '`values[1]` is `["a"]`; expected a text, a number, true or false',
    ],
    [
      "PATCH /v1/lists/codes",
      { add: ["a", { b: 1 }] },
      422,
      '`add[1]` is `{"b":1}`; expected a text, a number, true or false',
    ],
    [
      "PATCH /v1/lists/codes",
      { remove: ["x".repeat(limits.listValueCharsMax + 1)] },
      422,
      `\`remove[0]\` is a text of ${limits.listValueCharsMax + 1} characters; ${limits.listValueCharsMax} are the most`,
    ],
    [
      "PATCH /v1/lists/codes",
      {},
      422,
      '`add` and `remove` are missing; expected `{"add": [...], "remove": [...]}`, or one of the two',
    ],
    [
      "PATCH /v1/lists/codes",
      ["a"],
      422,
      'the body is `["a"]`; expected `{"add": [...], "remove": [...]}`, or one of the two',
    ],
    ["PATCH /v1/lists/code", { add: ["a"] }, 404, "there is no list `code`"],
    [
      `PUT /v1/lists/${"n".repeat(limits.nameCharsMax + 1)}`,
      [],
      422,
      `the name is "${"n".repeat(limits.nameCharsMax)}"; expected 1 to ${limits.nameCharsMax} characters, and none that controls a terminal`,
    ],
    [
      "PUT /v1/lists/a%00b",
      [],
      422,
      `the name is "a\\u0000b"; expected 1 to ${limits.nameCharsMax} characters, and none that controls a terminal`,
    ],
  ])("%s %j", async (request, body, status, detail) => {
    const answer = await send(request, body);
    expect([answer.status, answer.json()["detail"]]).toEqual([status, detail]);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
  });

  test("with the place for programs, too", async () => {
    expect((await send("PUT /v1/lists/codes", ["a", null])).json()).toMatchObject({ code: "bad-body", index: 1 });
    expect((await send("PATCH /v1/lists/codes", { remove: [[]] })).json()).toMatchObject({ field: "remove", index: 0 });
    expect((await service.call("GET /v1/lists/codes")).json()).toMatchObject({ values: ["a"] });
  });
});
