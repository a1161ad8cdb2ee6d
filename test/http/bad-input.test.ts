import { beforeAll, describe, expect, test } from "@jest/globals";
import { httpService, TWO_FAILURES } from "../support/http-service.ts";

const service = httpService();
beforeAll(() => service.postRules(TWO_FAILURES));

const JSON_TYPE = "application/json";
const NDJSON_TYPE = "application/x-ndjson";

/** A request line, then its body's type and its body, if it has one; what the answer's status and detail are. */
type Case = readonly [request: string, type: string, body: string, expected: string];

async function check([request, type, body, expected]: Case): Promise<void> {
  const answer = await service.call(request, body === "" && type === "" ? {} : { type, body });
  const problem = answer.json<Record<string, string>>();
  expect(`${answer.status} ${problem["code"]}: ${problem["detail"]}${hint(problem["hint"])}`).toBe(expected);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(problem).toMatchObject({ type: `urn:tripline:problem:${problem["code"]}`, status: answer.status });
}

function hint(text: string | undefined): string {
  return text === undefined ? "" : ` | ${text}`;
}

const EVENTS = "POST /v1/streams/logins/events";
const PARAMETERS = "`rule`, `key`, `severity`, `kind`, `from`, `to`, `limit`, `cursor`";
const SAY_JSON = "say what the body is: `curl -H 'content-type: application/json' --data-binary ...`";
const TO_CURL = "with curl: `--data-binary @file`";

describe("bad input is answered with what was found, what was expected and what to try", () => {
  test.each<Case>([
    [
      "GET /v1/rule",
      "",
      "",
      "404 unknown-route: there is nothing at `/v1/rule` | did you mean `/v1/rules`? Every route is listed at /docs",
    ],
    [
      "GET /v1/stream/logins",
      "",
      "",
      "404 unknown-route: there is nothing at `/v1/stream/logins` | did you mean `/v1/streams/logins`? Every route is listed at /docs",
    ],
    [
      "GET /wp-admin/setup.php",
      "",
      "",
      "404 unknown-route: there is nothing at `/wp-admin/setup.php` | every route is listed at /docs",
    ],
    ["PATCH /v1/rules", "", "", "405 method-not-allowed: `/v1/rules` does not take PATCH; expected POST, GET, HEAD"],
    [
      "DELETE /v1/streams/logins",
      "",
      "",
      "405 method-not-allowed: `/v1/streams/logins` does not take DELETE; expected GET, PUT, HEAD",
    ],

    [
      "GET /v1/rules/two_failure",
      "",
      "",
      "404 unknown-rule: there is no rule `two_failure` | did you mean `two_failures`?",
    ],
    ["DELETE /v1/rules/nothing", "", "", "404 unknown-rule: there is no rule `nothing`"],
    ["GET /v1/streams/login", "", "", "404 unknown-stream: there is no stream `login` | did you mean `logins`?"],
    [
      "POST /v1/streams/login/events",
      JSON_TYPE,
      "{}",
      "404 unknown-stream: there is no stream `login` | did you mean `logins`?",
    ],
    [
      "POST /v1/streams/x/watermark",
      JSON_TYPE,
      '{"time":"end"}',
      "404 unknown-stream: there is no stream `x` | declare it with a `stream` block, or post a rule that reads it",
    ],
    ["GET /v1/alerts/nothing", "", "", "404 unknown-alert: there is no alert `nothing`"],
    ["GET /v1/deliveries/nothing", "", "", "404 unknown-delivery: there is no delivery `nothing`"],
    ["POST /v1/deliveries/nothing/retry", "", "", "404 unknown-delivery: there is no delivery `nothing`"],
    ["GET /v1/destinations/nothing", "", "", "404 unknown-destination: there is no destination `nothing`"],
    ["POST /v1/destinations/nothing/test", "", "", "404 unknown-destination: there is no destination `nothing`"],

    [
      "GET /v1/alerts?sevrity=high",
      "",
      "",
      `400 bad-parameter: query parameter \`sevrity\` is not known here; expected ${PARAMETERS}; did you mean \`severity\`?`,
    ],
    [
      "GET /v1/alerts?severity=urgent",
      "",
      "",
      '400 bad-parameter: query parameter `severity` is "urgent"; expected one of info, low, medium, high, critical',
    ],
    [
      "GET /v1/alerts?kind=x",
      "",
      "",
      '400 bad-parameter: query parameter `kind` is "x"; expected one of match, timeout, window, limit',
    ],
    [
      "GET /v1/alerts?limit=0",
      "",
      "",
      '400 bad-parameter: query parameter `limit` is "0"; expected a whole number from 1 to 1000',
    ],
    [
      "GET /v1/alerts?limit=1001",
      "",
      "",
      '400 bad-parameter: query parameter `limit` is "1001"; expected a whole number from 1 to 1000',
    ],
    [
      "GET /v1/alerts?limit=ten",
      "",
      "",
      '400 bad-parameter: query parameter `limit` is "ten"; expected a whole number from 1 to 1000',
    ],
    [
      "GET /v1/alerts?limit=1&limit=2",
      "",
      "",
      '400 bad-parameter: query parameter `limit` is "1" and "2"; expected a whole number from 1 to 1000',
    ],
    [
      "GET /v1/alerts?from=yesterday",
      "",
      "",
      '400 bad-parameter: query parameter `from` is "yesterday"; expected a time: RFC 3339 (2026-01-05T10:00:00Z) or epoch milliseconds',
    ],
    ["GET /v1/alerts?rule=", "", "", '400 bad-parameter: query parameter `rule` is ""; expected some text'],
    [
      "GET /v1/alerts?cursor=abc",
      "",
      "",
      '400 bad-cursor: the cursor "abc" is not one that this list gave | use nextCursor of the page before, as it is; or leave it out for the first page',
    ],
    [
      "GET /v1/rules?cursor=!",
      "",
      "",
      "400 bad-cursor: `!` is no cursor; expected the `nextCursor` of a page of this list | leave `cursor` away for the first page",
    ],
    [
      "GET /v1/deliveries?status=lost",
      "",
      "",
      '400 bad-parameter: query parameter `status` is "lost"; expected one of pending, waiting, delivered, dead',
    ],
    [
      "GET /v1/alerts/stream?lastEventId=x",
      "",
      "",
      '400 bad-parameter: the last event id is "x"; expected the `id` of an event of this stream | leave it away to start from now; `0` starts from the first alert',
    ],

    [
      EVENTS,
      "application/x-www-form-urlencoded",
      "{}",
      `415 unsupported-media-type: the body is \`application/x-www-form-urlencoded\`; expected \`application/json\`, \`application/x-ndjson\`, \`application/cloudevents+json\`, \`application/cloudevents-batch+json\` | ${SAY_JSON}`,
    ],
    [
      EVENTS,
      "application/json; charset=utf-16",
      "{}",
      "415 unsupported-media-type: the body's charset is `utf-16`; expected `utf-8`",
    ],
    [EVENTS, JSON_TYPE, "", `400 empty-body: the body is empty; expected a JSON document | ${TO_CURL}`],
    [
      EVENTS,
      JSON_TYPE,
      '{"a":1,}',
      '400 bad-json: not JSON at line 1, column 8: found "}", expected a field name in double quotes',
    ],
    [
      EVENTS,
      JSON_TYPE,
      '[{"a":1}\n,{b}]',
      '400 bad-json: not JSON at line 2, column 3: found "b", expected a field name in double quotes or `}`',
    ],
    [
      EVENTS,
      JSON_TYPE,
      "42",
      "422 bad-body: the body is `42`; expected one event (a JSON object) or an array of events",
    ],

    [
      "POST /v1/rules",
      JSON_TYPE,
      "{}",
      "415 unsupported-media-type: the body is `application/json`; expected `text/plain` | say what the body is: `curl -H 'content-type: text/plain' --data-binary ...`",
    ],
    [
      "POST /v1/rules",
      "text/plain",
      "",
      `400 empty-body: the body is empty; expected the text of a rule file | ${TO_CURL}`,
    ],

    [
      "POST /v1/streams/logins/watermark",
      JSON_TYPE,
      '{"time":"soon"}',
      '422 bad-body: `time` is "soon"; expected RFC 3339, epoch milliseconds or "end" | send `{"time": "2026-01-05T10:00:00Z"}`, or `{"time": "end"}` to close the stream',
    ],
    [
      "POST /v1/streams/logins/watermark",
      JSON_TYPE,
      "[]",
      '422 bad-body: `time` is null; expected RFC 3339, epoch milliseconds or "end" | send `{"time": "2026-01-05T10:00:00Z"}`, or `{"time": "end"}` to close the stream',
    ],

    ["PUT /v1/destinations/desk", JSON_TYPE, "{}", "422 bad-body: `url` is missing"],
    ["PUT /v1/destinations/desk", JSON_TYPE, "[]", "422 bad-body: the body is `[]`; expected a JSON object"],
    [
      "PUT /v1/destinations/desk",
      JSON_TYPE,
      '{"url":"ftp://x"}',
      '422 bad-body: `url` is "ftp://x"; expected an http or https URL',
    ],
    [
      "PUT /v1/destinations/desk",
      JSON_TYPE,
      '{"url":"https://a:b@x.test"}',
      '422 bad-body: `url` has a user name or a password in it, which logs and answers would show | send them as a header: `"headers": {"Authorization": "Basic ..."}`',
    ],
    [
      "PUT /v1/destinations/desk",
      JSON_TYPE,
      '{"url":"http://10.0.0.1/"}',
      "422 endpoint-refused: deliveries do not go there: 10.0.0.1 is not a public address | use a public address, or start the service with TRIPLINE_ALLOW_PRIVATE_WEBHOOKS=true, or =10.0.0.0/8 for a network",
    ],
    [
      "PUT /v1/destinations/desk",
      JSON_TYPE,
      '{"url":"https://x.test","secret":"hunter2"}',
      "422 bad-body: `secret`: expected `whsec_` and base64 of 24 to 64 bytes",
    ],
    [
      "PUT /v1/destinations/desk",
      JSON_TYPE,
      '{"url":"https://x.test","retries":-1}',
      "422 bad-body: `retries` is -1; expected a whole number from 0 to 30",
    ],
    [
      "PUT /v1/destinations/desk",
      JSON_TYPE,
      '{"url":"https://x.test","timeoutMs":0}',
      "422 bad-body: `timeoutMs` is 0; expected a whole number from 100 to 60000",
    ],
    [
      "PUT /v1/destinations/desk",
      JSON_TYPE,
      '{"url":"https://x.test","format":"xml"}',
      '422 bad-body: `format` is "xml"; expected "standard"',
    ],
    [
      "PUT /v1/destinations/desk",
      JSON_TYPE,
      '{"url":"https://x.test","headers":{"Host":"y"}}',
      "422 bad-body: `headers`: expected no header that deliveries set themselves",
    ],
    [
      "PUT /v1/destinations/desk",
      JSON_TYPE,
      '{"url":"https://x.test","headers":{"X":"a\\nb"}}',
      "422 bad-body: `headers.X`: expected header values in ASCII, without line breaks",
    ],
    [
      "PUT /v1/destinations/desk",
      JSON_TYPE,
      '{"url":"https://x.test","ulr":1}',
      "422 bad-body: `ulr` is not known here",
    ],
    [
      "PUT /v1/destinations/no-dash",
      JSON_TYPE,
      '{"url":"https://x.test"}',
      '422 bad-body: the name is "no-dash"; expected what a rule\'s `deliver` can name: letters, digits and `_`',
    ],
  ])("%s %s %s", (...it) => check(it));
});

test("what a method that is not known to a path could be is in `allow`", async () => {
  const answer = await service.call("PUT /v1/rules/a");
  expect(answer.status).toBe(405);
  expect(answer.headers.get("allow")).toBe("GET, DELETE, HEAD");
});

test("bytes that are not UTF-8 are refused, alone when they are in a line", async () => {
  const bad = Buffer.concat([Buffer.from('{"at":1,"user":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
  const whole = await service.call(EVENTS, { body: bad, type: JSON_TYPE });
  expect(whole.status).toBe(400);
  expect(whole.json()).toMatchObject({ code: "bad-encoding" });

  const lines = Buffer.concat([Buffer.from('{"at":1}\n'), bad, Buffer.from('\n{"at":2}\n')]);
  const answer = await service.call(EVENTS, { body: lines, type: NDJSON_TYPE });
  expect(answer.status).toBe(202);
  expect(answer.json()).toMatchObject({ accepted: 2, rejected: [{ index: 1, code: "bad-encoding" }] });
});

test("a content encoding that is not known here is refused, and what is gets named", async () => {
  const answer = await service.call(EVENTS, { body: "{}", type: JSON_TYPE, headers: { "content-encoding": "br" } });
  expect(answer.status).toBe(415);
  expect(answer.headers.get("accept-encoding")).toBe("gzip, identity");
});

test("gzip that is none, or that breaks off, is refused", async () => {
  const answer = await service.call(EVENTS, { body: "{}", type: JSON_TYPE, headers: { "content-encoding": "gzip" } });
  expect(answer.status).toBe(400);
  expect(answer.json()).toMatchObject({ code: "bad-encoding" });
});
