/** Sends one webhook, once, and tells what came back. */

import { Agent, request } from "undici";
import { UserError } from "../core/errors.ts";
import { limits } from "../core/limits.ts";
import type { Alert } from "../engine/output.ts";
import type { Clock, Destination } from "../engine/ports.ts";
import { type AllowPrivate, EndpointGuard } from "./endpoint-guard.ts";
import type { Answer } from "./outcome.ts";
import { webhookBody } from "./payload.ts";
import { sign } from "./sign.ts";

export interface SentWebhook {
  /** Epoch milliseconds of when it was sent. */
  readonly at: number;
  readonly latencyMs: number;
  readonly answer: Answer;
  /** The beginning of the answer's body; null when there was no answer. */
  readonly responseExcerpt: string | null;
}

export interface Sending {
  readonly alert: Alert;
  readonly destination: Destination;
}

export class WebhookSender {
  readonly #clock: Clock;
  readonly #guard: EndpointGuard;
  readonly #agent: Agent;

  constructor({ clock, allowPrivate }: { clock: Clock; allowPrivate: AllowPrivate }) {
    this.#clock = clock;
    this.#guard = new EndpointGuard(allowPrivate);
    this.#agent = new Agent({ connections: CONNECTIONS_PER_ENDPOINT, connect: { lookup: this.#guard.lookup } });
  }

  /** UserError `endpoint-refused` for a URL that no webhook can go to. */
  checkEndpoint(url: string): void {
    this.#guard.check(url);
  }

  /** Never rejects: what the world does is an answer. */
  async send({ alert, destination }: Sending): Promise<SentWebhook> {
    const at = this.#clock.now();
    const answered = await this.#post({ alert, destination, at });
    return { at, latencyMs: Math.max(0, this.#clock.now() - at), ...answered };
  }

  /** Ends the attempts under way, as failures. */
  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #post({ alert, destination, at }: Sending & { at: number }): Promise<Answered> {
    const timeout = AbortSignal.timeout(destination.timeoutMs);
    try {
      this.#guard.check(destination.url);
      const { statusCode, headers, body } = await request(destination.url, {
        method: "POST",
        ...message({ alert, destination, at }),
        dispatcher: this.#agent,
        signal: timeout,
        // The one timeout is the destination's.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const retryAfter = headers["retry-after"];
      return {
        answer: { kind: "response", status: statusCode, retryAfter: [retryAfter].flat()[0] ?? null },
        responseExcerpt: await excerpt(body),
      };
    } catch (error) {
      return { answer: whyNot(error as Error, { timedOut: timeout.aborted, destination }), responseExcerpt: null };
    }
  }
}

type Answered = Pick<SentWebhook, "answer" | "responseExcerpt">;

/** As many as attempts to one destination at once, so that none waits for a socket inside its own timeout. */
const CONNECTIONS_PER_ENDPOINT = 32;

function message({ alert, destination, at }: { alert: Alert; destination: Destination; at: number }): {
  headers: Record<string, string>;
  body: string;
} {
  const body = webhookBody(alert);
  const timestamp = Math.floor(at / 1000);
  const headers: Record<string, string> = {
    ...destination.headers,
    "content-type": "application/json",
    "user-agent": "Tripline",
    "webhook-id": alert.id,
    "webhook-timestamp": String(timestamp),
  };
  if (destination.secret !== null) {
    headers["webhook-signature"] = sign({ secret: destination.secret, id: alert.id, timestamp, body });
  }
  return { headers, body };
}

/** The status has decided already: a body that breaks off or never ends changes nothing. */
async function excerpt(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of body) {
      parts.push(part);
      length += part.length;
      if (length >= limits.responseExcerptBytesMax) break; // which closes the connection: the rest is never read
    }
  } catch {
    // what came is the excerpt
  }
  const bytes = Buffer.concat(parts).subarray(0, limits.responseExcerptBytesMax);
  return new TextDecoder().decode(bytes, { stream: true }); // as a stream: a character that is cut is left out
}

function whyNot(error: Error, { timedOut, destination }: { timedOut: boolean; destination: Destination }): Answer {
  if (timedOut) return { kind: "failure", message: `no answer within ${destination.timeoutMs} ms` };
  const refusal = [error, error.cause].find((one) => one instanceof UserError);
  if (refusal !== undefined) return { kind: "refused", message: refusal.message };
  return {
    kind: "failure",
    message: error.message === "" ? ((error as { code?: string }).code ?? error.name) : error.message,
  };
}
