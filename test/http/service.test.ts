import { expect, test } from "@jest/globals";
import { httpService, login, TWO_FAILURES } from "../support/http-service.ts";

const service = httpService();

test("a rule file is put, put again without effect, changed, shown and removed", async () => {
  const created = await service.postRules(TWO_FAILURES);
  expect(created.status).toBe(201);
  expect(created.json()).toEqual({
    changed: true,
    rules: [
      {
        name: "two_failures",
        version: 1,
        status: "active",
        change: "created",
        state: "new",
        activeFrom: 0,
        cost: expect.objectContaining({ states: 3, bounded: true }),
      },
    ],
    streams: [{ name: "logins", change: "created" }],
    warnings: [],
  });

  const again = await service.postRules(TWO_FAILURES);
  expect(again.status).toBe(200);
  expect(again.json()).toMatchObject({ changed: false, rules: [{ version: 1, change: "unchanged" }] });

  const changed = await service.postRules(TWO_FAILURES.replace("severity high", "severity low"));
  expect(changed.status).toBe(200);
  expect(changed.json()).toMatchObject({ changed: true, rules: [{ version: 2, change: "updated", activeFrom: 1 }] });

  const shown = await service.call("GET /v1/rules/two_failures");
  expect(shown.json()).toMatchObject({ name: "two_failures", version: 2, severity: "low", title: "Two failures" });
  expect((await service.call("GET /v1/rules")).json()).toEqual({ items: [shown.json()], nextCursor: null });

  const removed = await service.call("DELETE /v1/rules/two_failures");
  expect(removed.json()).toEqual({ name: "two_failures", offset: 2 });
  expect((await service.call("GET /v1/rules/two_failures")).status).toBe(404);
});

test("a refused rule file says where and why, and changes nothing", async () => {
  const refused = await service.postRules(TWO_FAILURES.replace("followedBy", "folowedBy"));
  expect(refused.status).toBe(422);
  const problem = refused.json<{ diagnostics: object[]; rendered: string }>();
  expect(problem).toMatchObject({ code: "rule-refused", diagnostics: [{ severity: "error", line: 11, column: 5 }] });
  expect(problem.rendered).toContain("11 |     folowedBy two");
  expect((await service.call("GET /v1/rules")).json()).toMatchObject({ items: [] });
});

test("a rule file can be checked without being put", async () => {
  const path = "POST /v1/rules/validate";
  const good = await service.call(path, { body: TWO_FAILURES, type: "text/plain; charset=utf-8" });
  expect(good.json()).toMatchObject({ valid: true, diagnostics: [], rules: ["two_failures"], streams: ["logins"] });
  const bad = await service.call(path, { body: "rule {" });
  expect(bad.status).toBe(200);
  expect(bad.json()).toMatchObject({ valid: false, diagnostics: [{ severity: "error" }] });
  expect((await service.call("GET /v1/rules")).json()).toMatchObject({ items: [] });
});

test("rules are paged by name", async () => {
  const rule = (name: string) => TWO_FAILURES.replace("rule two_failures", `rule ${name}`);
  for (const name of ["c", "a", "b"]) await service.postRules(rule(name));
  const first = (await service.call("GET /v1/rules?limit=2")).json<{ items: { name: string }[]; nextCursor: string }>();
  expect(first.items.map(({ name }) => name)).toEqual(["a", "b"]);
  const second = await service.call(`GET /v1/rules?limit=2&cursor=${first.nextCursor}`);
  expect(second.json()).toMatchObject({ items: [{ name: "c" }], nextCursor: null });
  for (const name of ["a", "b", "c"]) await service.call(`DELETE /v1/rules/${name}`);
});

test("events make alerts, which can be found and read", async () => {
  await service.postRules(TWO_FAILURES);
  const events = [login(1, "ann"), login(2, "bob"), login(3, "ann"), login(4, "bob", "success"), login(5, "bob")];
  const taken = await service.postEvents("logins", events);
  expect(taken.status).toBe(202);
  expect(taken.json()).toMatchObject({ accepted: 5, duplicates: 0, rejected: [], rejectedTotal: 0 });
  await service.settled();

  const found = (await service.call("GET /v1/alerts")).json<{ items: { id: string; key: string }[] }>();
  expect(found.items).toMatchObject([
    { rule: "two_failures", key: "bob", severity: "high", kind: "match", at: "2026-01-01T00:00:05.000Z" },
    { rule: "two_failures", key: "ann", emit: { from: "10.0.0.1" } },
  ]);
  expect((await service.call(`GET /v1/alerts/${found.items[0]!.id}`)).json()).toEqual(found.items[0]);
});

test("alerts are filtered by what they are about, and paged", async () => {
  const keys = async (filter: string): Promise<string[]> => {
    const answer = await service.call(`GET /v1/alerts?${filter}`);
    return answer.json<{ items: { key: string }[] }>().items.map(({ key }) => key);
  };
  expect(await keys("key=ann")).toEqual(["ann"]);
  expect(await keys("rule=two_failures&severity=high&kind=match")).toEqual(["bob", "ann"]);
  expect(await keys("severity=low")).toEqual([]);
  expect(await keys("from=2026-01-01T00:00:04Z")).toEqual(["bob"]);
  expect(await keys(`to=${Date.UTC(2026, 0, 1, 0, 0, 4)}`)).toEqual(["ann"]);

  const first = (await service.call("GET /v1/alerts?limit=1")).json<{ nextCursor: string }>();
  expect(await keys(`limit=1&cursor=${first.nextCursor}`)).toEqual(["ann"]);
});

test("a watermark advances event time, and `end` closes the stream", async () => {
  const advance = (time: unknown) =>
    service.call("POST /v1/streams/logins/watermark", { body: JSON.stringify({ time }), type: "application/json" });
  const { offset } = (await advance("2026-01-01T00:01:00Z")).json<{ offset: number }>();
  expect((await service.call("GET /v1/streams/logins")).json()).toMatchObject({
    name: "logins",
    declared: true,
    watermark: "2026-01-01T00:01:00.000Z",
    events: 5,
  });
  expect((await advance("end")).json()).toEqual({ stream: "logins", offset: offset + 1 });
  expect((await service.call("GET /v1/streams")).json()).toMatchObject({ items: [{ watermark: "end" }] });
  expect((await service.call("GET /v1/status")).json()).toMatchObject({ replaying: false, processed: offset + 2 });
});

test("events of many streams are posted together, each naming its own", async () => {
  await service.postRules("stream a { time at }\nstream b { time at }");
  const events = [
    { stream: "a", at: 1 },
    { stream: "b", at: 1 },
    { at: 2 },
    { stream: "c" },
    7,
    { stream: "a", at: "x" },
  ];
  const answer = await service.call("POST /v1/events", { body: JSON.stringify(events), type: "application/json" });
  expect(answer.status).toBe(202);
  expect(answer.json()).toMatchObject({
    accepted: 2,
    rejected: [
      { index: 2, code: "no-stream" },
      { index: 3, code: "unknown-stream", hint: "did you mean `a`?" },
      { index: 4, code: "no-stream" },
      { index: 5, code: "bad-time" },
    ],
  });
});

test("what was counted can be scraped", async () => {
  const { text, headers } = await service.call("GET /metrics");
  expect(headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const values = Object.fromEntries(text.split("\n").map((line) => line.split(/ (?=\S+$)/) as [string, string]));
  expect(values).toMatchObject({
    'tripline_events_accepted_total{stream="logins"}': "5",
    'tripline_events_rejected_total{stream="a"}': "1",
    'tripline_events_duplicates_total{stream="logins"}': "0",
    'tripline_events_late_total{stream="logins"}': "0",
    'tripline_alerts_total{rule="two_failures"}': "2",
    tripline_rules: "1",
    tripline_streams: "3",
    tripline_ready: "1",
    tripline_log_end_offset: values["tripline_log_processed_offset"],
    tripline_log_applied_offset: values["tripline_log_processed_offset"],
    tripline_log_lag_records: "0",
    'tripline_watermark_seconds{stream="a"}': "0",
    tripline_alerts_pruned_total: "0",
    'tripline_http_request_duration_seconds_count{method="GET",route="/v1/rules/:name",status="404"}': "1",
  });
});
