/** What becomes of a rule that is active: paused, resumed, its versions, and the way back to one of them. */

import { createRoute, z } from "@hono/zod-openapi";
import { UserError } from "../core/errors.ts";
import type { Json } from "../core/event.ts";
import { unknownRule } from "../engine/service/unknown.ts";
import { readJson } from "./body.ts";
import { ready, type App, type HttpDependencies } from "./context.ts";
import { namesOf, pageByVersion } from "./names.ts";
import { pageRequest, paging } from "./parameters.ts";
import { answers, jsonBody, pathName, problems, query, refusedBodies } from "./route.ts";
import { refuse } from "./rule-text.ts";
import { ruleHeld, rulesPut, ruleVersion } from "./rule-schemas.ts";
import { page } from "./schemas.ts";

export function ruleLifecycleRoutes(app: App, dependencies: HttpDependencies): void {
  app.openAPIRegistry.register("Rollback", rollbackBody);

  app.openapi(pause, async (c) => {
    const { service } = ready(dependencies);
    return c.json(await service.pauseRule(c.req.valid("param").name), 200);
  });

  app.openapi(resume, async (c) => {
    const { service } = ready(dependencies);
    return c.json(await service.resumeRule(c.req.valid("param").name), 200);
  });

  app.openapi(getVersions, (c) => {
    const { service } = ready(dependencies);
    const { name } = c.req.valid("param");
    const versions = service.ruleVersions(name);
    if (versions === null) throw unknownRule(name, namesOf(service.rules()));
    return c.json(pageByVersion(versions, pageRequest(c.req.valid("query"))), 200);
  });

  app.openapi(rollback, async (c) => {
    const { service } = ready(dependencies);
    const { name } = c.req.valid("param");
    const version = versionOf(await readJson(c));
    const source = service.ruleVersions(name)?.find((each) => each.version === version)?.source ?? "";
    return c.json(await service.rollbackRule(name, version).catch((error: unknown) => refuse(error, source)), 200);
  });
}

function versionOf(body: Json): number {
  const given = body !== null && typeof body === "object" && !Array.isArray(body) ? (body as { version?: Json }) : {};
  const { version = null } = given;
  if (typeof version === "number" && Number.isInteger(version) && version > 0) return version;
  throw new UserError({
    code: "bad-body",
    message: `\`version\` is ${JSON.stringify(version).slice(0, 50)}; expected a whole number from 1`,
    hint: 'send `{"version": 1}`; GET /v1/rules/{name}/versions lists them',
  });
}

const rollbackBody = z.strictObject({ version: z.number().int().min(1) }).openapi("Rollback");
const tags = ["Rules"];
const params = pathName("The rule's name.");
const unknown = { 404: "No rule has that name." };

const pause = createRoute({
  method: "post",
  path: "/v1/rules/{name}/pause",
  tags,
  summary: "Pause a rule: it takes no events, and keeps its state",
  description:
    "Takes effect at one offset of the log. The rule's time stands still; what becomes due meanwhile is dropped, and " +
    "counted, when it resumes. Pausing a paused rule changes nothing.",
  request: { params },
  responses: { 200: answers(ruleHeld, "It is paused."), ...problems(unknown) },
});

const resume = createRoute({
  method: "post",
  path: "/v1/rules/{name}/resume",
  tags,
  summary: "Resume a paused rule",
  description: "It sees the events logged from the offset of the answer on. Resuming an active rule changes nothing.",
  request: { params },
  responses: { 200: answers(ruleHeld, "It is active."), ...problems(unknown) },
});

const getVersions = createRoute({
  method: "get",
  path: "/v1/rules/{name}/versions",
  tags,
  summary: "Every version of a rule that was ever active, the first one first",
  description: "Those of a rule that has been removed, too.",
  request: { params, query: query(paging) },
  responses: {
    200: answers(page(ruleVersion), "One page."),
    ...problems({ 400: "A bad parameter.", 404: "No rule ever had that name." }),
  },
});

const rollback = createRoute({
  method: "post",
  path: "/v1/rules/{name}/rollback",
  tags,
  summary: "Put the text of an earlier version again",
  description:
    "It becomes active under the next version number, since numbers are never used again. A rule that has been removed " +
    "comes back. What it matches decides, as with any change, whether the state is kept.",
  request: { params, body: jsonBody("Rollback") },
  responses: {
    200: answers(rulesPut, "That text is active."),
    ...problems({
      ...refusedBodies,
      404: "No rule ever had that name, or it has no such version.",
      422: "`version` is none, or its text does not go with the streams as they are now.",
    }),
  },
});
