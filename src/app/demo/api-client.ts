/** The few calls of the HTTP API that the demo makes: what any client could do. */

import { UserError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/event.ts";
import type { Alert } from "../../engine/output.ts";
import type { IngestResult } from "../../engine/service/service-types.ts";

const JSON_TYPE = "application/json";

export class ApiClient {
  readonly #base: string;
  readonly #signal: AbortSignal;

  constructor({ base, signal }: { base: string; signal: AbortSignal }) {
    this.#base = base;
    this.#signal = signal;
  }

  async isReady(): Promise<boolean> {
    const answer = await fetch(`${this.#base}/readyz`, { signal: this.#signal }).catch(() => null);
    this.#signal.throwIfAborted();
    await answer?.body?.cancel();
    return answer?.ok === true;
  }

  async putDestination(name: string, destination: JsonObject): Promise<void> {
    const body = JSON.stringify(destination);
    await this.#call({ method: "PUT", path: `/v1/destinations/${name}`, type: JSON_TYPE, body });
  }

  async postRules(source: string): Promise<void> {
    await this.#call({ method: "POST", path: "/v1/rules", type: "text/plain", body: source });
  }

  async postEvents(stream: string, events: readonly JsonObject[]): Promise<IngestResult> {
    const body = events.map((event) => JSON.stringify(event)).join("\n");
    const path = `/v1/streams/${stream}/events`;
    return JSON.parse(await this.#call({ method: "POST", path, type: "application/x-ndjson", body })) as IngestResult;
  }

  /** Ends the stream: everything that waited for its clock is decided. */
  async endStream(stream: string): Promise<void> {
    const path = `/v1/streams/${stream}/watermark`;
    await this.#call({ method: "POST", path, type: JSON_TYPE, body: '{ "time": "end" }' });
  }

  /** True when every record of the log has been through the engine, and its alerts are stored. */
  async isSettled(): Promise<boolean> {
    const metrics = await this.#call({ method: "GET", path: "/metrics" });
    const offset = (name: string): string | undefined => new RegExp(`^${name} (\\S+)$`, "m").exec(metrics)?.[1];
    const end = offset("tripline_log_end_offset");
    return end !== undefined && offset("tripline_log_processed_offset") === end;
  }

  async alerts(): Promise<Alert[]> {
    const alerts: Alert[] = [];
    let cursor: string | null = null;
    do {
      const from: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page = JSON.parse(await this.#call({ method: "GET", path: `/v1/alerts?limit=1000${from}` })) as AlertPage;
      alerts.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return alerts;
  }

  async #call({ method, path, type, body }: Call): Promise<string> {
    const answer = await fetch(`${this.#base}${path}`, {
      method,
      signal: this.#signal,
      ...(type === undefined ? {} : { headers: { "content-type": type } }),
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    if (answer.ok) return text;
    throw new UserError({ code: "demo-refused", message: `${method} ${path} was answered ${answer.status}: ${text}` });
  }
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: string;
}

interface AlertPage {
  readonly items: readonly Alert[];
  readonly nextCursor: string | null;
}
