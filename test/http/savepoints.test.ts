/** One savepoint: looked into, restored, carried elsewhere in a file, refused where it is damaged. */

import { beforeAll, describe, expect, test } from "@jest/globals";
import { distinctChunks, readManifest } from "../../src/store/checkpoints/manifest-text.ts";
import { damageChunk, loseChunk, rewriteManifest } from "../store/checkpoints/tampering.ts";
import { httpService, login, TWO_FAILURES, type Answer } from "../support/http-service.ts";

const here = httpService();
const there = httpService();

beforeAll(async () => {
  await here.postRules(TWO_FAILURES);
  await here.postEvents("logins", [login(1, "ann"), login(2, "bob")]);
  await take("before");
});

function take(name: string): Promise<Answer> {
  return here.call("POST /v1/savepoints", { body: JSON.stringify({ name }), type: "application/json" });
}

async function exported(name: string): Promise<Buffer> {
  return Buffer.from(await (await fetch(`${here.url}/v1/savepoints/${name}/export`)).arrayBuffer());
}

function bringIn(name: string, body: Buffer, type = "application/octet-stream"): Promise<Answer> {
  return there.call(`POST /v1/savepoints/${name}/import`, { body, type });
}

async function alerts(service: typeof here): Promise<string[]> {
  await service.call("POST /v1/streams/logins/watermark", {
    body: '{"time":"2026-01-01T00:01:00Z"}',
    type: "application/json",
  });
  await service.settled();
  const { items } = (await service.call("GET /v1/alerts")).json<{ items: { id: string; key: string }[] }>();
  return items.map(({ id, key }) => `${key} ${id}`);
}

test("it says what it holds, the largest first", async () => {
  const { sizes, ...rest } = (await here.call("GET /v1/savepoints/before")).json<{ sizes: { bytes: number }[] }>();
  expect(rest).toMatchObject({
    id: 1,
    name: "before",
    offset: 3,
    rules: [{ name: "two_failures", version: 1 }],
    keys: 2,
  });
  expect(sizes.map(({ bytes }) => bytes)).toEqual(sizes.map(({ bytes }) => bytes).sort((a, b) => b - a));
  expect(sizes).toContainEqual({ name: "keys rule two_failures v1", bytes: expect.any(Number), keys: 2 });
});

test("it goes elsewhere in a file, under any name, and the same alerts come of it there", async () => {
  const brought = await bringIn("theirs", await exported("before"));
  expect([brought.status, brought.json()]).toMatchObject([201, { name: "theirs", offset: 3, keys: 2 }]);
  expect((await there.call("POST /v1/savepoints/theirs/restore")).json()).toEqual({ name: "theirs", offset: 0 });
  for (const service of [here, there]) await service.postEvents("logins", [login(3, "ann")]);
  expect(await alerts(there)).toEqual(await alerts(here));
  expect(await alerts(there)).toHaveLength(1);
});

test("restored, what came since counts no more, and what was found stays (S9.20)", async () => {
  await here.postEvents("logins", [login(70, "bob")]);
  const { status, json } = await here.call("POST /v1/savepoints/before/restore");
  expect([status, json()]).toMatchObject([200, { name: "before" }]);
  const { logEnd } = (await here.call("GET /v1/status")).json();
  expect(json()["offset"]).toBe((logEnd as number) - 1);
  expect((await here.call("GET /v1/streams/logins")).json()).toMatchObject({ watermark: "2026-01-01T00:00:01.999Z" });
  expect(await alerts(here)).toHaveLength(1);
});

describe("one that is damaged", () => {
  const { checkpointBackend: backend } = here;

  /** A chunk that no other one has. */
  async function ownChunk(name: string): Promise<string> {
    const texts = await backend.manifests();
    const all = [...texts.values()].map(readManifest);
    const mine = all.find((manifest) => manifest.name === name)!;
    const others = new Set(all.flatMap((other) => (other === mine ? [] : distinctChunks(other).map(({ id }) => id))));
    return distinctChunks(mine).find(({ id }) => !others.has(id))!.id;
  }

  const kinds: readonly (readonly [what: string, damage: (name: string) => Promise<void>, code: string])[] = [
    [
      "manifest",
      async (name) => {
        const entry = (await here.stores.checkpoints.list()).find((each) => each.name === name)!;
        await rewriteManifest(backend, entry.id, (text) => text.slice(0, -1));
      },
      "checkpoint-torn",
    ],
    [
      "chunk",
      async (name) => damageChunk(backend, await ownChunk(name), (sealed) => sealed.subarray(1)),
      "checkpoint-foreign",
    ],
    ["chunk-gone", async (name) => loseChunk(backend, await ownChunk(name)), "checkpoint-missing"],
  ];

  test.each(kinds)("in its %s is refused where it is needed, and can be removed", async (what, damage, code) => {
    await here.postEvents("logins", [login(20 + kinds.findIndex(([kind]) => kind === what), what)]);
    await take(what);
    await damage(what);
    const needing = [`POST /v1/savepoints/${what}/restore`, `GET /v1/savepoints/${what}/export`];
    if (what === "manifest") needing.push(`GET /v1/savepoints/${what}`);
    for (const request of needing) {
      const answer = await here.call(request);
      expect([request, answer.status, answer.json()["code"]]).toEqual([request, 409, code]);
    }
    const { items } = (await here.call("GET /v1/savepoints")).json<{ items: object[] }>();
    expect(items[0]).toMatchObject({ name: what });
    expect((await here.call(`DELETE /v1/savepoints/${what}`)).status).toBe(204);
    expect((await here.call("GET /v1/savepoints")).json<{ items: object[] }>().items).toHaveLength(items.length - 1);
  });
});

test.each<[what: string, change: (file: Buffer) => Buffer, status: number, code: string]>([
  ["is not whole", (file) => file.subarray(0, -1), 409, "checkpoint-torn"],
  ["is no savepoint", () => Buffer.from("hello"), 409, "checkpoint-torn"],
  ["is of a later format", (file) => Buffer.from(file).fill("2", 19, 20), 409, "checkpoint-foreign"],
])("a file that %s is refused, and nothing is kept of it", async (_, change, status, code) => {
  const answer = await bringIn("bad", change(await exported("before")));
  expect([answer.status, answer.json()["code"]]).toEqual([status, code]);
  expect((await there.call("GET /v1/savepoints/bad")).status).toBe(404);
});

test("a name that is taken, a name that is none, and another type are refused", async () => {
  const file = await exported("before");
  const found = [
    await bringIn("theirs", file),
    await bringIn(".hidden", file),
    await bringIn("new", file, "text/plain"),
  ];
  expect(found.map((answer) => [answer.status, answer.json()["code"]])).toEqual([
    [409, "savepoint-exists"],
    [422, "bad-savepoint-name"],
    [415, "unsupported-media-type"],
  ]);
});

test("one that is not there is told, with the name that was perhaps meant", async () => {
  for (const request of [
    "GET /v1/savepoints/befor",
    "POST /v1/savepoints/befor/restore",
    "DELETE /v1/savepoints/befor",
  ]) {
    const answer = await here.call(request);
    expect([answer.status, answer.json()]).toMatchObject([
      404,
      { code: "unknown-savepoint", hint: "did you mean `before`?" },
    ]);
  }
});
