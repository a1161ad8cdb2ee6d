import { describe, expect, test } from "@jest/globals";
import { httpService, login, TWO_FAILURES, type Answer } from "../support/http-service.ts";

const service = httpService();

function send(request: string, body: unknown): Promise<Answer> {
  return service.call(request, { body: JSON.stringify(body), type: "application/json" });
}

/** Keys of the alerts, the oldest first. */
async function alerted(): Promise<string[]> {
  await service.settled();
  const { items } = (await service.call("GET /v1/alerts")).json<{ items: { key: string }[] }>();
  return items.map(({ key }) => key).reverse();
}

// S9.15
describe("a rule that is paused", () => {
  test("takes no events and keeps its state; resumed, it goes on with it", async () => {
    await service.postRules(TWO_FAILURES);
    await service.postEvents("logins", [login(1, "ann"), login(2, "bob")]);
    const paused = await service.call("POST /v1/rules/two_failures/pause");
    expect([paused.status, paused.json()]).toEqual([
      200,
      { name: "two_failures", version: 1, status: "paused", changed: true, offset: 3 },
    ]);
    expect((await service.call("GET /v1/rules/two_failures")).json()).toMatchObject({ status: "paused" });
    await service.postEvents("logins", [login(3, "ann")]);
    expect(await alerted()).toEqual([]);

    expect((await service.call("POST /v1/rules/two_failures/resume")).json()).toEqual({
      name: "two_failures",
      version: 1,
      status: "active",
      changed: true,
      offset: 5,
    });
    await service.postEvents("logins", [login(4, "ann")]);
    expect(await alerted()).toEqual(["ann"]);
  });

  test("and paused again is as it was; so is one that is resumed twice", async () => {
    const { logEnd } = (await service.call("GET /v1/status")).json<{ logEnd: number }>();
    expect((await service.call("POST /v1/rules/two_failures/resume")).json()).toMatchObject({ changed: false });
    expect((await service.call("GET /v1/status")).json()).toMatchObject({ logEnd });
  });

  test("drops what became due meanwhile, and counts it", async () => {
    await service.call("POST /v1/rules/two_failures/pause");
    await service.postEvents("logins", [login(200, "eve")]); // a minute and more after bob's failure
    await service.call("POST /v1/rules/two_failures/resume");
    await service.postEvents("logins", [login(201, "bob")]);
    expect(await alerted()).toEqual(["ann"]);
    const { counts } = (await service.call("GET /v1/rules/two_failures")).json<{ counts: Record<string, number> }>();
    expect(counts).toMatchObject({ droppedWhilePaused: 1, timeouts: 0 });
  });

  test("that is not there is told", async () => {
    for (const what of ["pause", "resume"]) {
      const answer = await service.call(`POST /v1/rules/two_failure/${what}`);
      expect([answer.status, answer.json()["hint"]]).toEqual([404, "did you mean `two_failures`?"]);
    }
  });
});

// S9.17
describe("the versions of a rule", () => {
  const LOW = TWO_FAILURES.replace("severity high", "severity low");

  interface Version {
    readonly version: number;
    readonly source: string;
    readonly activeFrom: number;
    readonly activeTo: number | null;
  }

  async function versions(query = ""): Promise<Version[]> {
    return (await service.call(`GET /v1/rules/two_failures/versions${query}`)).json<{ items: Version[] }>().items;
  }

  test("are all there, each with its text and its time in the log", async () => {
    await service.postRules(LOW);
    const found = await versions();
    expect(found).toMatchObject([
      { version: 1, activeFrom: 0, activeTo: found[1]!.activeFrom },
      { version: 2, activeTo: null },
    ]);
    expect(found.map(({ source }) => /severity \w+/.exec(source)![0])).toEqual(["severity high", "severity low"]);
    expect(await versions("?limit=1")).toMatchObject([{ version: 1 }]);
  });

  test("an earlier one is put again under the next number", async () => {
    const back = await send("POST /v1/rules/two_failures/rollback", { version: 1 });
    expect([back.status, back.json()]).toMatchObject([
      200,
      { changed: true, rules: [{ name: "two_failures", version: 3, change: "updated" }] },
    ]);
    expect((await service.call("GET /v1/rules/two_failures")).json()).toMatchObject({ severity: "high", version: 3 });
    expect((await versions()).map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  test("the one that is active already is not put again", async () => {
    const back = await send("POST /v1/rules/two_failures/rollback", { version: 3 });
    expect(back.json()).toMatchObject({ changed: false, rules: [{ version: 3, change: "unchanged" }] });
  });

  test("stay when the rule is removed, and bring it back", async () => {
    await service.call("DELETE /v1/rules/two_failures");
    expect((await versions()).every(({ activeTo }) => activeTo !== null)).toBe(true);
    const back = await send("POST /v1/rules/two_failures/rollback", { version: 2 });
    expect(back.json()).toMatchObject({ rules: [{ version: 4, change: "created" }] });
    expect((await service.call("GET /v1/rules/two_failures")).json()).toMatchObject({ severity: "low" });
  });

  test("one whose text does not go with its streams any more is refused", async () => {
    await service.postRules(
      "stream shaped { schema { n: number } } rule r { from shaped pattern { begin a where n > 1 } }",
    );
    await service.call("DELETE /v1/rules/r");
    await service.postRules("stream shaped { schema { m: number } }");
    const refused = await send("POST /v1/rules/r/rollback", { version: 1 });
    expect(refused.status).toBe(422);
    expect(refused.json()).toMatchObject({ code: "rule-refused", diagnostics: [{ code: "E301" }] });
    expect(refused.json()["rendered"]).toContain("where n > 1");
  });

  test.each<[request: string, body: unknown, expected: readonly [number, string]]>([
    ["GET /v1/rules/nothing/versions", undefined, [404, "there is no rule `nothing`"]],
    ["POST /v1/rules/nothing/rollback", { version: 1 }, [404, "there is no rule `nothing`"]],
    [
      "POST /v1/rules/two_failures/rollback",
      { version: 9 },
      [404, "the rule `two_failures` has no version 9; it has 1 to 4"],
    ],
    ["POST /v1/rules/two_failures/rollback", {}, [422, "`version` is null; expected a whole number from 1"]],
    [
      "POST /v1/rules/two_failures/rollback",
      { version: "1" },
      [422, '`version` is "1"; expected a whole number from 1'],
    ],
  ])("%s %j", async (request, body, expected) => {
    const answer = body === undefined ? await service.call(request) : await send(request, body);
    expect([answer.status, answer.json()["detail"]]).toEqual(expected);
  });
});

// S9.16
describe("a rule that is changed so that it matches otherwise", () => {
  const rule = (second: string, within = "within 1m"): string =>
    `stream s { time at } rule changing { from s  key by k  pattern { begin a where t == "a"  followedBy b where t == "${second}"  ${within} } }`;
  const post = (source: string, query = ""): Promise<Answer> =>
    service.call(`POST /v1/rules${query}`, { body: source, type: "text/plain" });
  const found = async (): Promise<number[]> => {
    await service.settled();
    const { items } = (await service.call("GET /v1/alerts?rule=changing")).json<{ items: { version: number }[] }>();
    return items.map(({ version }) => version).reverse();
  };

  test("drops what it had begun, and says so", async () => {
    await post(rule("b"));
    await service.postEvents("s", [{ at: 1000, k: 1, t: "a" }]);
    const changed = await post(rule("c"));
    expect(changed.json()).toMatchObject({ rules: [{ version: 2, state: "dropped" }] });
    await service.postEvents("s", [{ at: 2000, k: 1, t: "b" }]);
    expect(await found()).toEqual([]);
  });

  test("lets it finish under the old version, where it is told to drain", async () => {
    await service.postEvents("s", [{ at: 3000, k: 2, t: "a" }]);
    const changed = await post(rule("d"), "?on_change=drain");
    expect(changed.json()).toMatchObject({ rules: [{ version: 3, state: "draining" }] });
    await service.postEvents("s", [
      { at: 4000, k: 2, t: "c" },
      { at: 5000, k: 3, t: "a" },
      { at: 6000, k: 3, t: "c" },
      { at: 7000, k: 3, t: "d" },
    ]);
    expect(await found()).toEqual([2, 3]);
  });

  test("cannot drain without `within`", async () => {
    await post(rule("e", ""));
    const refused = await post(rule("f"), "?on_change=drain");
    expect(refused.status).toBe(422);
    expect(refused.json()).toMatchObject({
      code: "rule-refused",
      diagnostics: [{ code: "E402", message: expect.stringContaining("`changing` cannot drain") }],
    });
    expect((await post(rule("f"))).status).toBe(200);
  });

  test("keeps what it had begun where only what is said about a match differs", async () => {
    const changed = await post(rule("f").replace("key by", "severity low  key by"), "?on_change=drain");
    expect(changed.json()).toMatchObject({ rules: [{ change: "updated", state: "kept" }] });
    expect((await post(rule("f"), "?on_change=keep")).status).toBe(400);
  });
});
