/** `/v1/rules`: rule files in, rules and how they fare out. */

import { createRoute } from "@hono/zod-openapi";
import { unknownRule } from "../engine/service/unknown.ts";
import { ready, type App, type HttpDependencies } from "./context.ts";
import { namesOf, pageByName } from "./names.ts";
import { oneOf, pageRequest, paging } from "./parameters.ts";
import { answers, pathName, problems, query } from "./route.ts";
import { ruleGraphRoute } from "./rule-graph.ts";
import { ruleLifecycleRoutes } from "./rule-lifecycle.ts";
import { readSource, refuse, render } from "./rule-text.ts";
import { rulesCheck, rulesPut, ruleStatus } from "./rule-schemas.ts";
import { page, removed } from "./schemas.ts";

export function ruleRoutes(app: App, dependencies: HttpDependencies): void {
  app.openapi(put, async (c) => {
    const { service } = ready(dependencies);
    const source = await readSource(c);
    const { on_change: onChange = "drop" } = c.req.valid("query");
    const result = await service.putRules(source, { onChange }).catch((error: unknown) => refuse(error, source));
    const created = result.rules.some(({ change }) => change === "created");
    return c.json(result, created ? 201 : 200);
  });

  app.openapi(validate, async (c) => {
    const { service } = ready(dependencies);
    const source = await readSource(c);
    const { ok, ...check } = service.checkRules(source);
    return c.json({ valid: ok, ...check, rendered: render(check.diagnostics, source) }, 200);
  });

  app.openapi(getAll, (c) => {
    const { service } = ready(dependencies);
    return c.json(pageByName(service.rules(), pageRequest(c.req.valid("query"))), 200);
  });

  app.openapi(getOne, (c) => {
    const { service } = ready(dependencies);
    const { name } = c.req.valid("param");
    const rule = service.rule(name);
    if (rule === null) throw unknownRule(name, namesOf(service.rules()));
    return c.json(rule, 200);
  });

  ruleGraphRoute(app, dependencies);
  ruleLifecycleRoutes(app, dependencies);

  app.openapi(remove, async (c) => {
    const { service } = ready(dependencies);
    const { name } = c.req.valid("param");
    const { offset } = await service.removeRule(name);
    return c.json({ name, offset }, 200);
  });
}

const ruleFile = {
  content: { "text/plain": { schema: { type: "string" as const, description: "A rule file." } } },
  required: true,
};
const params = pathName("The rule's name.");
const tags = ["Rules"];
const refusedBodies = {
  400: "The body is empty, or not UTF-8.",
  413: "The rule file is too long.",
  415: "The body is not text.",
};

const put = createRoute({
  method: "post",
  path: "/v1/rules",
  tags,
  summary: "Put a rule file: all its blocks, or none",
  description: "Posting the same text again changes nothing, and says so.",
  request: {
    query: query({
      on_change: oneOf(
        ["drop", "drain"],
        "What becomes of what a rule has begun that matches otherwise from now on: `drop`, unless told; with `drain` the " +
          "old version finishes it, which it must do within a time that it says itself.",
      ),
    }),
    body: ruleFile,
  },
  responses: {
    200: answers(rulesPut, "The rules were there already, or were changed."),
    201: answers(rulesPut, "At least one rule is new."),
    ...problems({
      ...refusedBodies,
      400: "A bad parameter; or the body is empty, or not UTF-8.",
      422: "The text is refused, or a rule cannot drain; `diagnostics` tells why.",
    }),
  },
});

const validate = createRoute({
  method: "post",
  path: "/v1/rules/validate",
  tags,
  summary: "Check a rule file, and apply nothing",
  request: { body: ruleFile },
  responses: { 200: answers(rulesCheck, "What the check found."), ...problems(refusedBodies) },
});

const getAll = createRoute({
  method: "get",
  path: "/v1/rules",
  tags,
  summary: "The active rules",
  request: { query: query(paging) },
  responses: { 200: answers(page(ruleStatus), "One page, by name."), ...problems({ 400: "A bad parameter." }) },
});

const getOne = createRoute({
  method: "get",
  path: "/v1/rules/{name}",
  tags,
  summary: "One rule: source, version, counts",
  request: { params },
  responses: { 200: answers(ruleStatus, "The rule."), ...problems({ 404: "No rule has that name." }) },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/rules/{name}",
  tags,
  summary: "Remove a rule",
  request: { params },
  responses: { 200: answers(removed, "It is gone."), ...problems({ 404: "No rule has that name." }) },
});
