/** The HTTP layer put together: what every request passes through, then the routes. */

import { OpenAPIHono } from "@hono/zod-openapi";
import { randomUUID } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { alertRoutes } from "./alerts.ts";
import { requireToken } from "./auth.ts";
import { refuseCrossSite, refuseForeignHosts } from "./browser-guard.ts";
import { checkpointRoutes } from "./checkpoints.ts";
import type { App, HttpDependencies, HttpEnv } from "./context.ts";
import { deliveryRoutes } from "./deliveries.ts";
import { destinationRoutes } from "./destinations.ts";
import { closesAfterAnswer, discardRest } from "./discard.ts";
import { docRoutes } from "./docs.ts";
import { answerErrors } from "./errors.ts";
import { eventRoutes } from "./events.ts";
import { healthRoutes } from "./health.ts";
import { listRoutes } from "./lists.ts";
import { poisonRoutes } from "./poison-records.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { badParameter } from "./route.ts";
import { ruleRoutes } from "./rules.ts";
import { savepointFileRoutes } from "./savepoint-files.ts";
import { savepointRoutes } from "./savepoints.ts";
import { setSecurityHeaders } from "./security-headers.ts";
import { stateRoutes } from "./state.ts";
import { statusRoutes } from "./status.ts";
import { streamRoutes } from "./streams.ts";

export function createApp(dependencies: HttpDependencies): App {
  const { hosts, token } = dependencies.settings;
  const metrics = createMetrics(dependencies);
  const app: App = new OpenAPIHono<HttpEnv>({
    defaultHook: (result, c) => {
      if (!result.success) throw badParameter(result.error, c.req.queries());
    },
  });
  answerErrors(app, dependencies);
  app.use(everyRequest(dependencies, metrics));
  if (hosts !== null) app.use(refuseForeignHosts(hosts));
  app.use(refuseCrossSite);
  if (token !== null) app.use("/v1/*", requireToken(token));

  healthRoutes(app, dependencies, metrics);
  docRoutes(app);
  ruleRoutes(app, dependencies);
  streamRoutes(app, dependencies);
  listRoutes(app, dependencies);
  statusRoutes(app, dependencies);
  checkpointRoutes(app, dependencies);
  savepointRoutes(app, dependencies);
  savepointFileRoutes(app, dependencies);
  poisonRoutes(app, dependencies);
  stateRoutes(app, dependencies);
  eventRoutes(app, dependencies, metrics);
  alertRoutes(app, dependencies);
  destinationRoutes(app, dependencies);
  deliveryRoutes(app, dependencies);
  return app;
}

function everyRequest({ clock, log }: HttpDependencies, metrics: Metrics): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const startedAt = clock.now();
    const requestId = randomUUID();
    c.set("requestId", requestId);
    c.header("x-request-id", requestId);
    setSecurityHeaders(c);
    await next();
    if (closesAfterAnswer(c.env.incoming)) await discardRest(c.env.incoming);
    const route = routePath(c, -1);
    const [method, status, ms] = [c.req.method, c.res.status, clock.now() - startedAt];
    metrics.observeRequest({ method, route: route === "/*" ? "unknown" : route, status }, ms / 1000);
    log.debug({ requestId, method, path: c.req.path, status, ms }, "request");
  };
}
