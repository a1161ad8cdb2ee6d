/**
 * The demo: the service as a process of its own, a webhook receiver, an hour of events in half a minute, and each alert
 * as a line the moment it arrives. Leaves nothing behind, however it ends.
 */

import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { checkRules, NOTHING_AROUND } from "../../engine/rules/check-rules.ts";
import type { Clock } from "../../engine/ports.ts";
import type { StreamDefinition } from "../../lang/definition.ts";
import { createLogger } from "../logger.ts";
import { Resources } from "../resources.ts";
import { isReachable } from "../unprivileged-account.ts";
import type { ApiClient } from "./api-client.ts";
import { Playback } from "./playback.ts";
import { type Reception, startReceiver } from "./receiver.ts";
import type { Screen } from "./screen.ts";
import { startService } from "./service-process.ts";
import { loadShow } from "./show.ts";
import { summarize } from "./summary.ts";

export interface DemoOptions {
  /** The project's folder, with `rules/` and `examples/`. */
  readonly root: string;
  /** The built `main.js`. */
  readonly commandLine: string;
  readonly seed: number;
  /** How long the hour is to take. */
  readonly showMs: number;
  readonly clock: Clock;
  readonly screen: Screen;
  /** Aborting ends the demo at any moment; it rejects with the signal's reason after tidying up. */
  readonly signal: AbortSignal;
}

const DESTINATION = "demo";

/** True when every alert was delivered, and every signature was right. */
export async function runDemo(options: DemoOptions): Promise<boolean> {
  const { root, seed, screen } = options;
  const resources = new Resources(createLogger("warn"));
  try {
    const show = await loadShow({ root, seed, destination: DESTINATION });
    const { client, receptions } = await setUp(options, resources);
    for (const rules of show.rules) await client.postRules(rules);
    screen.line(`rules     ${show.rules.length} of rules/, posted while it runs`);
    screen.line(`events    ${show.arrivals.length}: a CloudTrail sample, and a shop from seed ${seed}`);
    screen.line();

    const { streamOf, streams } = definitions(show.rules);
    const playback = new Playback({ ...options, arrivals: show.arrivals, receptions, streams, client });
    await playback.play();
    const alerts = await playback.settle();
    const { sent, accepted, log } = playback;
    const summary = summarize({ sent, accepted, log, alerts, receptions, planted: show.planted, streamOf });
    screen.status("");
    screen.line();
    for (const [label, value] of summary.rows) screen.line(`${screen.paint("bold", label.padEnd(12))}${value}`);
    return summary.complete;
  } finally {
    screen.status("");
    await resources.closeAll();
  }
}

interface Stage {
  readonly client: ApiClient;
  /** Grows while deliveries arrive. */
  readonly receptions: readonly Reception[];
}

/** A folder, a receiver, and a service that delivers to it. */
async function setUp({ commandLine, clock, screen, signal }: DemoOptions, resources: Resources): Promise<Stage> {
  const folder = await resources.open("folder", {
    open: temporaryFolder,
    close: (made) => rm(made, { recursive: true, force: true, maxRetries: 5 }),
  });

  const secret = `whsec_${randomBytes(24).toString("base64")}`;
  const receptions: Reception[] = [];
  const onAlert = (reception: Reception): void => {
    if (!receptions.some(({ alert }) => alert.id === reception.alert.id)) screen.alert(reception.alert);
    receptions.push(reception);
  };
  const receiver = await resources.open("receiver", {
    open: () => startReceiver({ secret, clock, onAlert }),
    close: (started) => started.stop(),
  });

  screen.status("starting the service, with a Postgres of its own ...");
  const service = await resources.open("service", {
    open: () => startService({ commandLine, folder }),
    close: (started) => started.stop(),
  });
  const client = await service.ready(signal);
  screen.line(`service   ${service.url}`);
  screen.line(`webhooks  ${receiver.url}, each signature verified`);
  await client.putDestination(DESTINATION, { url: receiver.url, secret });
  return { client, receptions };
}

interface Definitions {
  readonly streams: ReadonlyMap<string, StreamDefinition>;
  /** The one stream that a rule reads. */
  readonly streamOf: (rule: string) => StreamDefinition | undefined;
}

function definitions(texts: readonly string[]): Definitions {
  const parsed = texts.map((text) => checkRules(text, NOTHING_AROUND));
  const streams = new Map(parsed.flatMap((file) => file.streams).map((stream) => [stream.name, stream]));
  const rules = new Map(parsed.flatMap((file) => file.rules).map((rule) => [rule.name, rule.streams[0]!]));
  return { streams, streamOf: (rule) => streams.get(rules.get(rule) ?? "") };
}

/** Where an unprivileged account can reach it, since Postgres does not run as root and its data lies within. */
async function temporaryFolder(): Promise<string> {
  const reachable = process.getuid?.() !== 0 || (await isReachable(tmpdir()));
  const folder = await mkdtemp(join(reachable ? tmpdir() : "/tmp", "tripline-demo-"));
  await chmod(folder, 0o711);
  await mkdir(join(folder, "rules"));
  return folder;
}
