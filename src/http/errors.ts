/**
 * Errors on their way out: a user's error as its problem, one of ours as a 500 that says nothing but where to look. While the
 * service is not ready, as when its database is away, it is a 503: the same request may succeed a little later.
 */

import type { ContentfulStatusCode } from "hono/utils/http-status";
import { UserError } from "../core/errors.ts";
import type { App, Context, HttpDependencies } from "./context.ts";
import { PROBLEM_JSON, problemOf, RequestError, type Problem } from "./problem.ts";
import { unknownRoute } from "./unknown-route.ts";

export function answerErrors(app: App, { log, notReadyReasons }: HttpDependencies): void {
  app.notFound((c) => {
    const routes = app.routes.filter((route) => route.method !== "ALL");
    return answer(c, unknownRoute(routes, { method: c.req.method, path: c.req.path }));
  });
  app.onError((error, c) => {
    if (error instanceof UserError) return answer(c, error);
    const reasons = notReadyReasons();
    const requestId = c.get("requestId");
    const fields = { err: error, requestId, method: c.req.method, path: c.req.path };
    // A client that goes away in the middle of its request is no fault of ours, and hears no answer.
    if (c.env.incoming.destroyed) log.debug(fields, "the client went away");
    else if (reasons.length > 0) log.warn(fields, "a request failed while the service was not ready");
    else log.error(fields, "unexpected error");
    return answer(c, reasons.length > 0 ? notReady(reasons) : internal(requestId));
  });
}

function answer(c: Context, error: UserError): Response {
  const problem: Problem = problemOf(error);
  const headers = error instanceof RequestError ? error.headers : {};
  return c.body(JSON.stringify(problem), problem.status as ContentfulStatusCode, {
    ...headers,
    ...((problem.status === 429 || problem.status === 503) && { "retry-after": "1" }),
    "content-type": PROBLEM_JSON,
  });
}

function notReady(reasons: readonly string[]): UserError {
  return new UserError({
    code: "not-ready",
    message: reasons.join("; "),
    hint: "send the request again; an `Idempotency-Key` makes that safe",
  });
}

function internal(requestId: string): RequestError {
  return new RequestError(
    {
      code: "internal",
      message: "something went wrong on our side; the service's log has the details under this request's id",
    },
    { members: { requestId } },
  );
}
