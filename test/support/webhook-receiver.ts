/** A webhook's receiver on real HTTP: keeps what it got, and answers as a case wants. */

import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** `count` is how many requests have come, this one, which is the last of `requests`, included. */
export type ReceiverAnswer = (response: ServerResponse, count: number) => void;

export class WebhookReceiver {
  url = "";
  readonly requests: ReceivedRequest[] = [];
  /** 204 unless a case says otherwise. */
  answer: ReceiverAnswer = status(204);
  readonly #server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      this.requests.push({ path: request.url!, headers: request.headers, body, at: Date.now() });
      this.answer(response, this.requests.length);
    });
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => void this.#server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** As if nothing had come, and as if no case had said how to answer. */
  reset(): void {
    this.requests.length = 0;
    this.answer = status(204);
  }
}

export function status(code: number, headers: Record<string, string> = {}, body = ""): ReceiverAnswer {
  return (response) => response.writeHead(code, headers).end(body);
}
