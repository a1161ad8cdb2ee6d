/** Settings of the service, from flags and the environment: checked once, at the start, each with a message of its own. */

import { isIP } from "node:net";
import { parseArgs } from "node:util";
import { UserError } from "../core/errors.ts";
import { KEY_GROUPS } from "../core/key-group.ts";
import { nearest } from "../core/nearest.ts";
import type { AlertRetention } from "../engine/log/alert-retention.ts";
import type { LogRetention } from "../engine/log/log-retention.ts";
import type { CheckpointSettings } from "../engine/checkpoint/checkpoint-settings.ts";
import type { RestartStrategy } from "../core/restart-strategy.ts";
import {
  ALERT_SINK_SETTINGS,
  EXPECTED_OF_SINKS,
  parseSinkMode,
  parseSinkName,
  sinkWithoutUrl,
  type AlertSinkConfig,
} from "./alert-sink-settings.ts";
import {
  EXPECTED,
  parseCount,
  parseInterval,
  parseMode,
  parsePoison,
  parseRestart,
  parseYes,
  RECOVERY_SETTINGS,
} from "./recovery-settings.ts";
import { FAULT_POINTS, parseCrash, type Crash } from "./fault-points.ts";
import { parseDuration, parseSize } from "./quantities.ts";
import { EXPECTED_OF_RETENTION, parseKeep, RETENTION_SETTINGS } from "./retention-settings.ts";

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Config {
  /** 0: any that is free. */
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  /** Null: the embedded Postgres, in the data folder. */
  readonly databaseUrl: string | null;
  readonly rulesDir: string;
  readonly logLevel: LogLevel;
  /** What webhooks may be posted to beside public addresses: nothing, everything, or these networks (CIDR). */
  readonly privateWebhooks: boolean | readonly string[];
  readonly token: string | null;
  /** Names that `Host` may have beside the loopback ones. */
  readonly hosts: readonly string[];
  /** Null: checkpoints are in the database. */
  readonly checkpoints: CheckpointSettings;
  readonly restarts: RestartStrategy;
  /** Whether a record that the engine fails on again and again is set aside; otherwise it stops there. */
  readonly setsPoisonAside: boolean;
  readonly checkpointFolder: string | null;
  /** Threads that share keyed work; 1: the engine does all of it. */
  readonly parallelism: number;
  /** Null: alerts go to the alert store and nowhere else. */
  readonly alertSink: AlertSinkConfig | null;
  /** What is older, or more, goes from the log, as far as no checkpoint needs it. */
  readonly logRetention: LogRetention;
  readonly alertRetention: AlertRetention;
  /** Null but in crash tests. */
  readonly crashAt: Crash | null;
}

interface Setting {
  /** Without its dashes. */
  readonly flag?: string;
  readonly variable: string;
  readonly value: string;
  readonly help: string;
}

export const SETTINGS = {
  port: { flag: "port", variable: "PORT", value: "8080", help: "the port to listen on; 0 takes any that is free" },
  host: { flag: "host", variable: "TRIPLINE_HOST", value: "127.0.0.1", help: "the address to listen on" },
  data: { flag: "data", variable: "TRIPLINE_DATA", value: "./data", help: "the folder of the embedded Postgres" },
  rules: {
    flag: "rules",
    variable: "TRIPLINE_RULES",
    value: "rules/",
    help: "a folder of .rule files to load at the start",
  },
  database: { variable: "DATABASE_URL", value: "", help: "a Postgres to use instead of the embedded one" },
  token: { variable: "TRIPLINE_TOKEN", value: "", help: "a bearer token that all of /v1 then needs" },
  hosts: {
    variable: "TRIPLINE_HOSTS",
    value: "",
    help: "more names that requests may call this service by, with commas",
  },
  webhooks: {
    variable: "TRIPLINE_ALLOW_PRIVATE_WEBHOOKS",
    value: "false",
    help: "whether webhooks may go to private addresses: true, false, or networks (10.0.0.0/8,...)",
  },
  checkpoints: {
    variable: "TRIPLINE_CHECKPOINT_FOLDER",
    value: "",
    help: "a folder for checkpoints; they are in the database, if empty",
  },
  ...RECOVERY_SETTINGS,
  parallelism: {
    flag: "parallelism",
    variable: "TRIPLINE_PARALLELISM",
    value: "1",
    help: "how many threads share the work on keys",
  },
  ...RETENTION_SETTINGS,
  ...ALERT_SINK_SETTINGS,
  log: { variable: "LOG_LEVEL", value: "info", help: LOG_LEVELS.join(", ") },
  crash: {
    variable: "TRIPLINE_CRASH_AT",
    value: "",
    help: "for crash tests only: where the process kills itself (log.committed:17)",
  },
} as const satisfies Record<string, Setting>;

export interface ConfigInput {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** UserError `bad-setting` about the first setting that is wrong. */
export function readConfig({ args, env }: ConfigInput): Config {
  const flags = parseFlags(args);
  const given = (setting: Setting): Given => {
    const flag = setting.flag === undefined ? undefined : flags[setting.flag];
    if (flag !== undefined) return { text: flag, from: `--${setting.flag}` };
    // An empty variable is as good as none: that is how shells and compose files unset one.
    return { text: env[setting.variable] || setting.value, from: setting.variable };
  };
  const config: Config = {
    port: port(given(SETTINGS.port)),
    host: host(given(SETTINGS.host)),
    dataDir: folder(given(SETTINGS.data)),
    databaseUrl: databaseUrl(given(SETTINGS.database), "leave it away to use the embedded Postgres"),
    rulesDir: folder(given(SETTINGS.rules)),
    logLevel: logLevel(given(SETTINGS.log)),
    privateWebhooks: privateWebhooks(given(SETTINGS.webhooks)),
    token: token(given(SETTINGS.token)),
    hosts: hosts(given(SETTINGS.hosts)),
    checkpoints: {
      intervalMs: read(given(SETTINGS.checkpointInterval), parseInterval, EXPECTED.interval).ms,
      minPauseMs: read(given(SETTINGS.checkpointPause), parseDuration, EXPECTED.duration),
      timeoutMs: read(given(SETTINGS.checkpointTimeout), parseDuration, EXPECTED.duration),
      tolerableFailures: quantity(
        given(SETTINGS.checkpointFailures),
        (text) => parseCount(text, { from: 0, to: 1_000_000 }),
        EXPECTED.failures,
      ),
      retained: read(
        given(SETTINGS.checkpointsRetained),
        (text) => parseCount(text, { from: 1, to: 1000 }),
        EXPECTED.retained,
      ),
      onShutdown: read(given(SETTINGS.checkpointOnShutdown), parseYes, EXPECTED.yes),
    },
    restarts: read(given(SETTINGS.restart), parseRestart, EXPECTED.restart),
    setsPoisonAside: read(given(SETTINGS.poison), parsePoison, EXPECTED.poison) === "set-aside",
    checkpointFolder: folder(given(SETTINGS.checkpoints)) || null,
    logRetention: {
      maxAgeMs: quantity(given(SETTINGS.keepAge), parseDuration, EXPECTED_OF_RETENTION),
      maxBytes: quantity(given(SETTINGS.keepBytes), parseSize, "a size such as 500MB or 20GiB"),
    },
    alertRetention: {
      alertsMs: read(given(SETTINGS.keepAlerts), parseKeep, EXPECTED_OF_RETENTION) || null,
      deliveriesMs: read(given(SETTINGS.keepDeliveries), parseKeep, EXPECTED_OF_RETENTION) || null,
    },
    parallelism: read(
      given(SETTINGS.parallelism),
      (text) => parseCount(text, { from: 1, to: KEY_GROUPS }),
      `a whole number from 1 to ${KEY_GROUPS}`,
    ),
    alertSink: alertSink({
      url: given(SETTINGS.alertSinkUrl),
      mode: given(SETTINGS.alertSink),
      name: given(SETTINGS.alertSinkName),
    }),
    crashAt: crashAt(given(SETTINGS.crash)),
  };
  read(given(SETTINGS.checkpointMode), parseMode, EXPECTED.mode);
  if (config.token === null && !isLoopback(config.host)) throw openToAll(config.host);
  return config;
}

interface Given {
  readonly text: string;
  /** As the user wrote it: `--port` or `PORT`. */
  readonly from: string;
}

function parseFlags(args: readonly string[]): Readonly<Record<string, string | undefined>> {
  const names = Object.values<Setting>(SETTINGS).flatMap(({ flag }) => flag ?? []);
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const flags: Record<string, string> = {};
  for (const part of tokens) {
    if (part.kind === "option-terminator") continue;
    if (part.kind === "positional") throw unknownArgument(part.value, names);
    if (!names.includes(part.name)) throw unknownArgument(part.rawName, names);
    if (part.value === undefined || part.value === "") throw badSetting({ from: part.rawName, text: "" }, "a value");
    flags[part.name] = part.value;
  }
  return flags;
}

function port(given: Given): number {
  const value = Number(given.text);
  if (/^\d{1,5}$/.test(given.text) && value <= 65_535) return value;
  throw badSetting(given, "a port: a whole number from 0 to 65535");
}

function host(given: Given): string {
  const text = given.text.replace(/^\[(.*)\]$/, "$1");
  if (isIP(text) !== 0 || isName(text)) return text;
  throw badSetting(given, "an address or a host name, without a port");
}

function folder(given: Given): string {
  if (!given.text.includes("\0")) return given.text;
  throw badSetting(given, "the path of a folder");
}

/** The message does not show the URL: it has a password in it. */
function databaseUrl(given: Given, hint: string): string | null {
  if (given.text === "") return null;
  const scheme = URL.canParse(given.text) ? new URL(given.text).protocol : null;
  if (scheme === "postgres:" || scheme === "postgresql:") return given.text;
  const found = scheme === null ? "no URL" : `a URL of the scheme \`${scheme}\``;
  throw new UserError({
    code: "bad-setting",
    message: `${given.from} is ${found}; expected postgres://user:password@host:5432/database`,
    hint,
  });
}

function alertSink({ url, mode, name }: Record<keyof AlertSinkConfig, Given>): AlertSinkConfig | null {
  const to = databaseUrl(url, "leave it away to have alerts in the alert store only");
  if (to === null && mode.text !== "") throw sinkWithoutUrl();
  const config = {
    mode: read(mode, parseSinkMode, EXPECTED_OF_SINKS.mode),
    ...read(name, parseSinkName, EXPECTED_OF_SINKS.name),
  };
  return to === null ? null : { url: to, ...config };
}

function logLevel(given: Given): LogLevel {
  const level = LOG_LEVELS.find((name) => name === given.text.toLowerCase());
  if (level !== undefined) return level;
  throw badSetting(given, `one of ${LOG_LEVELS.join(", ")}`);
}

function privateWebhooks(given: Given): boolean | readonly string[] {
  if (/^(?:true|1|yes)$/i.test(given.text)) return true;
  if (/^(?:false|0|no)$/i.test(given.text)) return false;
  const networks = list(given.text);
  if (networks.every(isNetwork)) return networks;
  throw badSetting(given, "true, false, or networks such as 10.0.0.0/8,192.168.1.0/24");
}

function isNetwork(text: string): boolean {
  const [address = "", prefix = ""] = text.split("/", 2);
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
}

/** Never shown, whatever is wrong with it. */
function token(given: Given): string | null {
  if (given.text === "") return null;
  if (/^[\x21-\x7e]+$/.test(given.text)) return given.text;
  throw new UserError({
    code: "bad-setting",
    message: `${given.from} has characters that a header cannot carry; expected visible ASCII without spaces`,
    hint: "make one with `openssl rand -hex 32`",
  });
}

function hosts(given: Given): readonly string[] {
  const names = list(given.text);
  if (names.every((name) => isName(name) || isIP(name) !== 0)) return names;
  throw badSetting(given, "host names with commas between them, without ports");
}

/** Null for none. */
function quantity(given: Given, parse: (text: string) => number | null, expected: string): number | null {
  return given.text === "" ? null : read(given, parse, expected);
}

function read<T>(given: Given, parse: (text: string) => T | null, expected: string): T {
  const value = parse(given.text);
  if (value !== null) return value;
  throw badSetting(given, expected);
}

function crashAt(given: Given): Crash | null {
  if (given.text === "") return null;
  const crash = parseCrash(given.text);
  if (crash !== null) return crash;
  throw badSetting(
    given,
    `a fault point and the pass that kills the process: one of ${FAULT_POINTS.join(", ")}, then :1`,
  );
}

function list(text: string): readonly string[] {
  return text.split(",").flatMap((item) => item.trim() || []);
}

function isName(text: string): boolean {
  return /^(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?$/i.test(text);
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function openToAll(host: string): UserError {
  return new UserError({
    code: "bad-setting",
    message: `${host} can be reached by others, and there is no token: whoever reaches it could do everything`,
    hint: "set TRIPLINE_TOKEN (`openssl rand -hex 32` makes one), or leave the host away to listen on 127.0.0.1 only",
  });
}

function badSetting({ from, text }: Given, expected: string): UserError {
  return new UserError({ code: "bad-setting", message: `${from} is ${JSON.stringify(text)}; expected ${expected}` });
}

function unknownArgument(argument: string, flags: readonly string[]): UserError {
  const known = flags.map((flag) => `--${flag}`);
  const near = nearest(argument, known);
  return new UserError({
    code: "bad-setting",
    message: `\`${argument}\` is not known; expected ${known.join(", ")}`,
    hint: near === null ? undefined : `did you mean ${near}?`,
  });
}
