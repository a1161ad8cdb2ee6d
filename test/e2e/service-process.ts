/** The built service as a process of its own: started as a user starts it, asked over HTTP, stopped, killed. */

import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import type { JsonObject } from "../../src/core/event.ts";
import { eventually } from "../support/eventually.ts";
import { call, type Answer, type Call } from "../support/http-call.ts";
import { root } from "../support/project.ts";

export interface ServiceSettings {
  /** Its data goes to `data` in there, and rules are loaded from `rules`, if there is such a folder. */
  readonly folder: string;
  /** Variables beside those; DATABASE_URL spares it the embedded Postgres. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Deliveries may have to wait for seconds, and asking costs the service, too. */
const DELIVERIES_POLL_MS = 100;

export const COMMAND_LINE = path.join(root, "bin", "tripline");

/** What is set for the tests' own process says nothing about the one under test. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(?:TRIPLINE_|NODE_|JEST_|(?:DATABASE_URL|PORT|LOG_LEVEL)$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

export class ServiceProcess {
  /** Empty until it is ready. */
  url = "";
  /** What it wrote to standard error: its log. */
  log = "";
  readonly ended: Promise<Ended>;
  #ended: Ended | null = null;
  readonly #child: ChildProcess;
  readonly #ready: Promise<void>;

  constructor({ folder, env = {} }: ServiceSettings) {
    const places = ["--port", "0", "--data", path.join(folder, "data"), "--rules", path.join(folder, "rules")];
    const child = spawn(process.execPath, [COMMAND_LINE, "serve", ...places], {
      env: { ...plainEnvironment(), TRIPLINE_ALLOW_PRIVATE_WEBHOOKS: "true", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.log += text));
    this.ended = new Promise((resolve) => {
      child.once("close", (code, signal) => resolve((this.#ended = { code, signal })));
    });
    this.#ready = new Promise((resolve) => {
      let said = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        const url = /ready at (\S+) /.exec(said)?.[1];
        if (url === undefined || this.url !== "") return;
        this.url = url;
        resolve();
      });
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get hasEnded(): boolean {
    return this.#ended !== null;
  }

  /** False when it ended before it was ready. */
  isReady(): Promise<boolean> {
    return Promise.race([this.#ready.then(() => true), this.ended.then(() => false)]);
  }

  async ready(): Promise<this> {
    if (await this.isReady()) return this;
    throw new Error(`the service did not start (is it built?):\n${this.log}`);
  }

  kill(signal: NodeJS.Signals = "SIGKILL"): Promise<Ended> {
    this.#child.kill(signal);
    return this.ended;
  }

  call(request: string, what: Call = {}): Promise<Answer> {
    return call(this.url, request, what);
  }

  postRules(source: string): Promise<Answer> {
    return this.call("POST /v1/rules", { body: source, type: "text/plain" });
  }

  /** As NDJSON; without a stream, each event names its own. `key`: an Idempotency-Key. */
  postEvents(
    stream: string | null,
    events: readonly object[],
    { key = null }: { readonly key?: string | null } = {},
  ): Promise<Answer> {
    const to = stream === null ? "events" : `streams/${stream}/events`;
    const body = events.map((event) => JSON.stringify(event)).join("\n");
    const headers = key === null ? {} : { "idempotency-key": key };
    return this.call(`POST /v1/${to}`, { body, type: "application/x-ndjson", headers });
  }

  putDestination(name: string, settings: object): Promise<Answer> {
    return this.call(`PUT /v1/destinations/${name}`, { body: JSON.stringify(settings), type: "application/json" });
  }

  endStream(name: string): Promise<Answer> {
    return this.call(`POST /v1/streams/${name}/watermark`, { body: '{"time":"end"}', type: "application/json" });
  }

  /** The items of all pages. */
  async all<Item = JsonObject>(path: string): Promise<Item[]> {
    const items: Item[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const from = `${path.includes("?") ? "&" : "?"}limit=1000${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
      const page: { items: Item[]; nextCursor: string | null } = (await this.call(`GET ${path}${from}`)).json();
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  }

  /** Waits until what is in the log has been through the engine, what came of it is stored, and no delivery is due. */
  async settled(): Promise<void> {
    await eventually(async () => {
      const { text } = await this.call("GET /metrics");
      const [end, processed] = ["end", "processed"].map(
        (name) => new RegExp(`^tripline_log_${name}_offset (\\d+)$`, "m").exec(text)?.[1],
      );
      return end !== undefined && end === processed;
    });
    await eventually(async () => {
      const pending = await this.call("GET /v1/deliveries?status=pending&limit=1");
      return pending.json<{ items: unknown[] }>().items.length === 0;
    }, DELIVERIES_POLL_MS);
  }
}
