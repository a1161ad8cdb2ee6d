/** A webhook's receiver on real HTTP: keeps what it got, and answers as a case wants. */

import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach } from "@jest/globals";

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** `count` is how many requests have come, this one included. */
type Answer = (response: ServerResponse, count: number) => void;

export interface Receiver {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  /** 204 at the beginning of each test. */
  answer: Answer;
}

/** Call it where `describe` is called; what it gives can be used inside of tests. */
export function testReceiver(): Receiver {
  const receiver = { url: "", requests: [] as ReceivedRequest[], answer: status(204) };
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      receiver.requests.push({ path: request.url!, headers: request.headers, body, at: Date.now() });
      receiver.answer(response, receiver.requests.length);
    });
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    receiver.requests.length = 0;
    receiver.answer = status(204);
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return receiver;
}

export function status(code: number, headers: Record<string, string> = {}, body = ""): Answer {
  return (response) => response.writeHead(code, headers).end(body);
}
