/** `/v1/lists`: the named lists that rules read with `in list("...")`. */

import { createRoute } from "@hono/zod-openapi";
import { unknownList } from "../engine/service/unknown.ts";
import { readJson } from "./body.ts";
import { ready, type App, type HttpDependencies } from "./context.ts";
import { listPatch, listPut, patchOf, putOf } from "./list-body.ts";
import { namesOf, pageByName } from "./names.ts";
import { pageRequest, paging } from "./parameters.ts";
import { answers, jsonBody, pathName, problems, query, refusedBodies } from "./route.ts";
import { listChanged, listContents, listStatus, page, removed } from "./schemas.ts";

export function listRoutes(app: App, dependencies: HttpDependencies): void {
  app.openAPIRegistry.register("ListPut", listPut);
  app.openAPIRegistry.register("ListPatch", listPatch);

  app.openapi(put, async (c) => {
    const { service } = ready(dependencies);
    const { name } = c.req.valid("param");
    const changed = await service.changeList(name, putOf(await readJson(c)));
    return c.json(changed, changed.change === "created" ? 201 : 200);
  });

  app.openapi(patch, async (c) => {
    const { service } = ready(dependencies);
    const { name } = c.req.valid("param");
    return c.json(await service.changeList(name, patchOf(await readJson(c))), 200);
  });

  app.openapi(getAll, (c) => {
    const { service } = ready(dependencies);
    return c.json(pageByName(service.lists(), pageRequest(c.req.valid("query"))), 200);
  });

  app.openapi(getOne, (c) => {
    const { service } = ready(dependencies);
    const { name } = c.req.valid("param");
    const list = service.list(name);
    if (list === null) throw unknownList(name, namesOf(service.lists()));
    return c.json(list, 200);
  });

  app.openapi(remove, async (c) => {
    const { service } = ready(dependencies);
    const { name } = c.req.valid("param");
    const { activeFrom } = await service.changeList(name, { removed: true });
    return c.json({ name, offset: activeFrom }, 200);
  });
}

const tags = ["Lists"];
const params = pathName('The list\'s name, as rules name it in `in list("...")`.');
const unknown = { 404: "No list has that name." };
const refused = { ...refusedBodies, 422: "A value is none, or a limit would be passed; the answer names which." };

const put = createRoute({
  method: "put",
  path: "/v1/lists/{name}",
  tags,
  summary: "Put a list: from here on it holds these values and no other",
  description:
    "Takes effect at one offset of the log, for all rules at once. Putting the same values again changes nothing.",
  request: { params, body: jsonBody("ListPut") },
  responses: {
    200: answers(listChanged, "It was there; it is now as sent."),
    201: answers(listChanged, "It is new."),
    ...problems(refused),
  },
});

const patch = createRoute({
  method: "patch",
  path: "/v1/lists/{name}",
  tags,
  summary: "Add values to a list, and remove others",
  description:
    "Takes effect at one offset of the log, as one change. What is there already, or is not, changes nothing.",
  request: { params, body: jsonBody("ListPatch") },
  responses: { 200: answers(listChanged, "It is now as told."), ...problems({ ...refused, ...unknown }) },
});

const getAll = createRoute({
  method: "get",
  path: "/v1/lists",
  tags,
  summary: "The lists, without their values",
  request: { query: query(paging) },
  responses: { 200: answers(page(listStatus), "One page, by name."), ...problems({ 400: "A bad parameter." }) },
});

const getOne = createRoute({
  method: "get",
  path: "/v1/lists/{name}",
  tags,
  summary: "One list, with its values in the order they came",
  request: { params },
  responses: { 200: answers(listContents, "The list."), ...problems(unknown) },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/lists/{name}",
  tags,
  summary: "Remove a list; for the rules that read it, nothing is in it any more",
  request: { params },
  responses: { 200: answers(removed, "It is gone."), ...problems(unknown) },
});
