/**
 * A crash campaign: streams events to a service that is killed again and again, sends again what got no answer, and asks
 * in the end whether every alert is there, once, and was delivered (S9).
 */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Random } from "../../src/app/demo/random.ts";
import { isSigned } from "../../src/app/demo/signature.ts";
import type { Alert } from "../../src/engine/output.ts";
import { parseLines, tripline } from "./command-line.ts";
import { NoAnswerError, succeeded } from "../support/http-call.ts";
import { ServiceProcess } from "./service-process.ts";
import { WebhookReceiver, type ReceivedRequest } from "../support/webhook-receiver.ts";
import { describeKill, killPlan, type Kill } from "./kill-plan.ts";

export interface CampaignOptions {
  /** Texts of rule files. */
  readonly rules: readonly string[];
  readonly events: readonly object[];
  /** Null: each event names its own. The streams declare an `id`; without one, what is sent again is counted again. */
  readonly stream: string | null;
  readonly kills: number;
  readonly seed: number;
  readonly batchSize: number;
  /** An empty folder for everything that is written. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

export interface CampaignReport {
  /** How each of the killed lives was to end, and how it ended. */
  readonly deaths: readonly string[];
  /** Sums over the answers that came. */
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** Batches that were sent more than once. */
  readonly repeatedBatches: number;
  /** Events that the streams have in the end. */
  readonly eventsLogged: number;
  /** Ids of alerts: those that `tripline run` finds, and those that the service has stored. */
  readonly expected: readonly string[];
  readonly stored: readonly string[];
  /** Ids of the webhooks that are to be delivered (no alert that `suppress` holds), and of those that were. */
  readonly due: readonly string[];
  readonly delivered: readonly string[];
  /** With those that were delivered more than once. */
  readonly webhookRequests: number;
  readonly badSignatures: number;
}

export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const expected = await expectedAlerts(options);
  options.say(`tripline run: ${expected.length} alerts of ${options.events.length} events`);
  const receiver = new WebhookReceiver();
  await receiver.start();
  const campaign = new Campaign(options, receiver);
  try {
    return await campaign.run(expected);
  } finally {
    await campaign.end();
    await receiver.stop();
  }
}

async function expectedAlerts({ rules, events, stream, folder }: CampaignOptions): Promise<Alert[]> {
  const input = path.join(folder, "events.ndjson");
  await writeFile(input, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  const files = rules.map((_, index) => path.join(folder, "posted", `${index}.rule`));
  await mkdir(path.join(folder, "posted"));
  await Promise.all(files.map((file, index) => writeFile(file, rules[index]!)));
  const said = await tripline(["run", ...files, "--events", input, ...(stream === null ? [] : ["--stream", stream])]);
  if (said.code !== 0) throw new Error(`tripline run ended with ${said.code}: ${said.stderr}`);
  return parseLines<Alert>(said.stdout);
}

const SECRET = `whsec_${Buffer.from("a secret of the crash campaign").toString("base64")}`;

class Campaign {
  readonly #options: CampaignOptions;
  readonly #receiver: WebhookReceiver;
  readonly #random: Random;
  readonly #batches: readonly (readonly object[])[];
  /** No life lasts for more batches. */
  readonly #share: number;
  #service: ServiceProcess | null = null;
  /** The first batch that got no answer yet. */
  #next = 0;
  readonly #sent = new Set<number>();
  readonly #repeated = new Set<number>();
  readonly #counts = { accepted: 0, duplicates: 0, rejected: 0 };

  constructor(options: CampaignOptions, receiver: WebhookReceiver) {
    const { events, batchSize, kills, seed } = options;
    this.#options = options;
    this.#receiver = receiver;
    this.#random = new Random(seed);
    this.#batches = Array.from({ length: Math.ceil(events.length / batchSize) }, (_, index) =>
      events.slice(index * batchSize, (index + 1) * batchSize),
    );
    this.#share = Math.ceil(this.#batches.length / (kills + 1));
  }

  async run(expected: readonly Alert[]): Promise<CampaignReport> {
    const { kills, say } = this.#options;
    const deaths: string[] = [];
    for (const kill of killPlan({ random: this.#random, kills, batches: this.#share })) {
      const from = this.#next;
      const ended = await this.#life(kill);
      deaths.push(`${describeKill(kill)}: ${ended}`);
      say(`kill ${deaths.length}: ${deaths.at(-1)}; batches ${from} to ${this.#next} of ${this.#batches.length}`);
    }
    const service = this.#start({});
    await service.ready();
    await this.#prepare(service);
    while (this.#next < this.#batches.length) await this.#sendNext(service);
    const streams = (await service.call("GET /v1/streams")).json<{ items: { name: string }[] }>().items;
    for (const { name } of streams) succeeded(await service.endStream(name));
    say("everything is sent; waiting for the deliveries, also for those that dead services had begun");
    await service.settled();
    return this.#report(service, { expected, deaths });
  }

  async end(): Promise<void> {
    await this.#service?.kill("SIGTERM");
  }

  /** One life, up to its end by that kill; says how it came. */
  async #life(kill: Kill): Promise<string> {
    const service = this.#start(
      kill.kind === "fault" ? { TRIPLINE_CRASH_AT: `${kill.crash.point}:${kill.crash.pass}` } : {},
    );
    if (kill.kind === "start") {
      await sleep(kill.afterMs);
      await service.kill();
      return service.url === "" ? "before it was ready" : "when it was ready";
    }
    if (!(await service.isReady())) return "before it was ready";
    const until = Math.min(this.#next + this.#share, this.#batches.length);
    await unanswered(this.#prepare(service));
    for (let batch = 1; this.#next < until && !service.hasEnded; batch++) {
      const sending = unanswered(this.#sendNext(service));
      if (kill.kind !== "fault" && batch === kill.batch) {
        await sleep(kill.afterMs);
        await this.#end(service, kill.kind);
      }
      await sending;
    }
    if (service.hasEnded) {
      const { signal, code } = await service.ended;
      return `as planned (${signal ?? code})`;
    }
    await service.kill();
    return kill.kind === "database"
      ? "survived, up to its share of batches"
      : "not reached, up to its share of batches";
  }

  async #end(service: ServiceProcess, how: "kill" | "database" | "stop"): Promise<void> {
    switch (how) {
      case "kill":
        await service.kill("SIGKILL");
        return;
      case "stop":
        await service.kill("SIGTERM");
        return;
      case "database":
        process.kill(await databasePid(this.#options.folder), "SIGKILL"); // the service starts it again
        return;
    }
  }

  #start(env: Readonly<Record<string, string>>): ServiceProcess {
    return (this.#service = new ServiceProcess({ folder: this.#options.folder, env }));
  }

  /** Puts the rules and their destinations; again in each life, where it changes nothing. */
  async #prepare(service: ServiceProcess): Promise<void> {
    for (const text of this.#options.rules) succeeded(await service.postRules(text));
    const rules = (await service.call("GET /v1/rules")).json<{ items: { deliver: string[] }[] }>().items;
    for (const name of new Set(rules.flatMap(({ deliver }) => deliver))) {
      succeeded(await service.putDestination(name, { url: `${this.#receiver.url}/${name}`, secret: SECRET }));
    }
  }

  async #sendNext(service: ServiceProcess): Promise<void> {
    const index = this.#next;
    if (this.#sent.has(index)) this.#repeated.add(index);
    this.#sent.add(index);
    const answer = await service.postEvents(this.#options.stream, this.#batches[index]!);
    if (answer.status >= 500) throw new NoAnswerError("it promises nothing");
    const { accepted, duplicates, rejectedTotal } = succeeded(answer).json<Record<string, number>>();
    this.#counts.accepted += accepted!;
    this.#counts.duplicates += duplicates!;
    this.#counts.rejected += rejectedTotal!;
    this.#next = index + 1;
  }

  async #report(
    service: ServiceProcess,
    { expected, deaths }: { expected: readonly Alert[]; deaths: readonly string[] },
  ): Promise<CampaignReport> {
    const stored = await service.all<Alert>("/v1/alerts");
    const streams = (await service.call("GET /v1/streams")).json<{ items: { events: number }[] }>().items;
    const rules = (await service.call("GET /v1/rules")).json<{ items: { name: string; deliver: string[] }[] }>().items;
    const delivering = new Set(rules.filter(({ deliver }) => deliver.length > 0).map(({ name }) => name));
    const requests = this.#receiver.requests;
    return {
      deaths,
      ...this.#counts,
      repeatedBatches: this.#repeated.size,
      eventsLogged: streams.reduce((sum, { events }) => sum + events, 0),
      expected: ids(expected),
      stored: ids(stored),
      due: ids(expected.filter(({ rule, suppressedBy }) => delivering.has(rule) && suppressedBy === null)),
      delivered: [...new Set(requests.map(webhookId))].sort(),
      webhookRequests: requests.length,
      badSignatures: requests.filter((request) => !isVerified(request)).length,
    };
  }
}

/** A dead service gives no answer; whatever it did then is found out later. */
async function unanswered(call: Promise<void>): Promise<void> {
  await call.catch(async (error: unknown) => {
    if (!(error instanceof NoAnswerError)) throw error;
    await sleep(10);
  });
}

async function databasePid(folder: string): Promise<number> {
  const file = path.join(folder, "data", "postgres", "postmaster.pid");
  return Number((await readFile(file, "utf8")).split("\n")[0]);
}

function ids(alerts: readonly Alert[]): string[] {
  return alerts.map(({ id }) => id).sort();
}

function webhookId({ headers }: ReceivedRequest): string {
  return String(headers["webhook-id"]);
}

function isVerified({ headers, body, at }: ReceivedRequest): boolean {
  const [id, timestamp, signature] = ["id", "timestamp", "signature"].map((name) => headers[`webhook-${name}`]);
  return isSigned({ id, timestamp, signature, body } as Parameters<typeof isSigned>[0], { secret: SECRET, now: at });
}
