/** `/v1/checkpoints` and `/v1/savepoints`: the engine's state, taken between two records; what is there, and a savepoint as a file. */

import { createRoute, z } from "@hono/zod-openapi";
import { UserError } from "../core/errors.ts";
import type { Json, JsonObject } from "../core/event.ts";
import { formatTime } from "../core/time.ts";
import type { CheckpointEntry } from "../engine/checkpoint/checkpoint-port.ts";
import type { Savepoints } from "../engine/checkpoint/savepoints.ts";
import { readJson } from "./body.ts";
import { checkpointListed, checkpointTaken } from "./checkpoint-schemas.ts";
import { shownTaken } from "./checkpoint-view.ts";
import { ready, type App, type Backend, type HttpDependencies } from "./context.ts";
import { pageById } from "./names.ts";
import { pageRequest, paging } from "./parameters.ts";
import { answers, jsonBody, pathName, problems, query, refusedBodies } from "./route.ts";
import { page } from "./schemas.ts";

export function checkpointRoutes(app: App, dependencies: HttpDependencies): void {
  app.openAPIRegistry.register(
    "SavepointTake",
    z.strictObject({
      name: z.string(),
      stop: z
        .boolean()
        .default(false)
        .openapi({ description: "Take nothing more from its moment on, and stop the service behind the answer." }),
    }),
  );

  app.openapi(take, async (c) => {
    const taken = await savepointsOf(ready(dependencies)).takeCheckpoint();
    return c.json(shownTaken(taken), 201);
  });

  app.openapi(takeSavepoint, async (c) => {
    const backend = ready(dependencies);
    const { name, stop } = savepointRequest(await readJson(c));
    const taken = await savepointsOf(backend).create(name, { isLast: stop });
    if (stop) backend.stop();
    return c.json(shownTaken(taken), 201);
  });

  app.openapi(getAll, async (c) => {
    const entries = await ready(dependencies).checkpoints.list();
    return c.json(pageById(entries.map(listed), pageRequest(c.req.valid("query"))), 200);
  });

  app.openapi(getSavepoints, async (c) => {
    const entries = await ready(dependencies).checkpoints.list();
    const savepoints = entries.filter(({ kind }) => kind === "savepoint").map(listed);
    return c.json(pageById(savepoints, pageRequest(c.req.valid("query"))), 200);
  });

  app.openapi(remove, async (c) => {
    await savepointsOf(ready(dependencies)).remove(c.req.valid("param").name);
    return c.body(null, 204);
  });

  app.openapi(exportFile, async (c) => {
    const file = savepointsOf(ready(dependencies)).export(c.req.valid("param").name);
    const first = await file.next(); // what cannot be read is refused before an answer has begun
    return c.body(ReadableStream.from(resumed(first, file)), 200, { "content-type": "application/octet-stream" });
  });
}

/** All of it, after its first step has been looked at. What fails later breaks the connection: half a file must not look whole. */
async function* resumed<T>(first: IteratorResult<T>, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}

function savepointRequest(body: Json): { readonly name: string; readonly stop: boolean } {
  const { name = null, stop = false } = isObject(body) ? body : {};
  if (typeof name !== "string") throw badBody("name", name, "a text");
  if (typeof stop !== "boolean") throw badBody("stop", stop, "true or false");
  return { name, stop };
}

function isObject(body: Json): body is JsonObject {
  return body !== null && typeof body === "object" && !Array.isArray(body);
}

function badBody(member: string, found: Json, expected: string): UserError {
  return new UserError({
    code: "bad-body",
    message: `\`${member}\` is ${JSON.stringify(found).slice(0, 50)}; expected ${expected}`,
    hint: 'send `{"name": "before-the-upgrade"}`',
  });
}

function listed(entry: CheckpointEntry): z.infer<typeof checkpointListed> {
  const { id, kind, name } = entry;
  if ("fault" in entry) return { id, kind, name, fault: { code: entry.fault.code, message: entry.fault.message } };
  const { offset, takenAt, durationMs, bytes, keys, rules } = entry.summary;
  return { id, kind, name, offset, takenAt: formatTime(takenAt), durationMs, bytes, keys, rules };
}

/** UserError `no-checkpoints`. */
function savepointsOf({ service }: Backend): Savepoints {
  if (service.savepoints !== null) return service.savepoints;
  throw new UserError({
    code: "no-checkpoints",
    message: "this service takes no checkpoints: each start reads the whole log",
  });
}

const tags = ["Checkpoints"];
const params = pathName("The savepoint's name.");
const unknown = { 404: "No savepoint has that name." };

const take = createRoute({
  method: "post",
  path: "/v1/checkpoints",
  tags,
  summary: "Take a checkpoint now",
  description: "The state between two records. It is written while records go on, and makes room for later ones.",
  responses: { 201: answers(checkpointTaken, "It is complete."), ...problems({}) },
});

const takeSavepoint = createRoute({
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
  path: "/v1/checkpoints",
  tags,
  summary: "Checkpoints and savepoints, newest first",
  request: { query: query(paging) },
  responses: { 200: answers(page(checkpointListed), "One page."), ...problems({ 400: "A bad parameter." }) },
});

const getSavepoints = createRoute({
  method: "get",
  path: "/v1/savepoints",
  tags,
  summary: "Savepoints, newest first",
  request: { query: query(paging) },
  responses: { 200: answers(page(checkpointListed), "One page."), ...problems({ 400: "A bad parameter." }) },
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

const exportFile = createRoute({
  method: "get",
  path: "/v1/savepoints/{name}/export",
  tags,
  summary: "A savepoint as one file",
  request: { params },
  responses: {
    200: {
      content: { "application/octet-stream": { schema: { type: "string" as const, format: "binary" } } },
      description: "All of it, with a digest of each part.",
    },
    ...problems({ ...unknown, 409: "It is damaged, or of another version." }),
  },
});
