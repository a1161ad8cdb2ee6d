/** `/v1/checkpoints`: the engine's state, taken between two records. */

import { createRoute } from "@hono/zod-openapi";
import { checkpointListed, checkpointTaken } from "./checkpoint-schemas.ts";
import { shownEntry, shownTaken } from "./checkpoint-view.ts";
import { ready, savepointsOf, type App, type HttpDependencies } from "./context.ts";
import { pageById } from "./names.ts";
import { pageRequest, paging } from "./parameters.ts";
import { answers, problems, query } from "./route.ts";
import { page } from "./schemas.ts";

export function checkpointRoutes(app: App, dependencies: HttpDependencies): void {
  app.openapi(take, async (c) => c.json(shownTaken(await savepointsOf(dependencies).takeCheckpoint()), 201));

  app.openapi(getAll, async (c) => {
    const entries = await ready(dependencies).checkpoints.list();
    return c.json(pageById(entries.map(shownEntry), pageRequest(c.req.valid("query"))), 200);
  });
}

const tags = ["Checkpoints"];

const take = createRoute({
  method: "post",
  path: "/v1/checkpoints",
  tags,
  summary: "Take a checkpoint now",
  description: "The state between two records. It is written while records go on, and makes room for later ones.",
  responses: { 201: answers(checkpointTaken, "It is complete."), ...problems({}) },
});

const getAll = createRoute({
  method: "get",
  path: "/v1/checkpoints",
  tags,
  summary: "Checkpoints and savepoints, newest first",
  request: { query: query(paging) },
  responses: { 200: answers(page(checkpointListed), "One page."), ...problems({ 400: "A bad parameter." }) },
});
