/** A savepoint as one file: taken out of here, and brought in from here or elsewhere. */

import { createRoute } from "@hono/zod-openapi";
import { chunksOf } from "./body.ts";
import { savepoint } from "./checkpoint-schemas.ts";
import { shownSavepoint } from "./checkpoint-view.ts";
import { savepointsOf, type App, type HttpDependencies } from "./context.ts";
import { mediaType, unsupportedMediaType } from "./media-type.ts";
import { answers, pathName, problems, refusedBodies } from "./route.ts";

export function savepointFileRoutes(app: App, dependencies: HttpDependencies): void {
  app.openapi(exportFile, async (c) => {
    const file = savepointsOf(dependencies).export(c.req.valid("param").name);
    const first = await file.next(); // what cannot be read is refused before an answer has begun
    return c.body(ReadableStream.from(resumed(first, file)), 200, { "content-type": OCTETS });
  });

  app.openapi(importFile, async (c) => {
    const savepoints = savepointsOf(dependencies);
    const type = mediaType(c) ?? OCTETS;
    if (type !== OCTETS) throw unsupportedMediaType(type, [OCTETS]);
    const { name } = c.req.valid("param");
    return c.json(shownSavepoint(await savepoints.import(name, chunksOf(c.env.incoming))), 201);
  });
}

const OCTETS = "application/octet-stream";

/** All of it, after its first step has been looked at. What fails later breaks the connection: half a file must not look whole. */
async function* resumed<T>(first: IteratorResult<T>, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}

const tags = ["Checkpoints"];
const params = pathName("The savepoint's name.");
const content = { [OCTETS]: { schema: { type: "string" as const, format: "binary" } } };

const exportFile = createRoute({
  method: "get",
  path: "/v1/savepoints/{name}/export",
  tags,
  summary: "A savepoint as one file",
  request: { params },
  responses: {
    200: {
      content,
      description: "All of it, with a digest of each part.",
    },
    ...problems({ 404: "No savepoint has that name.", 409: "It is damaged, or of another version." }),
  },
});

const importFile = createRoute({
  method: "post",
  path: "/v1/savepoints/{name}/import",
  tags,
  summary: "Bring in a savepoint from a file that was exported here or elsewhere",
  request: {
    params,
    body: { content, required: true },
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
