/** The whole service over real HTTP, on the stores in memory: what the tests of `http` talk to. */

import { afterAll, beforeAll } from "@jest/globals";
import { WebhookSender } from "../../src/delivery/webhook-sender.ts";
import { sendTest } from "../../src/delivery/test-delivery.ts";
import { systemScheduler } from "../../src/app/system-scheduler.ts";
import { DEFAULT_CHECKPOINT_SETTINGS } from "./checkpoint-settings.ts";
import { EngineService } from "../../src/engine/service/service.ts";
import type { Backend, HttpSettings } from "../../src/http/context.ts";
import { listen, type HttpServer } from "../../src/http/server.ts";
import { BackedCheckpointStore } from "../../src/store/checkpoints/backed-store.ts";
import { MemoryCheckpoints } from "../../src/store/checkpoints/memory-checkpoints.ts";
import { memoryStores } from "../../src/store/memory.ts";
import type { Stores } from "../../src/store/stores.ts";
import { call, type Answer, type Call } from "./http-call.ts";
import { untruth, type Described } from "./openapi-truth.ts";

export type { Answer, Call };

export class HttpService {
  url = "";
  stores!: Stores;
  /** Where its checkpoints lie, for tests to damage them. */
  readonly checkpointBackend = new MemoryCheckpoints();
  service!: EngineService;
  /** Null while the service is not ready. */
  backend: Backend | null = null;
  readonly logged: string[] = [];
  /** How often the process was asked to end. */
  stopsAsked = 0;
  readonly #settings: Partial<HttpSettings>;
  #server: HttpServer | undefined;
  #document: Promise<Described> | undefined;

  constructor(settings: Partial<HttpSettings>) {
    this.#settings = settings;
  }

  async start(): Promise<void> {
    const clock = { now: () => Date.now() };
    this.stores = { ...memoryStores(clock), checkpoints: new BackedCheckpointStore(this.checkpointBackend) };
    const recovery = {
      store: this.stores.checkpoints,
      settings: { ...DEFAULT_CHECKPOINT_SETTINGS, intervalMs: null, onShutdown: false },
      restarts: { kind: "none" } as const,
      poison: { store: this.stores.poison, setsAside: true },
      scheduler: systemScheduler,
      notices: { info: () => undefined, warn: () => undefined },
    };
    this.service = new EngineService({ ...this.stores, clock, patience: NONE, failed: rethrow, recovery });
    await this.service.open();
    const sender = new WebhookSender({ clock, allowPrivate: ["127.0.0.1/32"] });
    this.backend = {
      ...this.stores,
      service: this.service,
      attempts: () => ({ delivered: 0, failed: 0, dead: 0 }),
      pruned: () => ({ alerts: 0, deliveries: 0 }),
      stop: () => void this.stopsAsked++,
      checkEndpoint: (url) => sender.checkEndpoint(url),
      sendTest: (destination) => sendTest({ sender, destination, clock }),
    };
    const write = (_fields: object, message: string): void => void this.logged.push(message);
    this.#server = await listen(
      {
        backend: () => this.backend,
        notReadyReasons: () => this.backend?.service.troubles() ?? ["the log is being read again"],
        clock,
        log: { debug: () => undefined, info: write, warn: write, error: write },
        settings: { token: null, hosts: [], processMetrics: false, ...this.#settings },
      },
      { host: "127.0.0.1", port: 0 },
    );
    this.url = this.#server.url;
  }

  async stop(): Promise<void> {
    await this.#server?.close(1000);
    await this.service.close();
  }

  /** `POST /v1/rules`, with a body. What is answered must be what `/openapi.json` says. */
  async call(request: string, what: Call = {}): Promise<Answer> {
    const answer = await call(this.url, request, what);
    const [method = "", path = ""] = request.split(" ");
    const { status, text } = answer;
    const fault = untruth(await this.#described(), {
      method,
      path,
      status,
      type: answer.headers.get("content-type") ?? "",
      text,
    });
    if (fault !== null) throw new Error(`/openapi.json does not say so: ${fault}`);
    return answer;
  }

  async #described(): Promise<Described> {
    this.#document ??= call(this.url, "GET /openapi.json").then(({ json }) => json<Described>());
    return await this.#document;
  }

  postRules(source: string): Promise<Answer> {
    return this.call("POST /v1/rules", { body: source, type: "text/plain" });
  }

  postEvents(stream: string, events: readonly object[]): Promise<Answer> {
    return this.call(`POST /v1/streams/${stream}/events`, { body: JSON.stringify(events), type: "application/json" });
  }

  /** Resolves when everything that was accepted has been through the engine, and its alerts are stored. */
  settled(): Promise<void> {
    return this.service.close();
  }
}

/** Call it where `describe` is called; what it gives can be used inside of tests. */
export function httpService(settings: Partial<HttpSettings> = {}): HttpService {
  const service = new HttpService(settings);
  beforeAll(() => service.start());
  afterAll(() => service.stop());
  return service;
}

/** Two failures of one user within a minute. */
export const TWO_FAILURES = `
stream logins {
  time at
}
rule two_failures "Two failures" {
  severity high
  from   logins
  key by user
  pattern {
    begin      one where type == "failure"
    followedBy two where type == "failure"
    within 1m
  }
  emit { from = two.ip }
  deliver desk
}`;

/** A login at a second of the first minute of 2026. */
export function login(second: number, user: string, type: "failure" | "success" = "failure"): Record<string, string> {
  return { at: new Date(Date.UTC(2026, 0, 1, 0, 0, 0) + second * 1000).toISOString(), user, type, ip: "10.0.0.1" };
}

const NONE = {
  beforeRetry(_attempt: number, error: unknown): Promise<void> {
    return Promise.reject(error as Error);
  },
};

function rethrow(error: unknown): never {
  throw error;
}
