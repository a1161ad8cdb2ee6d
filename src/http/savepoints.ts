/** `/v1/savepoints/{name}`: one savepoint looked into, brought in from a file, and restored. */

import { createRoute, z } from "@hono/zod-openapi";
import { UserError } from "../core/errors.ts";
import { formatTime } from "../core/time.ts";
import type { SavepointDetail, Savepoints } from "../engine/checkpoint/savepoints.ts";
import { chunksOf } from "./body.ts";
import { ready, type App, type HttpDependencies } from "./context.ts";
import { mediaType, unsupportedMediaType } from "./media-type.ts";
import { answers, pathName, problems, refusedBodies } from "./route.ts";
import { count, instant, list } from "./schemas.ts";

export function savepointRoutes(app: App, dependencies: HttpDependencies): void {
  app.openapi(getOne, async (c) => {
    const { name } = c.req.valid("param");
    return c.json(view(await savepointsOf(dependencies).get(name)), 200);
  });

  app.openapi(restore, async (c) => {
    const { name } = c.req.valid("param");
    return c.json(await savepointsOf(dependencies).restore(name), 200);
  });

  app.openapi(importFile, async (c) => {
    const savepoints = savepointsOf(dependencies);
    const type = mediaType(c) ?? OCTETS;
    if (type !== OCTETS) throw unsupportedMediaType(type, [OCTETS]);
    const { name } = c.req.valid("param");
    return c.json(view(await savepoints.import(name, chunksOf(c.env.incoming))), 201);
  });
}

const OCTETS = "application/octet-stream";

/** UserError `no-checkpoints`. */
function savepointsOf(dependencies: HttpDependencies): Savepoints {
  const { savepoints } = ready(dependencies).service;
  if (savepoints !== null) return savepoints;
  throw new UserError({
    code: "no-checkpoints",
    message: "this service takes no checkpoints, and so has no savepoints",
  });
}

function view({ id, name, offset, takenAt, rules, bytes, keys, sizes }: SavepointDetail): z.infer<typeof savepoint> {
  return { id, name: name!, offset, takenAt: formatTime(takenAt), rules, bytes, keys, sizes };
}

const savepoint = z
  .object({
    id: count,
    name: z.string(),
    offset: count.openapi({ description: "The state is that of all records below, in the log that it was made over." }),
    takenAt: instant,
    rules: list(z.object({ name: z.string(), version: count })),
    bytes: count.openapi({ description: "Before compression." }),
    keys: count,
    sizes: list(z.object({ name: z.string(), bytes: count, keys: count })).openapi({
      description: "Of the parts of its state, the largest first.",
    }),
  })
  .openapi("Savepoint");

const restored = z
  .object({
    name: z.string(),
    offset: count.openapi({ description: "Of the record of the log that says so." }),
  })
  .openapi("SavepointRestored");

const tags = ["Checkpoints"];
const params = pathName("The savepoint's name.");
const unknown = { 404: "No savepoint has that name." };
const unreadable = { 409: "It is damaged, or of another version; or the service takes no checkpoints." };

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
  responses: { 200: answers(restored, "It is restored."), ...problems({ ...unknown, ...unreadable }) },
});

const importFile = createRoute({
  method: "post",
  path: "/v1/savepoints/{name}/import",
  tags,
  summary: "Bring in a savepoint from a file that was exported here or elsewhere",
  request: {
    params,
    body: {
      content: { [OCTETS]: { schema: { type: "string" as const, format: "binary" } } },
      required: true,
    },
  },
  responses: {
    201: answers(savepoint, "It is there, under this name."),
    ...problems({
      ...refusedBodies,
      409: "There is one of that name; or the file is not whole, or of another version.",
      422: "The name cannot be one.",
    }),
  },
});
