/** `/v1/savepoints`: checkpoints with a name, which people make, look into, restore and remove. */

import { createRoute } from "@hono/zod-openapi";
import { readJson } from "./body.ts";
import { checkpointListed, checkpointTaken, savepoint, savepointRestored } from "./checkpoint-schemas.ts";
import { shownEntry, shownSavepoint, shownTaken } from "./checkpoint-view.ts";
import { ready, savepointsOf, type App, type HttpDependencies } from "./context.ts";
import { pageById } from "./names.ts";
import { pageRequest, paging } from "./parameters.ts";
import { answers, jsonBody, pathName, problems, query, refusedBodies } from "./route.ts";
import { readSavepointTake, savepointTake } from "./savepoint-body.ts";
import { page } from "./schemas.ts";

export function savepointRoutes(app: App, dependencies: HttpDependencies): void {
  app.openAPIRegistry.register("SavepointTake", savepointTake);

  app.openapi(take, async (c) => {
    const savepoints = savepointsOf(dependencies);
    const { name, stop } = readSavepointTake(await readJson(c));
    const taken = await savepoints.create(name, { isLast: stop });
    if (stop) ready(dependencies).stop();
    return c.json(shownTaken(taken), 201);
  });

  app.openapi(getAll, async (c) => {
    const entries = await ready(dependencies).checkpoints.list();
    const savepoints = entries.filter(({ kind }) => kind === "savepoint").map(shownEntry);
    return c.json(pageById(savepoints, pageRequest(c.req.valid("query"))), 200);
  });

  app.openapi(getOne, async (c) => {
    const { name } = c.req.valid("param");
    return c.json(shownSavepoint(await savepointsOf(dependencies).get(name)), 200);
  });

  app.openapi(restore, async (c) => {
    const { name } = c.req.valid("param");
    return c.json(await savepointsOf(dependencies).restore(name), 200);
  });

  app.openapi(remove, async (c) => {
    await savepointsOf(dependencies).remove(c.req.valid("param").name);
    return c.body(null, 204);
  });
}

const tags = ["Checkpoints"];
const params = pathName("The savepoint's name.");
const unknown = { 404: "No savepoint has that name." };
const unreadable = { 409: "It is damaged, or of another version; or the service takes no checkpoints." };

const take = createRoute({
  method: "post",
  path: "/v1/savepoints",
  tags,
  summary: "Take a savepoint: a checkpoint with a name, which stays until it is removed",
  description:
    "With `stop`, it is the state of all that was ever answered, and the service stops in order behind the answer.",
  request: { body: jsonBody("SavepointTake") },
  responses: {
    201: answers(checkpointTaken, "It is complete."),
    ...problems({ ...refusedBodies, 409: "There is one of that name.", 422: "The name cannot be one." }),
  },
});

const getAll = createRoute({
  method: "get",
  path: "/v1/savepoints",
  tags,
  summary: "Savepoints, newest first",
  request: { query: query(paging) },
  responses: { 200: answers(page(checkpointListed), "One page."), ...problems({ 400: "A bad parameter." }) },
});

const getOne = createRoute({
  method: "get",
  path: "/v1/savepoints/{name}",
  tags,
  summary: "One savepoint: its rules, its offset, and what it holds",
  request: { params },
  responses: { 200: answers(savepoint, "The savepoint."), ...problems({ ...unknown, ...unreadable }) },
});

const restore = createRoute({
  method: "post",
  path: "/v1/savepoints/{name}/restore",
  tags,
  summary: "Restore a savepoint: the engine is what it was when that was made",
  description:
    "At one offset of the log. Rules, lists and all state are those of the savepoint; events that came since count no more, and may be sent again. " +
    "Alerts that there are stay, and no number of a rule's version is used again.",
  request: { params },
  responses: { 200: answers(savepointRestored, "It is restored."), ...problems({ ...unknown, ...unreadable }) },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/savepoints/{name}",
  tags,
  summary: "Remove a savepoint, also one that cannot be read",
  request: { params },
  responses: {
    204: { description: "It is gone." },
    ...problems({ ...unknown, 409: "The log cannot be read again without it, until a checkpoint has been taken." }),
  },
});
