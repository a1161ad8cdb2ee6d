/**
 * One run: a client does its steps on a service that is killed again and again, does again what got no answer, and asks in the
 * end whether every alert is there, once, and was delivered (S9).
 */

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Random } from "../../../src/app/demo/random.ts";
import { isSigned } from "../../../src/app/demo/signature.ts";
import type { Alert, AlertOutput, LateOutput, Output } from "../../../src/index.ts";
import { NoAnswerError, succeeded } from "../../support/http-call.ts";
import { WebhookReceiver, type ReceivedRequest } from "../../support/webhook-receiver.ts";
import { ServiceProcess } from "../service-process.ts";
import type { Database } from "./database.ts";
import { describeKill, killPlan, type Kill } from "./kill-plan.ts";
import { calmOutputs, describeStep, perform, type Step, type Workload } from "./steps.ts";

export interface RunOptions {
  readonly workload: Workload;
  readonly database: Database;
  readonly kills: number;
  readonly seed: number;
  /** An empty one; the logs of all lives go there. */
  readonly folder: string;
  /** Aborts when the run is to be given up. */
  readonly signal?: AbortSignal;
}

export interface RunReport {
  /** What befell each of the lives, and how it ended. */
  readonly deaths: readonly string[];
  /** Sums over the answers that came. */
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly repeatedSteps: number;
  /** Alerts: those of the calm run, and those that the service has stored. */
  readonly expected: readonly string[];
  readonly stored: readonly string[];
  /** Alerts in the sink, and transactions that stay open there; null without one. */
  readonly sunk: readonly string[] | null;
  readonly leftPrepared: number;
  /** Webhooks that are to be delivered, and those that were. */
  readonly due: readonly string[];
  readonly delivered: readonly string[];
  /** With those that were delivered more than once. */
  readonly webhookRequests: number;
  readonly badSignatures: number;
  /** Late events, as `stream id`: those of the calm run, and those that the service has put aside. */
  readonly expectedLate: readonly string[];
  readonly late: readonly string[];
}

export async function run(options: RunOptions): Promise<RunReport> {
  const receiver = new WebhookReceiver();
  await receiver.start();
  const lives = new Lives(options, receiver);
  const isOver = new AbortController();
  const signals = [isOver.signal, ...(options.signal === undefined ? [] : [options.signal])];
  const standstill = sleep(RUN_MS_MAX, undefined, { signal: AbortSignal.any(signals) }).then(() => {
    throw new Error(`not over after ${RUN_MS_MAX / 1000} s`);
  });
  try {
    return await Promise.race([lives.run(), standstill]);
  } finally {
    isOver.abort();
    await standstill.catch(() => undefined);
    await lives.end();
    await receiver.stop();
  }
}

/** A run that takes longer has come to a standstill. */
const RUN_MS_MAX = 240_000;
const SECRET = `whsec_${Buffer.from("a secret of the crash campaign").toString("base64")}`;

/** So often that kills come before, in and after them. */
const SETTINGS = {
  TRIPLINE_CHECKPOINT_INTERVAL: "50ms",
  TRIPLINE_CHECKPOINT_MIN_PAUSE: "10ms",
};

/** How many share the keyed work, life after life: each goes on from what another number has left. */
const WORKERS = [1, 2, 3];

class Lives {
  readonly #options: RunOptions;
  readonly #receiver: WebhookReceiver;
  readonly #steps: readonly Step[];
  /** No life lasts for more steps. */
  readonly #share: number;
  #hasEnded = false;
  #services = 0;
  #service: ServiceProcess | null = null;
  /** The first step that got no answer yet. */
  #next = 0;
  readonly #begun = new Set<number>();
  readonly #repeated = new Set<number>();
  readonly #counts = { accepted: 0, duplicates: 0, rejected: 0 };

  constructor(options: RunOptions, receiver: WebhookReceiver) {
    this.#options = options;
    this.#receiver = receiver;
    this.#steps = options.workload.steps;
    this.#share = Math.ceil(this.#steps.length / (options.kills + 1));
  }

  async run(): Promise<RunReport> {
    const { seed } = this.#options;
    const expected = calmOutputs(this.#options.workload);
    const deaths: string[] = [];
    const random = new Random(seed);
    for (const kill of this.#killPlan(random)) {
      deaths.push(`${describeKill(kill)}: ${await this.#life(kill)}`);
    }
    const service = await this.#start({});
    await service.ready();
    await this.#putDestinations(service);
    while (this.#next < this.#steps.length) await unanswered(service, this.#performNext(service));
    await service.settled();
    return this.#report(service, { expected, deaths });
  }

  #killPlan(random: Random): readonly Kill[] {
    const { kills, database } = this.#options;
    const { troubles, sink } = database;
    return killPlan({ random, kills, steps: this.#share, troubles, hasSink: sink !== null });
  }

  async end(): Promise<void> {
    this.#hasEnded = true;
    await this.#finish("SIGTERM");
  }

  /** One life, up to its end by that kill; says how it came. */
  async #life(kill: Kill): Promise<string> {
    const service = await this.#start(
      kill.kind === "fault" ? { TRIPLINE_CRASH_AT: `${kill.crash.point}:${kill.crash.pass}` } : {},
    );
    if (kill.kind === "start") {
      await sleep(kill.afterMs);
      await service.kill();
      return service.url === "" ? "before it was ready" : "when it was ready";
    }
    if (!(await service.isReady())) return this.#lastWords(service);
    const until = Math.min(this.#next + this.#share, this.#steps.length);
    await unanswered(service, this.#putDestinations(service));
    let befalling: Promise<void> | null = null;
    for (let step = 1; this.#next < until && !service.hasEnded; step++) {
      const performing = unanswered(service, this.#performNext(service));
      if (kill.kind !== "fault" && step === kill.step) {
        befalling = this.#befall(service, kill);
        befalling.catch(() => undefined); // told below
      }
      await performing;
    }
    await befalling;
    // Checkpoints and deliveries come a little after the steps.
    if (kill.kind === "fault") await Promise.race([service.ended, sleep(FAULT_WAIT_MS)]);
    if (service.hasEnded) return this.#lastWords(service);
    await service.kill();
    return kill.kind === "trouble" ? `survived, with ${warnings(service.log)} warnings` : "not reached";
  }

  async #befall(service: ServiceProcess, kill: Exclude<Kill, { kind: "fault" | "start" }>): Promise<void> {
    await sleep(kill.afterMs);
    if (kill.kind !== "trouble") {
      await service.kill(kill.kind === "stop" ? "SIGTERM" : "SIGKILL");
      return;
    }
    await this.#options.database.befall(kill.trouble, async () => {
      await sleep(kill.forMs);
      if (kill.trouble === "alerts") await service.kill();
    });
  }

  async #lastWords(service: ServiceProcess): Promise<string> {
    const { signal, code } = await service.ended;
    return `${signal ?? code}`;
  }

  async #start(env: Readonly<Record<string, string>>): Promise<ServiceProcess> {
    await this.#finish("SIGKILL");
    if (this.#hasEnded) throw new Error("the run has been given up");
    const { folder, database, seed } = this.#options;
    const workers = { TRIPLINE_PARALLELISM: String(WORKERS[(seed + this.#services) % WORKERS.length]) };
    this.#services++;
    return (this.#service = new ServiceProcess({ folder, env: { ...database.env, ...SETTINGS, ...workers, ...env } }));
  }

  async #finish(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    if (this.#service === null) return;
    await this.#service.kill(signal);
    await writeFile(path.join(this.#options.folder, `life-${this.#services}.log`), this.#service.log);
    this.#service = null;
  }

  /** Again in each life, where it changes nothing. */
  async #putDestinations(service: ServiceProcess): Promise<void> {
    for (const name of this.#options.workload.destinations) {
      succeeded(await service.putDestination(name, { url: `${this.#receiver.url}/${name}`, secret: SECRET }));
    }
  }

  async #performNext(service: ServiceProcess): Promise<void> {
    const index = this.#next;
    const again = this.#begun.has(index);
    if (again) this.#repeated.add(index);
    this.#begun.add(index);
    const step = this.#steps[index]!;
    const { accepted, duplicates, rejected } = await perform(service, step, again).catch((error: unknown) => {
      if (error instanceof NoAnswerError) throw error;
      throw new Error(`step ${index}, ${describeStep(step)}, was refused`, { cause: error });
    });
    this.#counts.accepted += accepted;
    this.#counts.duplicates += duplicates;
    this.#counts.rejected += rejected;
    this.#next = index + 1;
  }

  async #report(
    service: ServiceProcess,
    { expected, deaths }: { expected: readonly Output[]; deaths: readonly string[] },
  ): Promise<RunReport> {
    const stored = await service.all<Alert>("/v1/alerts");
    const streams = await service.all<{ name: string }>("/v1/streams");
    const late = await Promise.all(
      streams.map(async ({ name }) =>
        (await service.all<Pick<LateOutput, "data">>(`/v1/streams/${name}/late`)).map((event) => lateId(name, event)),
      ),
    );
    const alerts = expected.filter((output): output is AlertOutput => output.kind === "alert");
    const expectedLate = expected.filter((output): output is LateOutput => output.kind === "late");
    const requests = this.#receiver.requests;
    const { sink } = this.#options.database;
    if (sink !== null) await service.kill("SIGTERM"); // the last checkpoint leaves nothing uncommitted
    return {
      deaths,
      ...this.#counts,
      repeatedSteps: this.#repeated.size,
      expected: alerts.map(({ alert }) => alert.id).sort(),
      stored: stored.map(({ id }) => id).sort(),
      sunk: sink === null ? null : (await sink.ids()).toSorted(),
      leftPrepared: sink === null ? 0 : await sink.prepared(),
      due: alerts.flatMap(({ alert, deliver }) => (deliver.length > 0 ? alert.id : [])).sort(),
      delivered: [...new Set(requests.map(webhookId))].sort(),
      webhookRequests: requests.length,
      badSignatures: requests.filter((request) => !isVerified(request)).length,
      expectedLate: expectedLate.map((output) => lateId(output.stream, output)).sort(),
      late: late.flat().sort(),
    };
  }
}

/** A dead service gives no answer; whatever it did then is found out later. */
async function unanswered(service: ServiceProcess, call: Promise<void>): Promise<void> {
  await call.catch(async (error: unknown) => {
    if (!(error instanceof NoAnswerError)) throw error;
    // One that lives is asked again, a little later; of one that dies we hear in a moment.
    await Promise.race([service.ended, sleep(RETRY_MS)]);
  });
}

const RETRY_MS = 50;
const FAULT_WAIT_MS = 400;

/** Of pino's lines: those of level 40 and above. */
function warnings(log: string): number {
  return log.split("\n").filter((line) => /"level":[4-6]0/.test(line)).length;
}

function lateId(stream: string, { data }: Pick<LateOutput, "data">): string {
  return `${stream} ${JSON.stringify(data["id"])}`;
}

function webhookId({ headers }: ReceivedRequest): string {
  return String(headers["webhook-id"]);
}

function isVerified({ headers, body, at }: ReceivedRequest): boolean {
  const [id, timestamp, signature] = ["id", "timestamp", "signature"].map((name) => headers[`webhook-${name}`]);
  return isSigned({ id, timestamp, signature, body } as Parameters<typeof isSigned>[0], { secret: SECRET, now: at });
}
