/** The bearer token (RFC 6750): whoever has it may use `/v1`. */

import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import type { HttpEnv } from "./context.ts";
import { RequestError } from "./problem.ts";

export function requireToken(token: string): MiddlewareHandler<HttpEnv> {
  const expected = digest(token);
  return async (c, next) => {
    const given = /^Bearer +(\S+) *$/i.exec(c.req.header("authorization") ?? "")?.[1];
    // Hashes are of one length and say nothing of the token, so their comparison takes the same time whatever is given.
    if (given === undefined || !timingSafeEqual(digest(given), expected)) throw unauthorized(given !== undefined);
    await next();
  };
}

function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

function unauthorized(given: boolean): RequestError {
  return new RequestError(
    {
      code: "unauthorized",
      message: given ? "the bearer token is not the right one" : "a bearer token is needed, and none was given",
      hint: "send `Authorization: Bearer ...` with the token that the service was started with (TRIPLINE_TOKEN)",
    },
    { headers: { "www-authenticate": given ? 'Bearer error="invalid_token"' : "Bearer" } },
  );
}
