/** `/v1/alerts`: the alerts, page by page or live. */

import { createRoute } from "@hono/zod-openapi";
import { UserError } from "../core/errors.ts";
import { SEVERITIES } from "../lang/definition.ts";
import { alertStream } from "./alert-stream.ts";
import { ready, type App, type HttpDependencies } from "./context.ts";
import { oneOf, pageRequest, paging, text, time } from "./parameters.ts";
import { answers, pathId, problems, query } from "./route.ts";
import { alert, alertKinds, page } from "./schemas.ts";

export function alertRoutes(app: App, dependencies: HttpDependencies): void {
  app.openapi(getAll, async (c) => {
    const { alerts } = ready(dependencies);
    const { limit, cursor, ...filter } = c.req.valid("query");
    const found = await alerts.list(filter, pageRequest({ limit, cursor }));
    return c.json({ items: found.items.map((stored) => stored.alert), nextCursor: found.nextCursor }, 200);
  });

  alertStream(app, dependencies); // before `{id}`, which would take `stream` for an id

  app.openapi(getOne, async (c) => {
    const { alerts } = ready(dependencies);
    const { id } = c.req.valid("param");
    const found = await alerts.get(id);
    if (found === null) throw new UserError({ code: "unknown-alert", message: `there is no alert \`${id}\`` });
    return c.json(found.alert, 200);
  });
}

const tags = ["Alerts"];

const getAll = createRoute({
  method: "get",
  path: "/v1/alerts",
  tags,
  summary: "Alerts, newest first",
  request: {
    query: query({
      rule: text("Name of the rule."),
      key: text('The key: a text itself, any other as JSON (`42`, `["a",1]`).'),
      severity: oneOf(SEVERITIES, "Just this one."),
      kind: oneOf(alertKinds, "Just this one."),
      from: time("Event time of the alert, from here on."),
      to: time("Event time of the alert, before this."),
      ...paging,
    }),
  },
  responses: { 200: answers(page(alert), "One page."), ...problems({ 400: "A bad parameter, or a bad cursor." }) },
});

const getOne = createRoute({
  method: "get",
  path: "/v1/alerts/{id}",
  tags,
  summary: "One alert",
  request: { params: pathId("The alert's id.") },
  responses: { 200: answers(alert, "The alert."), ...problems({ 404: "No alert has that id." }) },
});
