import { beforeAll, expect, test } from "@jest/globals";
import { httpService } from "../support/http-service.ts";

const service = httpService();

const RULES = `
stream s { time at }
rule three {
  from s  key by user
  pattern {
    begin failed where type == "failure" times(2)
    notFollowedBy reset where type == "reset"
    followedBy ok where type == "success" gap 30s
    within 1m
  }
}
rule no_key { from s  pattern { begin a where type == "failure"  followedBy b where type == "b" } }
rule pairs { from s  key by user, n  pattern { begin a where exists(n)  followedBy b } }
rule sums { from s  key by user  window { tumbling 1m  having count() > 100 }  emit { n = count(), total = sum(n) } }
rule sliding { from s  key by user  window { sliding 2m every 1m }  emit { n = count() } }
rule kept { from s  key by user  window { tumbling 1m  evict keep last 5 events }  emit { n = count() } }`;

interface State {
  readonly key: unknown;
  readonly watermark: string;
  readonly partialMatches: readonly Record<string, unknown>[];
  readonly windows: readonly Record<string, unknown>[];
}

async function state(rule: string, key: string): Promise<State> {
  return (await service.call(`GET /v1/state/${rule}/${encodeURIComponent(key)}`)).json<State>();
}

beforeAll(async () => {
  await service.postRules(RULES);
  await service.postEvents("s", [
    { at: 0, user: "ann", type: "failure" },
    { at: 10_000, user: "bob", type: "failure", n: 2 },
    { at: 20_000, user: "ann", type: "failure", n: 1 },
  ]);
  await service.settled();
});

test("a partial match tells its events, what it waits for, what would move it on or end it, and until when", async () => {
  expect(await state("three", "ann")).toEqual({
    rule: "three",
    version: 1,
    key: "ann",
    watermark: "1970-01-01T00:00:19.999Z",
    partialMatches: [
      {
        events: {
          failed: [
            { offset: 1, time: "1970-01-01T00:00:00.000Z", data: { at: 0, user: "ann", type: "failure" } },
            { offset: 3, time: "1970-01-01T00:00:20.000Z", data: { at: 20_000, user: "ann", type: "failure", n: 1 } },
          ],
        },
        firstEventAt: "1970-01-01T00:00:00.000Z",
        lastEventAt: "1970-01-01T00:00:20.000Z",
        timesOutAt: "1970-01-01T00:01:00.000Z",
        waits: [
          {
            state: "ok",
            stage: "ok",
            meaning: "waits for ok",
            until: "1970-01-01T00:00:50.000Z",
            movesOnWith: [{ label: "ok", condition: 'type == "success"' }],
            givenUpWith: [{ label: "reset", condition: 'type == "reset"' }],
          },
        ],
      },
      expect.objectContaining({ firstEventAt: "1970-01-01T00:00:20.000Z" }),
    ],
    windows: [],
  });
  expect((await state("three", "bob")).partialMatches).toMatchObject([
    { waits: [{ meaning: "waits for the 2nd failed", movesOnWith: [{ label: "failed" }] }] },
  ]);
});

test("a key is a text, or any other as JSON; one that nothing is held for shows nothing", async () => {
  expect(await state("three", '"ann"')).toMatchObject({ key: "ann", partialMatches: [{}, {}] });
  expect(await state("no_key", "null")).toMatchObject({ key: null, partialMatches: [{ timesOutAt: null }, {}, {}] });
  expect(await state("pairs", '["bob",2]')).toMatchObject({ key: ["bob", 2], partialMatches: [{}] });
  expect(await state("three", "eve")).toMatchObject({ key: "eve", partialMatches: [], windows: [] });
  const unknown = await service.call("GET /v1/state/tree/ann");
  expect([unknown.status, unknown.json()["hint"]]).toEqual([404, "did you mean `three`?"]);
});

test("a window tells what its aggregates come to so far", async () => {
  const minute = { start: "1970-01-01T00:00:00.000Z", end: "1970-01-01T00:01:00.000Z" };
  expect((await state("sums", "ann")).windows).toEqual([
    { ...minute, isPane: false, emit: { n: 2, total: 1 }, having: false },
  ]);
  expect((await state("sliding", "ann")).windows).toEqual([{ ...minute, isPane: true, emit: { n: 2 }, having: true }]);
  expect((await state("kept", "ann")).windows).toEqual([{ ...minute, isPane: false, events: 2 }]);
  expect((await state("sums", "eve")).windows).toEqual([]);
});
