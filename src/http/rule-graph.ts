/** `GET /v1/rules/{name}/graph`: the automaton of an active rule, as data, as Mermaid or as a picture. */

import { createRoute, z } from "@hono/zod-openapi";
import { unknownRule } from "../engine/service/unknown.ts";
import { graphMermaid } from "../nfa/graph/mermaid.ts";
import { graphSvg } from "../nfa/graph/svg.ts";
import { ready, type App, type HttpDependencies } from "./context.ts";
import { namesOf } from "./names.ts";
import { oneOf } from "./parameters.ts";
import { pathName, problems, query } from "./route.ts";
import { ruleGraph } from "./rule-schemas.ts";
import { allowStyles } from "./security-headers.ts";

export function ruleGraphRoute(app: App, dependencies: HttpDependencies): void {
  app.openapi(route, (c) => {
    const { service } = ready(dependencies);
    const { name } = c.req.valid("param");
    const graph = service.ruleGraph(name);
    if (graph === null) throw unknownRule(name, namesOf(service.rules()));
    switch (c.req.valid("query").format) {
      case "mermaid":
        return c.text(graphMermaid([{ name, graph }]), 200);
      case "svg":
        allowStyles(c);
        return c.body(graphSvg([{ name, title: graph.title, graph }]), 200, { "content-type": "image/svg+xml" });
      case "json":
      case undefined:
        return c.json(graph, 200);
    }
  });
}

const route = createRoute({
  method: "get",
  path: "/v1/rules/{name}/graph",
  tags: ["Rules"],
  summary: "The automaton of a rule",
  description: "What a partial match waits for, and what moves it on: TAKE an event, IGNORE it, or PROCEED without it.",
  request: {
    params: pathName("The rule's name."),
    query: query({ format: oneOf(["json", "mermaid", "svg"], "`json` when it is not given.") }),
  },
  responses: {
    200: {
      content: {
        "application/json": { schema: ruleGraph },
        "text/plain": { schema: z.string().openapi({ description: "A Mermaid flowchart." }) },
        "image/svg+xml": { schema: z.string() },
      },
      description: "The automaton.",
    },
    ...problems({
      400: "A bad parameter, or more states than can be drawn.",
      404: "No rule has that name, or it has a window and no automaton.",
    }),
  },
});
