/**
 * A service on loopback is within reach of every page that a browser on the machine opens. Two doors are shut here:
 * DNS rebinding (a foreign name that resolves to this machine; `Host` tells it) and cross-site requests, which a page
 * may send without asking when they look like a form's (`Sec-Fetch-Site` and `Origin` tell them). There is no CORS.
 */

import type { MiddlewareHandler } from "hono";
import { UserError } from "../core/errors.ts";
import type { HttpEnv } from "./context.ts";

export function refuseForeignHosts(hosts: readonly string[]): MiddlewareHandler<HttpEnv> {
  const known = new Set(hosts.map((host) => host.toLowerCase()));
  return async (c, next) => {
    const host = hostName(c.req.header("host") ?? "");
    if (!isLoopback(host) && !known.has(host)) throw foreignHost(host);
    await next();
  };
}

export const refuseCrossSite: MiddlewareHandler<HttpEnv> = async (c, next) => {
  const changes = c.req.method !== "GET" && c.req.method !== "HEAD" && c.req.method !== "OPTIONS";
  if (changes && isCrossSite((name) => c.req.header(name))) {
    throw new UserError({
      code: "cross-site",
      message: "a page of another site sent this request, and no page but the service's own may",
      hint: "call the API from a program, or from a page that this service serves",
    });
  }
  await next();
};

function isCrossSite(header: (name: string) => string | undefined): boolean {
  const site = header("sec-fetch-site");
  if (site !== undefined) return site !== "same-origin" && site !== "none";
  const origin = header("origin"); // what a browser without Sec-Fetch-Site sends; programs send neither
  return origin !== undefined && origin !== `http://${header("host")}` && origin !== `https://${header("host")}`;
}

/** `localhost:8080` is `localhost`, `[::1]:8080` is `[::1]`; what is no host at all is given back as it stands. */
function hostName(host: string): string {
  return /^(\[[0-9a-f:.]+\]|[^:]+)(?::\d+)?$/i.exec(host)?.[1]!.toLowerCase() ?? host;
}

/** Browsers resolve `localhost` and names below it themselves (RFC 6761), and an address needs no resolving. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

function foreignHost(host: string): UserError {
  return new UserError({
    code: "foreign-host",
    message: `this service does not answer to the host \`${host}\`, only to localhost and to the names it was given`,
    hint: "use http://localhost, or name the host in TRIPLINE_HOSTS",
  });
}
