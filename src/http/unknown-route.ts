/** A path that is no route: it may be known under another method, or another spelling. */

import { UserError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import { RequestError } from "./problem.ts";

export interface Route {
  readonly method: string;
  /** `/v1/rules/:name`. */
  readonly path: string;
}

export function unknownRoute(routes: readonly Route[], { method, path }: Route): UserError {
  const methods = new Set(routes.filter((route) => fits(route.path, path)).map((route) => route.method));
  // A handler of that very method may have found nothing there itself.
  if (methods.size > 0 && !methods.has(method)) return methodNotAllowed(method, path, [...methods]);

  const near = nearest(
    path,
    routes.map((route) => filledIn(route.path, path)),
  );
  return new UserError({
    code: "unknown-route",
    message: `there is nothing at \`${path}\``,
    hint: near === null ? "every route is listed at /docs" : `did you mean \`${near}\`? Every route is listed at /docs`,
  });
}

function methodNotAllowed(method: string, path: string, methods: readonly string[]): RequestError {
  const allowed = (methods.includes("GET") ? [...methods, "HEAD"] : methods).join(", ");
  return new RequestError(
    { code: "method-not-allowed", message: `\`${path}\` does not take ${method}; expected ${allowed}` },
    { headers: { allow: allowed } },
  );
}

function fits(pattern: string, path: string): boolean {
  return filledIn(pattern, path) === path && pattern.split("/").length === path.split("/").length;
}

/** The pattern with the path's own segments in place of its parameters: `/v1/stream/a` fills `/v1/streams/:name`. */
function filledIn(pattern: string, path: string): string {
  const segments = path.split("/");
  return pattern
    .split("/")
    .map((part, i) => (part.startsWith(":") ? (segments[i] ?? part) : part))
    .join("/");
}
