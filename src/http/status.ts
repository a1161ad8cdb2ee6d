/** `GET /v1/status`: how far the engine is. */

import { createRoute } from "@hono/zod-openapi";
import { shownCounts } from "./checkpoint-view.ts";
import { ready, type App, type HttpDependencies } from "./context.ts";
import { answers, problems } from "./route.ts";
import { serviceStatus } from "./status-schemas.ts";

export function statusRoutes(app: App, dependencies: HttpDependencies): void {
  app.openapi(get, (c) => {
    const { checkpoints, ...status } = ready(dependencies).service.status();
    return c.json({ ...status, checkpoints: checkpoints && shownCounts(checkpoints) }, 200);
  });
}

const get = createRoute({
  method: "get",
  path: "/v1/status",
  tags: ["Health"],
  summary: "How far the engine is in its log",
  responses: { 200: answers(serviceStatus, "Offsets."), ...problems({}) },
});
