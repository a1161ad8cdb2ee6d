/**
 * A service that lives and dies from a seed: random records, checkpoints at any moment, and an end between any two effects on its
 * stores; then another life begins, and what got no answer is sent again. There is no real time in it.
 */

import { DEFAULT_CHECKPOINT_SETTINGS } from "../support/checkpoint-settings.ts";
import type { JsonObject } from "../../src/core/event.ts";
import { UserError } from "../../src/core/errors.ts";
import { EngineService } from "../../src/engine/service.ts";
import { memoryStores } from "../../src/store/memory.ts";
import { Random } from "../support/oracle/random.ts";
import { PlainCheckpoints } from "../support/plain-checkpoints.ts";
import { randomLog, type Act } from "../support/random-log.ts";

export interface SimulationReport {
  /** Alerts as stored, in their order. */
  readonly alerts: readonly string[];
  readonly lives: number;
  /** Lives that went on from a checkpoint. */
  readonly fromCheckpoints: number;
  /** That were passed over for the one before. */
  readonly passedOver: number;
}

/** What one request of a client says. */
type Request =
  | { readonly kind: "events"; readonly stream: string; readonly events: readonly JsonObject[] }
  | { readonly kind: "act"; readonly act: Extract<Act, { kind: "log" }> };

/** `deadly`: whether lives end before their time. */
export async function simulate(seed: number, { deadly }: { readonly deadly: boolean }): Promise<SimulationReport> {
  return await new Simulation(seed, deadly).run();
}

class Simulation {
  readonly #random: Random;
  readonly #deadly: boolean;
  readonly #requests: readonly Request[];
  readonly #checkpoints = new PlainCheckpoints();
  readonly #clock = { at: 0, now: (): number => this.#clock.at };
  readonly #stores = memoryStores(this.#clock);
  readonly #told: string[] = [];
  #lives = 0;

  constructor(seed: number, deadly: boolean) {
    this.#random = new Random(seed ^ 0x5eed);
    this.#deadly = deadly;
    this.#requests = requestsOf(randomLog(seed, 120), new Random(seed));
  }

  async run(): Promise<SimulationReport> {
    let next = 0;
    while (next < this.#requests.length) next = await this.#live(next);
    const life = new Life(Infinity);
    const service = this.#service(life);
    await service.open();
    for (const stream of ["s", "r", "u"]) await service.advanceWatermark(stream, "end");
    await service.close();
    const stored = await this.#stores.alerts.after(0, 100_000);
    return {
      alerts: stored.map(({ alert: { id, suppressed, suppressedBy } }) => `${id} ${suppressed} ${suppressedBy}`),
      lives: this.#lives,
      fromCheckpoints: this.#told.filter((text) => text === "going on from a checkpoint").length,
      passedOver: this.#told.filter((text) => text.startsWith("a checkpoint cannot be used")).length,
    };
  }

  /** One life, from this request on; gives the one to go on with. */
  async #live(from: number): Promise<number> {
    this.#lives++;
    const life = new Life(this.#deadly ? this.#random.between(1, 80) : Infinity);
    const service = this.#service(life);
    let next = from;
    const opened = await life.outlives(service.open());
    while (opened && next < this.#requests.length) {
      const request = this.#requests[next]!;
      const end = await this.#stores.log.end();
      if (this.#random.chance(0.3)) void service.savepoints!.takeCheckpoint().catch(() => undefined);
      if (this.#random.chance(0.5)) life.release();
      const answered = await life.outlives(this.#send(service, request));
      // Without an answer it is sent again; but nothing tells events without identity from new ones, so of those the client knows.
      const isTaken = answered || (hasNoIdentity(request) && (await this.#stores.log.end()) > end);
      if (isTaken) next++;
      if (!answered) break;
      if (this.#random.chance(0.05)) await this.#trimLog();
    }
    life.end();
    if (this.#deadly && this.#random.chance(0.2)) this.#checkpoints.tear();
    return next;
  }

  #service(life: Life): EngineService {
    const { log, alerts } = this.#stores;
    return new EngineService({
      log: life.mortal(log),
      alerts: life.mortal(alerts),
      clock: this.#clock,
      patience: { beforeRetry: (_, error) => Promise.reject(error as Error) },
      failed: (error) => {
        throw error;
      },
      recovery: {
        store: life.mortal(this.#checkpoints),
        settings: { ...DEFAULT_CHECKPOINT_SETTINGS, intervalMs: null },
        restarts: { kind: "none" },
        poison: null,
        scheduler: { after: () => () => undefined, turn: () => life.turn() },
        notices: {
          info: (_, message) => void this.#told.push(message),
          warn: (_, message) => void this.#told.push(message),
        },
      },
    });
  }

  async #send(service: EngineService, request: Request): Promise<void> {
    if (request.kind === "events") {
      this.#clock.at = request.events.at(-1)!["at"] as number;
      await service.ingest(request.stream, request.events);
      return;
    }
    const { record } = request.act;
    if (record.kind === "rules")
      await service.putRules(record.source, record.origin === undefined ? {} : { origin: record.origin });
    else if (record.kind === "watermark") await service.advanceWatermark(record.stream, record.time);
    else if (record.kind === "list") await unlessUnknown(service.changeList(record.name, record.change));
    else if (record.kind === "ruleRemoved") await unlessUnknown(service.removeRule(record.name));
  }

  /** As far as no checkpoint needs it. */
  async #trimLog(): Promise<void> {
    const entries = await this.#checkpoints.list();
    const offsets = entries.flatMap((entry) => ("summary" in entry ? [entry.summary.offset] : []));
    if (offsets.length > 1) await this.#stores.log.truncate({ before: Math.min(...offsets) });
  }
}

/** Ends at its last step, before or after an effect; whatever it had begun is never over then. Mutable. */
class Life {
  readonly #died: Promise<false>;
  #die: () => void = () => undefined;
  #left: number;
  #waiting: (() => void)[] = [];

  constructor(steps: number) {
    this.#left = steps;
    this.#died = new Promise((resolve) => {
      this.#die = () => resolve(false);
    });
  }

  /** False when the life ended first. */
  outlives(work: Promise<unknown>): Promise<boolean> {
    return Promise.race([work.then(() => true), this.#died]);
  }

  /** The same port, with a step before and after each call. */
  mortal<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
        if (name === "read") return method.bind(target);
        return async (...args: unknown[]) => {
          await this.#step();
          const answer = await method.apply(target, args);
          await this.#step();
          return answer;
        };
      },
    });
  }

  /** Of a checkpoint that is being encoded: some while later. */
  turn(): Promise<void> {
    if (this.#left === Infinity) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  end(): void {
    this.#left = 0;
    this.#die();
  }

  async #step(): Promise<void> {
    if (--this.#left > 0) return;
    this.end();
    await new Promise(() => undefined);
  }
}

function requestsOf(acts: readonly Act[], random: Random): readonly Request[] {
  const requests: Request[] = [];
  let events: JsonObject[] = [];
  for (const [index, act] of acts.entries()) {
    if (act.kind === "log") {
      // Sent again at once, an event must still be known.
      const record =
        act.record.kind === "rules" ? { ...act.record, source: act.record.source.replace("15ms", "9s") } : act.record;
      requests.push({ kind: "act", act: { kind: "log", record } });
      continue;
    }
    events.push(act.event);
    const then = acts[index + 1];
    if (then?.kind === "push" && then.stream === act.stream && random.chance(0.8)) continue;
    requests.push({ kind: "events", stream: act.stream, events });
    events = [];
  }
  return requests;
}

function hasNoIdentity(request: Request): boolean {
  return request.kind === "events" && request.stream !== "s";
}

async function unlessUnknown(change: Promise<unknown>): Promise<void> {
  await change.catch((error: unknown) => {
    if (!(error instanceof UserError) || !error.code.startsWith("unknown-")) throw error;
  });
}
