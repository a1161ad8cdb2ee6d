/** `/v1/deliveries`: what became of each alert at each destination. */

import { createRoute } from "@hono/zod-openapi";
import { UserError } from "../core/errors.ts";
import { ready, type App, type HttpDependencies } from "./context.ts";
import { oneOf, pageRequest, paging, text } from "./parameters.ts";
import { answers, pathId, problems, query } from "./route.ts";
import { delivery, deliveryStatuses, page } from "./schemas.ts";

export function deliveryRoutes(app: App, dependencies: HttpDependencies): void {
  app.openapi(getAll, async (c) => {
    const { deliveries } = ready(dependencies);
    const { limit, cursor, ...filter } = c.req.valid("query");
    return c.json(await deliveries.list(filter, pageRequest({ limit, cursor })), 200);
  });

  app.openapi(getOne, async (c) => {
    const { deliveries } = ready(dependencies);
    const { id } = c.req.valid("param");
    const found = await deliveries.get(id);
    if (found === null) throw unknownDelivery(id);
    return c.json(found, 200);
  });

  app.openapi(retry, async (c) => {
    const { deliveries } = ready(dependencies);
    const { id } = c.req.valid("param");
    const retried = await deliveries.retry(id);
    const found = retried === null ? null : await deliveries.get(id);
    if (found === null) throw unknownDelivery(id);
    if (retried !== true) {
      throw new UserError({
        code: "not-dead",
        message: `delivery \`${id}\` is ${found.status}; only one that is dead or waiting can be retried`,
      });
    }
    return c.json(found, 202);
  });
}

function unknownDelivery(id: string): UserError {
  return new UserError({ code: "unknown-delivery", message: `there is no delivery \`${id}\`` });
}

const tags = ["Deliveries"];
const params = pathId("The delivery's id.");

const getAll = createRoute({
  method: "get",
  path: "/v1/deliveries",
  tags,
  summary: "Deliveries, newest first",
  request: {
    query: query({
      alert: text("Id of the alert."),
      destination: text("Name of the destination."),
      status: oneOf(deliveryStatuses, "`dead` ones have failed for good, and are kept."),
      ...paging,
    }),
  },
  responses: { 200: answers(page(delivery), "One page."), ...problems({ 400: "A bad parameter, or a bad cursor." }) },
});

const getOne = createRoute({
  method: "get",
  path: "/v1/deliveries/{id}",
  tags,
  summary: "One delivery, with every attempt",
  request: { params },
  responses: { 200: answers(delivery, "The delivery."), ...problems({ 404: "No delivery has that id." }) },
});

const retry = createRoute({
  method: "post",
  path: "/v1/deliveries/{id}/retry",
  tags,
  summary: "Try a dead delivery again, with a fresh set of attempts",
  request: { params },
  responses: {
    202: answers(delivery, "It is due again."),
    ...problems({ 404: "No delivery has that id.", 409: "It is not dead." }),
  },
});
