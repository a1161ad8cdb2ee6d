/**
 * What a client goes on sending after it has been refused. Closing the socket on it would reset the connection, and the
 * answer would be lost with it (RFC 9112, 9.6); so the rest is read and let go, up to a limit.
 */

import type { IncomingMessage } from "node:http";
import { limits } from "../core/limits.ts";

/** True when the client has sent everything, or has gone; false at `limits.discardedBytesMax`, with more to come. */
export async function discardRest(incoming: IncomingMessage): Promise<boolean> {
  if (incoming.complete || incoming.destroyed) return true;
  let discarded = 0;
  return await new Promise<boolean>((resolve) => {
    incoming.on("data", (chunk: Buffer) => {
      discarded += chunk.length;
      if (discarded > limits.discardedBytesMax) resolve(false);
    });
    incoming.once("end", () => resolve(true));
    incoming.once("close", () => resolve(true));
    incoming.resume();
  });
}

/** A client that will not use its connection again hears nothing once we close it: it must have finished first. */
export function closesAfterAnswer(incoming: IncomingMessage): boolean {
  return incoming.httpVersion === "1.0" || /\bclose\b/i.test(incoming.headers.connection ?? "");
}
