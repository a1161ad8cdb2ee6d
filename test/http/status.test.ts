import { expect, test } from "@jest/globals";
import { httpService, login, TWO_FAILURES } from "../support/http-service.ts";

const service = httpService();

test("the status of a service that nothing has come to", async () => {
  expect((await service.call("GET /v1/status")).json()).toEqual({
    logEnd: 0,
    applied: 0,
    processed: 0,
    replaying: false,
    lag: { records: 0, ms: 0 },
    counts: { rules: 0, streams: 0, lists: 0, keys: 0, partialMatches: 0 },
    inputs: [],
    restarts: 0,
    checkpoints: {
      completed: 0,
      failed: 0,
      consecutiveFailures: 0,
      isInProgress: false,
      last: null,
      lastFailure: null,
    },
    sink: null,
    troubles: [],
  });
});

test("the status tells how far it is, and what it holds", async () => {
  await service.postRules(TWO_FAILURES);
  await service.call("PUT /v1/lists/known", { body: '["ann"]', type: "application/json" });
  await service.postEvents("logins", [login(1, "ann"), login(2, "bob"), login(3, "bob", "success")]);
  await service.settled();
  expect((await service.call("GET /v1/status")).json()).toMatchObject({
    logEnd: 5,
    applied: 5,
    processed: 5,
    lag: { records: 0, ms: 0 },
    counts: { rules: 1, streams: 1, lists: 1, keys: 2, partialMatches: 2 },
  });
});

test("a stream tells how far its time has come, and when something came last", async () => {
  const before = Date.now();
  await service.postRules("stream quiet { time at  idle 1ms }  stream never { time at  idle off }");
  const status = async (name: string): Promise<Record<string, unknown>> =>
    (await service.call(`GET /v1/streams/${name}`)).json();
  expect(await status("quiet")).toMatchObject({ watermark: "beginning", lagMs: null, lastArrival: null, idle: true });
  expect(await status("never")).toMatchObject({ idle: false, ended: false });

  const logins = await status("logins");
  expect(logins).toMatchObject({ watermark: "2026-01-01T00:00:02.999Z", events: 3, idle: false, ended: false });
  const behind = Date.now() - Date.parse("2026-01-01T00:00:02.999Z");
  expect(logins["lagMs"]).toBeGreaterThan(behind - 60_000);
  expect(logins["lagMs"]).toBeLessThanOrEqual(behind);
  expect(Date.parse(logins["lastArrival"] as string)).toBeLessThanOrEqual(before);

  await service.call("POST /v1/streams/logins/watermark", { body: '{"time":"end"}', type: "application/json" });
  expect(await status("logins")).toMatchObject({ watermark: "end", lagMs: null, ended: true });
});

test("who holds time back is named: a stream of several, and since when its time stands still", async () => {
  await service.postRules(
    "stream fast { time at } stream slow { time at } rule both { from fast, slow pattern { begin e } }",
  );
  await service.postEvents("fast", [{ at: 1000 }]);
  await service.postEvents("slow", [{ at: 1500 }]);
  await service.postEvents("fast", [{ at: 5000 }]);
  await service.settled();
  const { inputs } = (await service.call("GET /v1/status")).json<{ inputs: { rules: string[] }[] }>();
  const held = { stream: "slow", partition: "http", watermark: "1970-01-01T00:00:01.499Z" };
  expect(inputs.filter(({ rules }) => rules.includes("both"))).toEqual([
    {
      streams: ["fast", "slow"],
      rules: ["both"],
      watermark: held.watermark,
      waiting: 1,
      heldBackBy: { ...held, since: expect.any(String) },
    },
  ]);
  expect((await service.call("GET /v1/streams/fast")).json()).toMatchObject({
    partitions: [{ name: "http", watermark: "1970-01-01T00:00:04.999Z", lastArrival: expect.any(String), idle: false }],
    heldBackBy: { stream: "fast", partition: "http", watermark: "1970-01-01T00:00:04.999Z" },
  });
});

// S10.19
test("a rule tells how many keys and windows it holds", async () => {
  await service.postRules("stream held { time at }  rule held { from held  key by k  window { tumbling 1m } }");
  const events = [1, 2, 61_000].flatMap((at) => ["a", "b"].map((k) => ({ at, k })));
  await service.postEvents("held", events.slice(0, -1));
  await service.settled();
  const { counts } = (await service.call("GET /v1/rules/held")).json<{ counts: object }>();
  expect(counts).toMatchObject({ keys: 1, windows: 1 });
  expect((await service.call("GET /metrics")).text).toContain('tripline_rule_windows{rule="held"} 1\n');
});
