/** The lives of a service in a run, one after the other, and the client that goes from one to the next. Mutable. */

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Random } from "../../../src/app/demo/random.ts";
import { NoAnswerError, succeeded } from "../../support/http-call.ts";
import { ServiceProcess } from "../service-process.ts";
import { perform, type Taken } from "./client.ts";
import { describeKill, killPlan, type Kill } from "./kill-plan.ts";
import { RETRIES, TIMEOUT_MS, type MoodyReceiver } from "./moody-receiver.ts";
import type { RunOptions } from "./run.ts";
import { describeStep, type Step } from "./steps.ts";

/** How it was. */
export interface Lived {
  /** What befell each of the lives, and how it ended. */
  readonly deaths: readonly string[];
  /** By the step's index; null for what is not events. */
  readonly answers: readonly (Taken | null)[];
  readonly repeatedSteps: number;
}

export const SECRET = `whsec_${Buffer.from("a secret of the crash campaign").toString("base64")}`;

/** So often that kills come before, in and after them. */
const SETTINGS = {
  TRIPLINE_CHECKPOINT_INTERVAL: "50ms",
  TRIPLINE_CHECKPOINT_MIN_PAUSE: "10ms",
};

/** How many share the keyed work, life after life: each goes on from what another number has left. */
const WORKERS = [1, 1, 2, 1, 1, 3];

export class Lives {
  readonly #options: RunOptions;
  readonly #receiver: MoodyReceiver;
  readonly #steps: readonly Step[];
  /** No life lasts for more steps. */
  readonly #share: number;
  #hasEnded = false;
  #services = 0;
  #service: ServiceProcess | null = null;
  /** The first step that got no answer yet. */
  #next = 0;
  readonly #answers = new Map<number, Taken | null>();
  readonly #begun = new Set<number>();
  readonly #repeated = new Set<number>();

  constructor(options: RunOptions, receiver: MoodyReceiver) {
    this.#options = options;
    this.#receiver = receiver;
    this.#steps = options.workload.steps;
    this.#share = Math.ceil(this.#steps.length / (options.kills + 1));
  }

  /** Resolves when all has settled in the last of them, which goes on. */
  async run(): Promise<Lived & { readonly service: ServiceProcess }> {
    const deaths: string[] = [];
    for (const kill of this.#killPlan()) {
      deaths.push(`${describeKill(kill)}: ${await this.#life(kill)}`);
    }
    const service = await this.#start({});
    await service.ready();
    await this.#putDestinations(service);
    while (this.#next < this.#steps.length) await this.#performSome(service);
    await service.settled();
    const answers = this.#steps.map((_, index) => this.#answers.get(index) ?? null);
    return { service, deaths, answers, repeatedSteps: this.#repeated.size };
  }

  #killPlan(): readonly Kill[] {
    const { kills, seed, database, workload } = this.#options;
    const { troubles, sink } = database;
    const steps = Math.ceil(this.#share / workload.connections); // they are taken together
    return killPlan({ random: new Random(seed), kills, steps, troubles, hasSink: sink !== null });
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
      const performing = this.#performSome(service);
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
      const url = `${this.#receiver.url}/${name}`;
      const settings = { url, secret: SECRET, timeoutMs: TIMEOUT_MS, retries: RETRIES };
      succeeded(await service.putDestination(name, settings));
    }
  }

  /** The next step, and of events as many as there are connections. */
  async #performSome(service: ServiceProcess): Promise<void> {
    const some: number[] = [];
    for (let index = this.#next; some.length < this.#options.workload.connections; index++) {
      const step = this.#steps[index];
      if (step === undefined || (step.kind !== "events" && index > this.#next)) break;
      if (!this.#answers.has(index)) some.push(index);
      if (step.kind !== "events") break;
    }
    await Promise.all(some.map((index) => unanswered(service, this.#perform(service, index))));
    while (this.#answers.has(this.#next)) this.#next++;
  }

  async #perform(service: ServiceProcess, index: number): Promise<void> {
    if (this.#begun.has(index)) this.#repeated.add(index);
    this.#begun.add(index);
    const step = this.#steps[index]!;
    const answer = await perform(service, step).catch((error: unknown) => {
      if (error instanceof NoAnswerError) throw error;
      throw new Error(`step ${index}, ${describeStep(step)}, was refused`, { cause: error });
    });
    this.#answers.set(index, answer);
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
