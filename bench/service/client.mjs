/** A client of the service that costs little beside it: plain `node:http`, connections kept, bodies made beforehand. */

import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 10;
const STORE_POLL_MS = 500;
const STORE_PATIENCE_MS = 10_000;
const TOO_MANY = 429;

export class Client {
  #url;
  #agent;
  /** While the service asks to wait, all connections do: none runs ahead of the others in event time. */
  #pause = Promise.resolve();

  constructor({ url, connections = 1 }) {
    this.#url = url;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  postRules(source) {
    return this.#call({ method: "POST", path: "/v1/rules", type: "text/plain", body: source });
  }

  putDestination(name, destination) {
    const body = JSON.stringify(destination);
    return this.#call({ method: "PUT", path: `/v1/destinations/${name}`, type: "application/json", body });
  }

  endStream(name) {
    const path = `/v1/streams/${name}/watermark`;
    return this.#call({ method: "POST", path, type: "application/json", body: '{"time":"end"}' });
  }

  /** Resolves when the batch is durable; when the service asks to wait, the batch is sent again. */
  async postBatch(stream, body) {
    const path = `/v1/streams/${stream}/events`;
    for (;;) {
      await this.#pause;
      const answer = await this.#send({ method: "POST", path, type: "application/x-ndjson", body });
      if (answer.status !== TOO_MANY) return JSON.parse(expectOk(answer));
      this.#pause = sleep(1000 * Number(answer.retryAfter));
    }
  }

  /** Sends all batches of an iterable, each over the next connection that is free; resolves when all of them are durable. */
  async postAll(stream, bodies, connections) {
    const next = bodies[Symbol.iterator]();
    const connection = async () => {
      for (let { value, done } = next.next(); !done; { value, done } = next.next()) await this.postBatch(stream, value);
    };
    await Promise.all(Array.from({ length: connections }, connection));
  }

  /** Resolves when the engine has taken every record that is in the log. */
  async processed() {
    for (;;) {
      const metrics = await this.metrics();
      if (metrics.get("tripline_log_processed_offset") === metrics.get("tripline_log_end_offset")) return;
      await sleep(POLL_MS);
    }
  }

  /** Metrics without labels, by name. */
  async metrics() {
    const text = await this.#call({ method: "GET", path: "/metrics" });
    return new Map([...text.matchAll(/^(\w+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]));
  }

  /** How many alerts are stored, when they are `expected` or have not become so in time: they are written behind the engine. */
  async storedAlerts(expected) {
    for (let waited = 0; ; waited += STORE_POLL_MS) {
      const count = await this.#countAlerts();
      if (count === expected || waited >= STORE_PATIENCE_MS) return count;
      await sleep(STORE_POLL_MS);
    }
  }

  close() {
    this.#agent.destroy();
  }

  async #countAlerts() {
    let count = 0;
    for (let cursor = ""; ;) {
      const page = JSON.parse(await this.#call({ method: "GET", path: `/v1/alerts?limit=1000${cursor}` }));
      count += page.items.length;
      if (page.nextCursor === null) return count;
      cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
    }
  }

  async #call(options) {
    return expectOk(await this.#send(options));
  }

  #send({ method, path, type, body }) {
    return new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { "content-type": type, "content-length": Buffer.byteLength(body) };
      const outgoing = request(`${this.#url}${path}`, { method, agent: this.#agent, headers }, (incoming) => {
        const parts = [];
        incoming.on("data", (part) => parts.push(part));
        incoming.on("end", () => {
          const text = Buffer.concat(parts).toString();
          resolve({ status: incoming.statusCode, retryAfter: incoming.headers["retry-after"] ?? 1, text });
        });
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }
}

function expectOk({ status, text }) {
  if (status >= 200 && status < 300) return text;
  throw new Error(`the service answered ${status}: ${text}`);
}
