import { beforeAll, expect, test } from "@jest/globals";
import { httpService } from "../support/http-service.ts";

const service = httpService();

const RULES = `
stream kept { time at }
stream dropped { time at  late drop }
rule each { from kept  pattern { begin e } }`;

interface Late {
  readonly items: readonly { readonly offset: number; readonly time: string; readonly data: object }[];
  readonly nextCursor: string | null;
}

async function late(stream: string, query = ""): Promise<Late> {
  return (await service.call(`GET /v1/streams/${stream}/late${query}`)).json<Late>();
}

beforeAll(async () => {
  await service.postRules(RULES);
  await service.postEvents("kept", [{ at: 5000 }, { at: 2000, n: 1 }, { at: 6000 }, { at: 1000, n: 2 }, { at: 3000 }]);
  await service.postEvents("dropped", [{ at: 5000 }, { at: 4000 }]);
  await service.settled();
});

test("late events can be read, in the order of the log, with their place in it", async () => {
  expect(await late("kept")).toEqual({
    items: [
      { offset: 2, time: "1970-01-01T00:00:02.000Z", data: { at: 2000, n: 1 } },
      { offset: 4, time: "1970-01-01T00:00:01.000Z", data: { at: 1000, n: 2 } },
      { offset: 5, time: "1970-01-01T00:00:03.000Z", data: { at: 3000 } },
    ],
    nextCursor: null,
  });
});

test("they are found by event time, and by pages", async () => {
  const times = async (query: string): Promise<number[]> => (await late("kept", query)).items.map((e) => e.offset);
  expect(await times("?from=1970-01-01T00:00:02Z")).toEqual([2, 5]);
  expect(await times("?from=2000&to=3000")).toEqual([2]);
  const { items, nextCursor } = await late("kept", "?limit=2");
  expect(items).toHaveLength(2);
  expect(await times(`?limit=2&cursor=${nextCursor}`)).toEqual([5]);
});

test("`late drop` only counts them", async () => {
  expect(await late("dropped")).toEqual({ items: [], nextCursor: null });
  expect((await service.call("GET /v1/streams/dropped")).json()).toMatchObject({ events: 2, late: 1 });
  expect((await service.call("GET /v1/streams/kept")).json()).toMatchObject({ events: 5, late: 3 });
});

test("of a stream that is not known there are none to read", async () => {
  const answer = await service.call("GET /v1/streams/kep/late");
  expect([answer.status, answer.json()["hint"]]).toEqual([404, "did you mean `kept`?"]);
  expect((await service.call("GET /v1/streams/kept/late?key=a")).status).toBe(400);
});
