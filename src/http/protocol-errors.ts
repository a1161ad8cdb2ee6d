/** Requests that are no HTTP, or that never become a request here: refused as problems too, written by hand where need be. */

import { RequestError } from "@hono/node-server";
import { STATUS_CODES, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { UserError } from "../core/errors.ts";
import { PROBLEM_JSON, problemOf } from "./problem.ts";

/** For the adaptor, which cannot make a request of a target or a `Host` that is no URL. */
export function answerBadTarget(error: unknown): Response {
  const isClients = error instanceof RequestError;
  const internal = new UserError({ code: "internal", message: "something went wrong on our side" });
  const problem = problemOf(isClients ? badRequest(error.message) : internal);
  return new Response(JSON.stringify(problem), { status: problem.status, headers: { "content-type": PROBLEM_JSON } });
}

/** What Node's parser refuses never reaches a handler. */
export function answerProtocolErrors(server: Server): void {
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.on("request", ({ socket }, outgoing: ServerResponse) => answers.set(socket, outgoing));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // In the middle of an answer there is no place for another one.
    if (error.code === "ECONNRESET" || !socket.writable || answers.get(socket)?.headersSent === true) socket.destroy();
    else socket.end(rawAnswer(refusal(error)));
  });
}

function refusal({ code, message }: NodeJS.ErrnoException): UserError {
  if (code === "HPE_HEADER_OVERFLOW") {
    return new UserError({
      code: "headers-too-large",
      message: "the request's target and headers are longer than 16 KiB together",
    });
  }
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return new UserError({ code: "request-timeout", message: "the request's head did not come within a minute" });
  }
  return badRequest(message);
}

function badRequest(message: string): UserError {
  return new UserError({ code: "bad-request", message: `this is no request that can be answered: ${message}` });
}

function rawAnswer(error: UserError): string {
  const problem = problemOf(error);
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `content-type: ${PROBLEM_JSON}`,
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}
