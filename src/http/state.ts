/** `GET /v1/state/{rule}/{key}`: what a rule holds for one key, and what it waits for. */

import { createRoute, z } from "@hono/zod-openapi";
import { unknownRule } from "../engine/service/unknown.ts";
import { ready, type App, type HttpDependencies } from "./context.ts";
import { namesOf } from "./names.ts";
import { answers, problems } from "./route.ts";
import { keyState } from "./rule-schemas.ts";

export function stateRoutes(app: App, dependencies: HttpDependencies): void {
  app.openapi(get, async (c) => {
    const { service } = ready(dependencies);
    const { rule, key } = c.req.valid("param");
    const state = await service.keyState(rule, key);
    if (state === null) throw unknownRule(rule, namesOf(service.rules()));
    return c.json(state, 200);
  });
}

const get = createRoute({
  method: "get",
  path: "/v1/state/{rule}/{key}",
  tags: ["Rules"],
  summary: "What a rule holds for one key: partial matches in words, or windows as they stand",
  description: "As of now, between two records. Of a key that nothing is held for, there is nothing to show.",
  request: {
    params: z.object({
      rule: z.string().openapi({ param: { name: "rule", in: "path" }, description: "The rule's name." }),
      key: z.string().openapi({
        param: { name: "key", in: "path" },
        description: 'The key: a text itself, any other as JSON (`42`, `["a",1]`, `null` for a rule without `key by`).',
      }),
    }),
  },
  responses: { 200: answers(keyState, "What is held."), ...problems({ 404: "No rule has that name." }) },
});
