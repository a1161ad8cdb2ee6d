/** `/healthz`, `/readyz` and `/metrics`: for the machines that watch over this one. They need no token. */

import { createRoute, z } from "@hono/zod-openapi";
import type { App, HttpDependencies } from "./context.ts";
import type { Metrics } from "./metrics.ts";
import { answers } from "./route.ts";
import { list } from "./schemas.ts";

export function healthRoutes(app: App, { notReadyReasons }: HttpDependencies, metrics: Metrics): void {
  app.openapi(healthz, (c) => c.json({ status: "ok" as const }, 200));

  app.openapi(readyz, (c) => {
    const reasons = notReadyReasons();
    return c.json({ ready: reasons.length === 0, reasons }, reasons.length === 0 ? 200 : 503);
  });

  app.openapi(getMetrics, async (c) => {
    return c.text(await metrics.registry.metrics(), 200, { "content-type": metrics.registry.contentType });
  });
}

const tags = ["Health"];
const readiness = z.object({ ready: z.boolean(), reasons: list(z.string()) }).openapi("Readiness");

const healthz = createRoute({
  method: "get",
  path: "/healthz",
  tags,
  security: [],
  summary: "The process is up",
  responses: { 200: answers(z.object({ status: z.literal("ok") }), "It is.") },
});

const readyz = createRoute({
  method: "get",
  path: "/readyz",
  tags,
  security: [],
  summary: "The service can do its work",
  responses: {
    200: answers(readiness, "It can."),
    503: answers(
      readiness,
      "Not now: it replays its log, its database is away or takes no writes, or it is about to stop.",
    ),
  },
});

const getMetrics = createRoute({
  method: "get",
  path: "/metrics",
  tags,
  security: [],
  summary: "Metrics, as Prometheus reads them",
  responses: {
    200: { content: { "text/plain": { schema: z.string() } }, description: "The metrics." },
  },
});
