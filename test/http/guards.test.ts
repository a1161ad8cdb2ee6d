import { request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "@jest/globals";
import { httpService } from "../support/http-service.ts";

const open = httpService({ hosts: ["tripline.test"] });
const guarded = httpService({ hosts: null, token: "s3cret" });

/** `fetch` does not let a test say `Host` or `Origin`. */
async function status(url: string, headers: Record<string, string>, method = "GET"): Promise<number> {
  return await new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { connection: "close", ...headers } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode!);
    });
    sent.once("error", reject).end();
  });
}

describe("without a token, on loopback", () => {
  test.each([
    ["localhost:1234", 200],
    ["127.0.0.1", 200],
    ["127.9.9.9:80", 200],
    ["[::1]:8080", 200],
    ["app.localhost", 200],
    ["LOCALHOST", 200],
    ["tripline.test:8080", 200],
    ["evil.test", 403],
    ["localhost.evil.test", 403],
    ["127.0.0.1.evil.test", 403],
    ["tripline.test.evil.test", 403],
    ["10.0.0.1", 403],
  ])("the host %s is answered %d", async (host, expected) => {
    expect(await status(`${open.url}/v1/rules`, { host })).toBe(expected);
    expect(await status(`${open.url}/metrics`, { host })).toBe(expected);
  });

  test.each<[string, Record<string, string>, number]>([
    ["no browser", {}, 415],
    ["the address bar", { "sec-fetch-site": "none" }, 415],
    ["a page of this service", { "sec-fetch-site": "same-origin", origin: "http://localhost:1" }, 415],
    ["a page of another site", { "sec-fetch-site": "cross-site", origin: "https://evil.test" }, 403],
    ["another service on this machine", { "sec-fetch-site": "same-site", origin: "http://localhost:1" }, 403],
    ["an old browser, a page of this service", { host: "localhost:1", origin: "http://localhost:1" }, 415],
    ["an old browser, a page of another site", { host: "localhost:1", origin: "https://evil.test" }, 403],
    ["a page without an origin", { origin: "null" }, 403],
  ])("a change that comes from %s", async (_from, headers, expected) => {
    // 415 is what the handler itself says: the guards have let it through.
    const type = { "content-type": "application/xml" };
    expect(await status(`${open.url}/v1/rules`, { ...type, ...headers }, "POST")).toBe(expected);
  });

  test("a page of another site may not read either: there is no CORS", async () => {
    const { headers } = await open.call("GET /v1/rules", { headers: { origin: "https://evil.test" } });
    expect(headers.get("access-control-allow-origin")).toBeNull();
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });
});

describe("with a token", () => {
  const cases: [string | undefined, number][] = [
    ["Bearer s3cret", 200],
    ["bearer s3cret", 200],
    [undefined, 401],
    ["Bearer", 401],
    ["Bearer s3cre", 401],
    ["Bearer s3cretx", 401],
    ["Basic s3cret", 401],
    ["s3cret", 401],
  ];

  test.each(cases)("authorization %j is answered %d", async (authorization, expected) => {
    const answer = await guarded.call("GET /v1/rules", {
      headers: authorization === undefined ? {} : { authorization },
    });
    expect(answer.status).toBe(expected);
    expect(answer.headers.get("www-authenticate") !== null).toBe(expected === 401);
    expect(answer.text).not.toContain("s3cret");
  });

  test("what does not exist under /v1 is not told without it", async () => {
    expect((await guarded.call("GET /v1/nothing")).status).toBe(401);
    expect((await guarded.call("POST /v1/streams/a/events", { body: "{}" })).status).toBe(401);
  });

  test.each(["/healthz", "/readyz", "/metrics", "/openapi.json", "/docs", "/"])("%s needs none", async (path) => {
    expect((await guarded.call(`GET ${path}`)).status).toBe(200);
  });

  test("the service may have any name", async () => {
    expect(await status(`${guarded.url}/healthz`, { host: "tripline.example.com" })).toBe(200);
  });
});

describe("while the service is not ready", () => {
  test("it is up, says why it is not ready, and /v1 asks to try again", async () => {
    const { backend } = open;
    open.backend = null;
    expect((await open.call("GET /healthz")).json()).toEqual({ status: "ok" });
    const readyz = await open.call("GET /readyz");
    expect(readyz.status).toBe(503);
    expect(readyz.json()).toEqual({ ready: false, reasons: ["the log is being read again"] });
    const refused = await open.call("GET /v1/rules");
    expect(refused.status).toBe(503);
    expect(refused.json()).toMatchObject({ code: "not-ready", detail: "the log is being read again" });
    expect(refused.headers.get("retry-after")).toBe("1");
    expect((await open.call("GET /metrics")).text).toContain("\ntripline_ready 0\n");
    open.backend = backend;
    expect((await open.call("GET /readyz")).status).toBe(200);
  });
});

/** What a client gets that writes this on the wire. */
async function wire(request: string): Promise<string> {
  const socket = connect(Number(new URL(open.url).port), "127.0.0.1");
  socket.write(request);
  return await text(socket);
}

test.each([
  ["no HTTP at all", "HELO there\r\n\r\n", 400, "bad-request"],
  ["headers without end", `GET /${"a".repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431, "headers-too-large"],
  ["a host that is none", "GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n", 400, "bad-request"],
  [
    "a chunk that is none",
    "POST /v1/rules HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    400,
    "bad-request",
  ],
])("%s is answered with a problem too", async (_name, request, status, code) => {
  const [head = "", body = ""] = (await wire(request)).split("\r\n\r\n");
  expect(head).toContain(`HTTP/1.1 ${status} `);
  expect(head).toContain("content-type: application/problem+json");
  expect(body).toContain(`"code":"${code}"`);
});

test("an error of ours is a 500 that says nothing but where to look", async () => {
  const { backend } = open;
  const broken = { list: () => Promise.reject(new Error("password=hunter2")) };
  open.backend = { ...backend!, alerts: broken as unknown as NonNullable<typeof backend>["alerts"] };
  const answer = await open.call("GET /v1/alerts");
  open.backend = backend;
  expect(answer.status).toBe(500);
  expect(answer.json()).toMatchObject({ code: "internal", requestId: answer.headers.get("x-request-id") });
  expect(answer.text).not.toContain("hunter2");
  expect(open.logged).toEqual(["unexpected error"]);
});

test("an error while the service is not ready is a 503, to be tried again", async () => {
  const { backend } = open;
  const broken = { list: () => Promise.reject(new Error("terminating connection, password=hunter2")) };
  const service = Object.create(backend!.service) as NonNullable<typeof backend>["service"];
  service.troubles = () => ["the database is away"];
  open.backend = { ...backend!, service, alerts: broken as unknown as NonNullable<typeof backend>["alerts"] };
  const answer = await open.call("GET /v1/alerts");
  open.backend = backend;
  expect(answer.status).toBe(503);
  expect(answer.headers.get("retry-after")).toBe("1");
  expect(answer.json()).toMatchObject({ code: "not-ready", detail: "the database is away" });
  expect(answer.text).not.toContain("hunter2");
});
