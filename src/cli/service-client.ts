/** The running service, as the command line asks it: over HTTP, with its token, and with errors that say what to do. */

import { once } from "node:events";
import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { UserError } from "../core/errors.ts";
import type { Json } from "../core/event.ts";
import { UsageError } from "./usage.ts";

/** The service understood, and refuses: nothing has been changed. */
export class Refusal extends UserError {
  override readonly name = "Refusal";
}

/** What is sent: JSON, or a file as it comes. */
type Body = { readonly json: Json } | { readonly bytes: AsyncIterable<Uint8Array> };

export class ServiceClient {
  readonly #url: URL;
  readonly #token: string | null;

  /** UsageError for what is no address, or no token. */
  constructor({ url, token }: { readonly url: string; readonly token: string | null }) {
    this.#url = parseUrl(url);
    this.#token = token;
    if (token !== null && !/^[\x21-\x7e]+$/.test(token)) {
      throw new UsageError("TRIPLINE_TOKEN has characters that a header cannot carry", "it is the service's token");
    }
  }

  async get<T>(path: string): Promise<T> {
    return await this.#json(await this.#send("GET", path));
  }

  async post<T>(path: string, body?: Body): Promise<T> {
    return await this.#json(await this.#send("POST", path, body));
  }

  async delete(path: string): Promise<void> {
    (await this.#send("DELETE", path)).resume();
  }

  /** The items of all pages of a list. */
  async all<T>(path: string): Promise<readonly T[]> {
    const items: T[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const query: string = cursor === "" ? "" : `?cursor=${encodeURIComponent(cursor)}`;
      const page: Page<T> = await this.get(path + query);
      items.push(...page.items);
      cursor = page.nextCursor ?? null;
    }
    return items;
  }

  /** What comes breaks off with an error where the service does. */
  async download(path: string): Promise<AsyncIterable<Uint8Array>> {
    return this.#unbroken(await this.#send("GET", path));
  }

  async #send(method: string, path: string, body?: Body): Promise<IncomingMessage> {
    const { protocol, hostname, port, pathname } = this.#url;
    const request = (protocol === "https:" ? httpsRequest : httpRequest)({
      method,
      hostname: hostname.replace(/^\[|\]$/g, ""),
      port,
      path: pathname.replace(/\/$/, "") + path,
      headers: { ...this.#authorization(), ...typeOf(body) },
      agent: false, // one connection for each: nothing keeps the process
    } satisfies RequestOptions);
    const answered = once(request, "response") as Promise<[IncomingMessage]>;
    // Where sending breaks off there may be an answer all the same, which says why; without one, `answered` fails too.
    if (body === undefined) request.end();
    else void pipeline(bytesOf(body), request).catch(() => undefined);
    const [answer] = await answered.catch((error: unknown) => {
      throw this.#unreachable(error as NodeJS.ErrnoException);
    });
    if (answer.statusCode! < 300) return answer;
    throw problemOf(answer.statusCode!, await text(this.#unbroken(answer)), this.#url);
  }

  #authorization(): Record<string, string> {
    return this.#token === null ? {} : { authorization: `Bearer ${this.#token}` };
  }

  async #json<T>(answer: IncomingMessage): Promise<T> {
    const body = await text(this.#unbroken(answer));
    try {
      return JSON.parse(body) as T;
    } catch {
      throw foreign(this.#url);
    }
  }

  async *#unbroken(answer: IncomingMessage): AsyncGenerator<Uint8Array> {
    try {
      yield* answer as AsyncIterable<Uint8Array>;
    } catch (error) {
      throw new UserError({
        code: "broken-off",
        message: `the answer of ${this.#url.origin} broke off: ${(error as Error).message}`,
        hint: "the service's log says why",
      });
    }
  }

  #unreachable({ code, message }: NodeJS.ErrnoException): UserError {
    return new UserError({
      code: "unreachable",
      message: `${this.#url.origin} does not answer: ${(code !== undefined && WHY_NOT[code]) || message}`,
      hint: "`tripline serve` starts the service; --url or TRIPLINE_URL says where it is",
    });
  }
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string | null;
}

const WHY_NOT: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "its name cannot be looked up now",
  ECONNRESET: "the connection broke",
  ETIMEDOUT: "it takes too long to connect",
  HPE_INVALID_CONSTANT: "what listens there does not speak HTTP",
};

function parseUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed !== null && /^https?:$/.test(parsed.protocol)) return parsed;
  throw new UsageError(
    `${JSON.stringify(url)} is no address of a service`,
    "expected one such as http://127.0.0.1:8080 in --url or TRIPLINE_URL",
  );
}

function typeOf(body: Body | undefined): Record<string, string> {
  if (body === undefined) return {};
  return { "content-type": "json" in body ? "application/json" : "application/octet-stream" };
}

function bytesOf(body: Body): Readable {
  return Readable.from("json" in body ? [JSON.stringify(body.json)] : body.bytes);
}

/** A problem as the service tells it (RFC 9457); anything else comes from somebody else. */
function problemOf(status: number, body: string, url: URL): UserError {
  const { code, detail, hint } = problemIn(body);
  if (code === undefined || detail === undefined) return foreign(url);
  const told = { code, message: detail, hint: status === 401 ? TOKEN_HINT : hint };
  return status < 500 ? new Refusal(told) : new UserError(told);
}

const TOKEN_HINT = "set TRIPLINE_TOKEN to the token that the service was started with";

function problemIn(body: string): { readonly code?: string; readonly detail?: string; readonly hint?: string } {
  try {
    return Object(JSON.parse(body)) as object;
  } catch {
    return {};
  }
}

function foreign({ origin }: URL): UserError {
  return new UserError({
    code: "no-tripline",
    message: `what answers at ${origin} is no Tripline, or stands before one`,
    hint: "--url or TRIPLINE_URL says where the service is",
  });
}
