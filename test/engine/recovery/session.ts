/** A client's requests to one life of the service, until all are answered or the life ends. Mutable. */

import { unreachable } from "../../../src/core/assert.ts";
import { UserError } from "../../../src/core/errors.ts";
import type { Clock } from "../../../src/engine/ports.ts";
import type { EngineService } from "../../../src/engine/service/service.ts";
import { Intake } from "../../../src/http/intake.ts";
import { KeyedRequest } from "../../../src/http/keyed-request.ts";
import type { TakenEvents } from "../../support/calm-engine.ts";
import type { Random } from "../../support/oracle/random.ts";
import { StoreFailure, type Life } from "./life.ts";
import type { MortalStores } from "./mortal-stores.ts";
import { LIST, type Request } from "./requests.ts";
import type { Tally } from "./tally.ts";

type Events = Extract<Request, { kind: "events" }>;

export interface SessionOptions {
  readonly service: EngineService;
  readonly stores: MortalStores;
  readonly life: Life;
  readonly clock: Clock;
  readonly random: Random;
  readonly tally: Tally;
}

export class Session {
  readonly #options: SessionOptions;
  #hasEnded = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** The service takes nothing any more. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Resolves when the service has answered; what came of it, where that says something. */
  async perform(request: Request): Promise<TakenEvents | null> {
    return await this.#again(
      (error) => error instanceof StoreFailure,
      () => this.#once(request),
    );
  }

  async #once(request: Request): Promise<TakenEvents | null> {
    const { service } = this.#options;
    switch (request.kind) {
      case "events":
        return request.key === null ? await this.#ingest(request) : await this.#ingestKeyed(request, request.key);
      case "rules":
        await service.putRules(request.source, { onChange: request.onChange });
        return null;
      case "remove":
        await unless("unknown-rule", service.removeRule(request.rule));
        return null;
      case "pause":
        await unless("unknown-rule", service.pauseRule(request.rule));
        return null;
      case "resume":
        await unless("unknown-rule", service.resumeRule(request.rule));
        return null;
      case "rollback":
        await unless("unknown-", service.rollbackRule(request.rule, request.version));
        return null;
      case "list":
        await service.changeList(LIST, request.change);
        return null;
      case "watermark":
        await service.advanceWatermark(request.stream, request.time);
        return null;
      case "savepoint":
        await this.#applied();
        await unless("savepoint-exists", this.#untilTaken(request.name));
        return null;
      case "stop":
        await unless("savepoint-exists", this.#untilTaken(request.name, { isLast: true }));
        return null;
      case "restore":
        await service.savepoints!.restore(request.name);
        return null;
      case "forget":
        await unless("unknown-savepoint", this.#untilRemoved(request.name));
        return null;
      default:
        return unreachable(request);
    }
  }

  async #ingest({ stream, events }: Events): Promise<null> {
    await this.#options.service.ingest(stream, events);
    return null;
  }

  async #ingestKeyed({ stream, events }: Events, key: string): Promise<TakenEvents> {
    const { service, stores, clock, random, tally } = this.#options;
    const keyed = await KeyedRequest.begin({ token: "", stream, key }, { keys: stores.requestKeys, clock });
    const intake = new Intake(({ documents }, taken) => service.ingest(stream, documents, taken), keyed);
    const before = keyed.before?.lines ?? 0;
    if (before > 0) tally.count(before < events.length ? "key: goes on in the middle" : "key: all was taken");
    for (const event of events) {
      const text = JSON.stringify(event);
      if (intake.wasTaken(() => text)) continue;
      intake.add(event, { bytes: text.length });
      if (random.chance(0.3)) await intake.flush();
    }
    await intake.end();
    const { accepted, duplicates } = intake.result();
    return { accepted, duplicates };
  }

  /** A savepoint is of what has been applied, and an answer says only that it is durable. */
  async #applied(): Promise<void> {
    const { service, life } = this.#options;
    for (;;) {
      const { applied, logEnd } = service.status();
      if (applied === logEnd) return;
      await life.pass("client");
    }
  }

  async #untilTaken(name: string, how: { readonly isLast?: boolean } = {}): Promise<void> {
    await this.#again(isPassing, () => this.#options.service.savepoints!.create(name, how));
    this.#hasEnded = how.isLast === true;
  }

  /** A checkpoint has to take its place. */
  async #untilRemoved(name: string): Promise<void> {
    const savepoints = this.#options.service.savepoints!;
    await this.#again(isPassing, async () => {
      await savepoints.remove(name).catch(async (error: unknown) => {
        if (!(error instanceof UserError) || error.code !== "savepoint-needed") throw error;
        this.#options.tally.count("savepoint still needed");
        await savepoints.takeCheckpoint();
        await savepoints.remove(name);
      });
    });
    this.#options.tally.count("savepoint removed");
  }

  /** Until it succeeds. */
  async #again<T>(mayPass: (error: unknown) => boolean, work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!mayPass(error)) throw error;
        this.#options.tally.count("request refused for a failure, and sent again");
        await this.#options.life.pass("client");
      }
    }
  }
}

/** What is over the next time. */
export function isPassing(error: unknown): boolean {
  return error instanceof StoreFailure || (error instanceof UserError && PASSING.includes(error.code));
}

const PASSING = ["checkpoint-timeout", "checkpoint-missing", "not-ready", "sink-away"];

async function unless(code: string, work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof UserError) || !error.code.startsWith(code)) throw error;
  });
}
