/** The server: listens, and closes in an order that lets every request finish. */

import { getRequestListener } from "@hono/node-server";
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { UserError } from "../core/errors.ts";
import { createApp } from "./app.ts";
import type { HttpDependencies } from "./context.ts";
import { discardRest } from "./discard.ts";
import { answerBadTarget, answerProtocolErrors } from "./protocol-errors.ts";

export interface HttpServer {
  /** `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Takes no new request, waits for those under way, and cuts off what is left after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

const SERVER_OPTIONS: ServerOptions = {
  keepAlive: true, // a client that has died without a word is noticed by the kernel
  requestTimeout: 0, // a stream of events may go on for hours
  headersTimeout: 60_000,
};

/** UserErrors `port-in-use`, `cannot-listen`. */
export async function listen(
  dependencies: Omit<HttpDependencies, "closing">,
  { host, port }: ListenOptions,
): Promise<HttpServer> {
  const closing = new AbortController();
  const app = createApp({ ...dependencies, closing: closing.signal });
  const answer = getRequestListener(app.fetch, {
    errorHandler: answerBadTarget,
    autoCleanupIncoming: false, // it closes the socket half a second after an early answer; see discard.ts
  });
  const server = createServer(SERVER_OPTIONS, (incoming, outgoing) => void answer(incoming, outgoing));
  answerProtocolErrors(server);
  server.on("request", (incoming, outgoing: ServerResponse) => {
    discardBehindAnswer(incoming, outgoing);
    // Kept open for the client's next request, a connection would keep us.
    outgoing.once("close", () => closing.signal.aborted && setImmediate(() => server.closeIdleConnections()));
  });
  await bind(server, { host, port });
  return {
    url: urlOf(host, (server.address() as AddressInfo).port),
    async close(graceMs) {
      closing.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

function discardBehindAnswer(incoming: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.once("finish", () => {
    void discardRest(incoming).then((isWhole) => {
      if (!isWhole) incoming.destroy();
    });
  });
}

async function bind(server: Server, { host, port }: ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(listenError(error, { host, port })));
    server.listen(port, host, resolve);
  });
}

function listenError(error: NodeJS.ErrnoException, { host, port }: ListenOptions): UserError {
  if (error.code === "EADDRINUSE") {
    return new UserError({
      code: "port-in-use",
      message: `port ${port} of ${host} is in use by another process`,
      hint: "stop that process, or choose another port with --port (or PORT)",
    });
  }
  return new UserError({ code: "cannot-listen", message: `cannot listen on ${host}, port ${port}: ${error.message}` });
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
