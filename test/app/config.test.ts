import { describe, expect, test } from "@jest/globals";
import { readConfig, type Config } from "../../src/app/config.ts";
import { UserError } from "../../src/core/errors.ts";

/** Settings as one line: variables, then flags. `PORT=1 --host ::1`. */
function read(line: string): Config {
  const words = line.split(" ").filter((word) => word !== "");
  const first = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
  const variables = first < 0 ? words : words.slice(0, first);
  const env = Object.fromEntries(variables.map((word) => word.split(/=(.*)/s).slice(0, 2) as [string, string]));
  return readConfig({ args: first < 0 ? [] : words.slice(first), env });
}

function check(line: string, expected: Partial<Config>): void {
  expect(read(line)).toMatchObject(expected);
}

function refusal(line: string): string {
  try {
    read(line);
  } catch (error) {
    if (error instanceof UserError) return [error.message, error.hint].join(" | ");
    throw error;
  }
  return "taken";
}

test("without any setting: loopback, port 8080, the embedded Postgres, no token", () => {
  expect(read("")).toEqual({
    port: 8080,
    parallelism: 1,
    host: "127.0.0.1",
    dataDir: "./data",
    databaseUrl: null,
    rulesDir: "rules/",
    logLevel: "info",
    privateWebhooks: false,
    token: null,
    hosts: [],
    checkpointFolder: null,
    checkpoints: {
      intervalMs: 10_000,
      minPauseMs: 1000,
      timeoutMs: 600_000,
      tolerableFailures: null,
      retained: 3,
      onShutdown: true,
    },
    restarts: { kind: "failureRate", failuresMax: 3, intervalMs: 300_000, delayMs: 1000 },
    setsPoisonAside: false,
    logRetention: { maxAgeMs: null, maxBytes: null },
    alertRetention: { alertsMs: null, deliveriesMs: null },
    alertSink: null,
    crashAt: null,
  });
});

test.each<readonly [string, number]>([
  ["1ms", 1],
  ["90s", 90_000],
  ["1h30m", 5_400_000],
  ["30d", 2_592_000_000],
])("the log is kept for %s", (text, maxAgeMs) => {
  check(`TRIPLINE_LOG_KEEP=${text}`, { logRetention: { maxAgeMs, maxBytes: null } });
});

test.each<readonly [string, number]>([
  ["0B", 0],
  ["500MB", 500_000_000],
  ["20gb", 20_000_000_000],
  ["2GiB", 2_147_483_648],
])("the log may grow to %s", (text, maxBytes) => {
  check(`TRIPLINE_LOG_KEEP_BYTES=${text}`, { logRetention: { maxAgeMs: null, maxBytes } });
});

test.each<readonly [string, number | null]>([
  ["", null],
  ["0", null],
  ["0d", null],
  ["90d", 7_776_000_000],
])("alerts and deliveries are kept for %j", (text, ms) => {
  check(`TRIPLINE_ALERTS_KEEP=${text}`, { alertRetention: { alertsMs: ms, deliveriesMs: null } });
  check(`TRIPLINE_DELIVERIES_KEEP=${text}`, { alertRetention: { alertsMs: null, deliveriesMs: ms } });
});

test.each([
  ["TRIPLINE_ALERTS_KEEP=30", 'TRIPLINE_ALERTS_KEEP is "30"; expected a duration such as 30d or 12h'],
  ["TRIPLINE_LOG_KEEP=30", 'TRIPLINE_LOG_KEEP is "30"; expected a duration such as 30d or 12h'],
  ["TRIPLINE_LOG_KEEP=-1d", 'TRIPLINE_LOG_KEEP is "-1d"; expected a duration such as 30d or 12h'],
  ["TRIPLINE_LOG_KEEP_BYTES=20", 'TRIPLINE_LOG_KEEP_BYTES is "20"; expected a size such as 500MB or 20GiB'],
  ["TRIPLINE_LOG_KEEP_BYTES=1.5GB", 'TRIPLINE_LOG_KEEP_BYTES is "1.5GB"; expected a size such as 500MB or 20GiB'],
])("%s is refused", (line, message) => {
  expect(refusal(line)).toContain(message);
});

test("a flag wins over its variable, and an empty variable is none", () => {
  check("PORT=1 --port 2", { port: 2 });
  check("PORT=1 --port=2", { port: 2 });
  check("PORT= LOG_LEVEL=", { port: 8080, logLevel: "info" });
});

test("every setting can be given", () => {
  check("--host ::1 --data /d --rules /r", { host: "::1", dataDir: "/d", rulesDir: "/r" });
  check("TRIPLINE_DATA=/d TRIPLINE_RULES=/r LOG_LEVEL=DEBUG", { dataDir: "/d", rulesDir: "/r", logLevel: "debug" });
  check("DATABASE_URL=postgres://a:b@c/d", { databaseUrl: "postgres://a:b@c/d" });
  check("TRIPLINE_HOSTS=tripline.test,box", { hosts: ["tripline.test", "box"] });
  check("TRIPLINE_ALLOW_PRIVATE_WEBHOOKS=1", { privateWebhooks: true });
  check("TRIPLINE_ALERT_SINK_URL=postgres://a:b@c/d", {
    alertSink: { url: "postgres://a:b@c/d", mode: "idempotent", name: null },
  });
  check("TRIPLINE_ALERT_SINK_URL=postgresql:///d TRIPLINE_ALERT_SINK=two-phase TRIPLINE_ALERT_SINK_NAME=site-1", {
    alertSink: { url: "postgresql:///d", mode: "two-phase", name: "site-1" },
  });
  check("TRIPLINE_CRASH_AT=log.committed:17", { crashAt: { point: "log.committed", pass: 17 } });
  check("TRIPLINE_ALLOW_PRIVATE_WEBHOOKS=10.0.0.0/8,fd00::/8", { privateWebhooks: ["10.0.0.0/8", "fd00::/8"] });
});

test("a host that others can reach needs a token", () => {
  expect(refusal("--host 0.0.0.0")).toMatch(/^0\.0\.0\.0 can be reached by others.*TRIPLINE_TOKEN/);
  expect(refusal("TRIPLINE_HOST=:: --port 1")).toMatch(/^:: can be reached/);
  check("TRIPLINE_TOKEN=t --host 0.0.0.0", { host: "0.0.0.0", token: "t" });
  check("--host localhost", { host: "localhost" });
});

describe("a bad setting is named as it was given, with what was expected", () => {
  test.each([
    ["--port abc", '--port is "abc"; expected a port: a whole number from 0 to 65535'],
    ["PORT=65536", 'PORT is "65536"; expected a port'],
    ["PORT=-1", 'PORT is "-1"; expected a port'],
    ["--port", '--port is ""; expected a value'],
    [
      "--prot 1",
      "`--prot` is not known; expected --port, --host, --data, --rules, --parallelism | did you mean --port?",
    ],
    ["--parallelism 0", '--parallelism is "0"; expected a whole number from 1 to 128'],
    ["extra", "`extra` is not known"],
    ["--host a/b", '--host is "a/b"; expected an address or a host name'],
    ["LOG_LEVEL=loud", 'LOG_LEVEL is "loud"; expected one of trace, debug'],
    ["DATABASE_URL=mysql://u:secret@h/d", "DATABASE_URL is a URL of the scheme `mysql:`; expected postgres://"],
    ["DATABASE_URL=secret", "DATABASE_URL is no URL; expected postgres://"],
    ["TRIPLINE_ALLOW_PRIVATE_WEBHOOKS=10.0.0.0/33", "TRIPLINE_ALLOW_PRIVATE_WEBHOOKS is "],
    ["TRIPLINE_ALLOW_PRIVATE_WEBHOOKS=maybe", "TRIPLINE_ALLOW_PRIVATE_WEBHOOKS is "],
    ["TRIPLINE_CRASH_AT=log.committed", 'TRIPLINE_CRASH_AT is "log.committed"; expected a fault point'],
    ["TRIPLINE_CRASH_AT=log.comitted:1", 'TRIPLINE_CRASH_AT is "log.comitted:1"; expected a fault point'],
    ["TRIPLINE_CRASH_AT=log.committed:0", 'TRIPLINE_CRASH_AT is "log.committed:0"; expected a fault point'],
    [
      "TRIPLINE_ALERT_SINK_URL=https://u:secret@h/d",
      "TRIPLINE_ALERT_SINK_URL is a URL of the scheme `https:`; expected",
    ],
    [
      "TRIPLINE_ALERT_SINK=two-phase",
      "TRIPLINE_ALERT_SINK_URL does not say which | set TRIPLINE_ALERT_SINK_URL=postgres:",
    ],
    [
      "TRIPLINE_ALERT_SINK_URL=postgres://a/b TRIPLINE_ALERT_SINK=kafka",
      'TRIPLINE_ALERT_SINK is "kafka"; expected idempotent or two-phase',
    ],
    ["TRIPLINE_ALERT_SINK_NAME=a:b", 'TRIPLINE_ALERT_SINK_NAME is "a:b"; expected 1 to 40 letters'],
    ["TRIPLINE_TOKEN=sécret", "TRIPLINE_TOKEN has characters that a header cannot carry"],
    ["TRIPLINE_HOSTS=a:1", 'TRIPLINE_HOSTS is "a:1"; expected host names'],
  ])("%s", (line, expected) => {
    expect(refusal(line)).toContain(expected);
    expect(refusal(line)).not.toMatch(/secret|sécret/);
  });
});
