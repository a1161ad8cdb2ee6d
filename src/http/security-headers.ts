/** What a browser is told with every answer: it is data for its own site, to be neither sniffed, framed nor run. */

import type { Context } from "./context.ts";

export function setSecurityHeaders(c: Context): void {
  c.header("x-content-type-options", "nosniff");
  c.header("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  c.header("cross-origin-resource-policy", "same-origin");
  c.header("cross-origin-opener-policy", "same-origin");
  c.header("referrer-policy", "no-referrer");
  c.header("x-frame-options", "DENY");
}

/** For a page of our own, with scripts of our own. Swagger UI writes styles into its elements. */
export function relaxPolicy(c: Context): void {
  c.header(
    "content-security-policy",
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
  );
}

/** For a picture with colours of its own, and nothing that runs. */
export function allowStyles(c: Context): void {
  c.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
}
