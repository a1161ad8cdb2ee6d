/** The few calls of the HTTP API that the demo makes: what any client could do. */

import { UserError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/event.ts";
import type { Alert } from "../../engine/output.ts";
import type { IngestResult, ServiceStatus } from "../../engine/service-types.ts";

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
    await this.#call("PUT", `/v1/destinations/${name}`, "application/json", JSON.stringify(destination));
  }

  async postRules(source: string): Promise<void> {
    await this.#call("POST", "/v1/rules", "text/plain", source);
  }

  async postEvents(stream: string, events: readonly JsonObject[]): Promise<IngestResult> {
    const lines = events.map((event) => JSON.stringify(event)).join("\n");
    return (await this.#call("POST", `/v1/streams/${stream}/events`, "application/x-ndjson", lines)) as IngestResult;
  }

  /** Ends the stream: everything that waited for its clock is decided. */
  async endStream(stream: string): Promise<void> {
    await this.#call("POST", `/v1/streams/${stream}/watermark`, "application/json", '{ "time": "end" }');
  }

  /** True when every record of the log has been through the engine, and its alerts are stored. */
  async isSettled(): Promise<boolean> {
    const { processed, logEnd } = (await this.#call("GET", "/v1/status")) as ServiceStatus;
    return processed === logEnd;
  }

  async alerts(): Promise<Alert[]> {
    const alerts: Alert[] = [];
    let cursor: string | null = null;
    do {
      const page: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const list = (await this.#call("GET", `/v1/alerts?limit=1000${page}`)) as AlertList;
      alerts.push(...list.items);
      cursor = list.nextCursor;
    } while (cursor !== null);
    return alerts;
  }

  async #call(method: string, path: string, type?: string, body?: string): Promise<unknown> {
    const answer = await fetch(`${this.#base}${path}`, {
      method,
      signal: this.#signal,
      ...(type !== undefined && body !== undefined ? { headers: { "content-type": type }, body } : {}),
    });
    const text = await answer.text();
    if (!answer.ok) {
      throw new UserError({
        code: "demo-refused",
        message: `${method} ${path} was answered ${answer.status}: ${text}`,
      });
    }
    return text === "" ? null : JSON.parse(text);
  }
}

interface AlertList {
  readonly items: readonly Alert[];
  readonly nextCursor: string | null;
}
