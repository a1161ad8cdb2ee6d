/** A webhook endpoint on this machine: takes what the service delivers, checks its signature, and hands the alert on. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import type { Alert } from "../../engine/output.ts";
import type { Clock } from "../../engine/ports.ts";
import { isSigned, type SignedRequest } from "./signature.ts";

export interface Reception {
  readonly alert: Alert;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly verified: boolean;
}

export interface Receiver {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startReceiver({
  secret,
  clock,
  onAlert,
}: {
  secret: string;
  clock: Clock;
  onAlert: (reception: Reception) => void;
}): Promise<Receiver> {
  const server = createServer((incoming, response) => {
    receive(incoming)
      .then((request) => {
        const receivedAt = clock.now();
        const { data: alert } = JSON.parse(request.body) as { data: Alert };
        const verified = isSigned(request, { secret, now: receivedAt });
        onAlert({ alert, receivedAt, verified });
        answer(response, verified ? 204 : 401);
      })
      .catch(() => answer(response, 400)); // not from the service: it sends JSON
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function receive(request: IncomingMessage): Promise<SignedRequest> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const header = (name: string): string | undefined => {
    const value = request.headers[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    body: Buffer.concat(parts).toString("utf8"),
    id: header("webhook-id"),
    timestamp: header("webhook-timestamp"),
    signature: header("webhook-signature"),
  };
}

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}
