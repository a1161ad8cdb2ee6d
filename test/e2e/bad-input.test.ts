/** Bad input over HTTP: each is answered with what is wrong, and what was good before and after it still counts. */

import { beforeAll, describe, expect, test } from "@jest/globals";
import type { Alert } from "../../src/engine/output.ts";
import { succeeded } from "../support/http-call.ts";
import type { ServiceProcess } from "./service-process.ts";
import { quickServices } from "./services.ts";

const RULE = `stream logins {
  time at
  id   n
}
rule two_failures {
  from logins
  key by user
  pattern {
    begin failed where type == "failure" times(2)
    within 1m
  }
}
`;
const JSON_TYPE = "application/json";
const NDJSON_TYPE = "application/x-ndjson";
const EVENTS = "POST /v1/streams/logins/events";

const startService = quickServices();
let service: ServiceProcess;
let ids = 0;

beforeAll(async () => {
  service = await startService();
  succeeded(await service.postRules(RULE));
});

function login(user: string, type = "failure"): { n: number; at: string; user: string; type: string } {
  return { n: ++ids, at: "2026-01-01T00:00:00Z", user, type };
}

/**
 * One failure before, one after: the alert is of these two, so nothing was lost. `bad` gives how many good events came with
 * the bad ones.
 */
async function between(bad: () => Promise<number>): Promise<void> {
  const user = `user${ids}`;
  const [before, after] = [login(user), login(user)];
  const { events } = await stream();
  succeeded(await service.postEvents("logins", [before]));
  const accepted = await bad();
  succeeded(await service.postEvents("logins", [after]));
  await service.settled();
  const alerts = (await service.call(`GET /v1/alerts?key=${user}`)).json<{ items: Alert[] }>().items;
  expect(alerts.map((alert) => alert.events["failed"]!.map(({ data }) => data))).toEqual([[before, after]]);
  expect((await stream()).events - events).toBe(2 + accepted);
}

async function stream(): Promise<{ events: number }> {
  return (await service.call("GET /v1/streams/logins")).json();
}

/** What is wrong with a refused request, as text. */
async function refusal(request: string, body: string, type: string): Promise<string> {
  const { status, json } = await service.call(request, { body, type });
  const { code, detail, hint } = json<Record<string, string>>();
  return `${status} ${code}: ${detail}${hint === undefined ? "" : ` | ${hint}`}`;
}

describe("a rule that is refused", () => {
  test.each([
    [
      "with a syntax error on line 7",
      RULE.replace("key by user", "key user"),
      { line: 7, column: 7, message: "`user` cannot stand here: expected `by`" },
    ],
    [
      "with a clause that there is not",
      RULE.replace("key by user", "sevrity high"),
      {
        line: 7,
        column: 3,
        message:
          "`sevrity` cannot stand here: expected a clause (`from`, `key by`, `pattern`, ...), `where`, `,` or `}`",
        hint: "did you mean `severity`?",
      },
    ],
  ])("%s: the answer names the place, and the rule that was there goes on", (_, source, diagnostic) =>
    between(async () => {
      const answer = await service.postRules(source);
      expect(answer.status).toBe(422);
      expect(answer.json()).toMatchObject({ code: "rule-refused", diagnostics: [diagnostic] });
      return 0;
    }),
  );
});

describe("a body that is refused", () => {
  test.each([
    ["that is no JSON", EVENTS, "user=ann", JSON_TYPE, /^400 bad-json: not JSON at line 1, column 1: found "user"/],
    ["that breaks off", EVENTS, '[{"n":1,', JSON_TYPE, /^400 bad-json: not JSON at line 1, column 9: found the end/],
    ["that is empty", EVENTS, "", JSON_TYPE, /^400 empty-body: the body is empty; expected .* \| with curl: /],
    ["that is no event", EVENTS, "7", JSON_TYPE, /^422 bad-body: the body is `7`; expected one event .* or an array/],
    ["of no known type", EVENTS, "<a/>", "text/xml", /^415 unsupported-media-type: /],
    [
      "for no stream",
      "POST /v1/streams/login/events",
      "{}",
      JSON_TYPE,
      /^404 unknown-stream: .*`login` \| did you mean `logins`\?$/,
    ],
    ["for no route", "POST /v1/event", "{}", JSON_TYPE, /^404 unknown-route: .* did you mean `\/v1\/events`\?/],
  ])("%s, is refused whole", (_, request, body, type, expected) =>
    between(async () => {
      expect(await refusal(request, body, type)).toMatch(expected);
      return 0;
    }),
  );
});

describe("a bad event", () => {
  test("among 10,000 lines rejects itself, by its index", () =>
    between(async () => {
      const lines = Array.from({ length: 10_000 }, (_, line) => JSON.stringify(login("somebody", `visit ${line}`)));
      lines[7_654] = '{"n":0,"at":';
      const { status, json } = await service.call(EVENTS, { body: lines.join("\n"), type: NDJSON_TYPE });
      expect([status, json()]).toMatchObject([
        202,
        {
          accepted: 9_999,
          rejectedTotal: 1,
          rejected: [{ index: 7_654, code: "bad-json", message: expect.stringContaining("line 7655") as unknown }],
        },
      ]);
      return 9_999;
    }));

  test.each([
    ["no time", { user: "ann" }, "missing-time", "the event has no `at`, which the stream declares as its time"],
    [
      "a time that is a word",
      { at: "soon" },
      "bad-time",
      '`at`: expected RFC 3339 text or whole epoch milliseconds, found "soon"',
    ],
    [
      "a time in seconds",
      { at: 1767225600.5 },
      "bad-time",
      "`at`: expected RFC 3339 text or whole epoch milliseconds, found 1767225600.5",
    ],
    [
      "a time that is no day",
      { at: "2026-02-30T00:00:00Z" },
      "bad-time",
      '`at`: expected RFC 3339 text or whole epoch milliseconds, found "2026-02-30T00:00:00Z"',
    ],
    ["no id", { at: 1 }, "missing-id", "the event has no `n`, which the stream declares as its id"],
    ["an object for an id", { at: 1, n: {} }, "bad-id", "`n`: expected a string or a number, found an object"],
    ["no object", [1], "not-an-object", "expected a JSON object, found an array"],
  ])("with %s rejects itself, alone", (_, event, code, message) =>
    between(async () => {
      const { status, json } = await service.call(EVENTS, {
        body: JSON.stringify([login("somebody"), event, login("someone")]),
        type: JSON_TYPE,
      });
      expect([status, json()]).toMatchObject([
        202,
        { accepted: 2, rejectedTotal: 1, rejected: [{ index: 1, code, message }] },
      ]);
      return 2;
    }),
  );

  test("that came before is a duplicate, and told as one", () =>
    between(async () => {
      const event = login("somebody", "visit");
      const { json } = await service.postEvents("logins", [event, event, event]);
      expect(json()).toMatchObject({ accepted: 1, duplicates: 2, rejectedTotal: 0 });
      return 1;
    }));
});
