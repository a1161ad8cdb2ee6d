/** `/v1/destinations`: the webhooks that alerts are delivered to. A secret goes in and never comes out. */

import { createRoute } from "@hono/zod-openapi";
import { UserError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import type { Destination } from "../engine/ports.ts";
import { readJson } from "./body.ts";
import { ready, type App, type Backend, type HttpDependencies } from "./context.ts";
import { checkedDestination, destinationPut, destinationView, shown } from "./destination-body.ts";
import { namesOf, pageByName } from "./names.ts";
import { pageRequest, paging } from "./parameters.ts";
import { answers, jsonBody, pathName, problems, query, refusedBodies } from "./route.ts";
import { attempt, page } from "./schemas.ts";

export function destinationRoutes(app: App, dependencies: HttpDependencies): void {
  app.openAPIRegistry.register("DestinationPut", destinationPut);

  app.openapi(put, async (c) => {
    const { destinations, checkEndpoint } = ready(dependencies);
    const { name } = c.req.valid("param");
    const body = await readJson(c);
    const destination = checkedDestination(body, { name, before: await destinations.get(name) });
    checkEndpoint(destination.url);
    const change = await destinations.put(destination);
    return c.json(shown(destination), change === "created" ? 201 : 200);
  });

  app.openapi(getAll, async (c) => {
    const { destinations } = ready(dependencies);
    const found = pageByName(await destinations.list(), pageRequest(c.req.valid("query")));
    return c.json({ ...found, items: found.items.map(shown) }, 200);
  });

  app.openapi(getOne, async (c) => {
    const { name } = c.req.valid("param");
    return c.json(shown(await existing(ready(dependencies), name)), 200);
  });

  app.openapi(remove, async (c) => {
    const backend = ready(dependencies);
    const { name } = c.req.valid("param");
    if (!(await backend.destinations.remove(name))) await existing(backend, name);
    return c.body(null, 204);
  });

  app.openapi(sendTest, async (c) => {
    const backend = ready(dependencies);
    const { name } = c.req.valid("param");
    return c.json(await backend.sendTest(await existing(backend, name)), 200);
  });
}

async function existing({ destinations }: Backend, name: string): Promise<Destination> {
  const found = await destinations.get(name);
  if (found === null) throw unknownDestination(name, namesOf(await destinations.list()));
  return found;
}

function unknownDestination(name: string, known: readonly string[]): UserError {
  const near = nearest(name, known);
  return new UserError({
    code: "unknown-destination",
    message: `there is no destination \`${name}\``,
    hint: near === null ? undefined : `did you mean \`${near}\`?`,
  });
}

const tags = ["Destinations"];
const params = pathName("The destination's name, as rules' `deliver` names it.");
const unknown = { 404: "No destination has that name." };

const put = createRoute({
  method: "put",
  path: "/v1/destinations/{name}",
  tags,
  summary: "Put a destination; deliveries that waited for it become due",
  description:
    "All its settings are as sent, or at their defaults, but for what is never shown: a `secret` and `headers` that are " +
    "left away stay as they were.",
  request: { params, body: jsonBody("DestinationPut") },
  responses: {
    200: answers(destinationView, "It was there; it is now as sent."),
    201: answers(destinationView, "It is new."),
    ...problems({
      ...refusedBodies,
      422: "A field is wrong, or the URL is one that this service must not post to.",
    }),
  },
});

const getAll = createRoute({
  method: "get",
  path: "/v1/destinations",
  tags,
  summary: "The destinations",
  request: { query: query(paging) },
  responses: { 200: answers(page(destinationView), "One page, by name."), ...problems({ 400: "A bad parameter." }) },
});

const getOne = createRoute({
  method: "get",
  path: "/v1/destinations/{name}",
  tags,
  summary: "One destination",
  request: { params },
  responses: { 200: answers(destinationView, "The destination."), ...problems(unknown) },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/destinations/{name}",
  tags,
  summary: "Remove a destination; its deliveries wait until one of that name is put again",
  request: { params },
  responses: { 204: { description: "It is gone." }, ...problems(unknown) },
});

const sendTest = createRoute({
  method: "post",
  path: "/v1/destinations/{name}/test",
  tags,
  summary: "Send a sample alert now, once",
  request: { params },
  responses: { 200: answers(attempt, "What came back, whatever it was."), ...problems(unknown) },
});
