/** Events in: `POST /v1/streams/{name}/events`, and `POST /v1/events` with the stream named in each event. */

import { createRoute } from "@hono/zod-openapi";
import { UserError } from "../core/errors.ts";
import type { Json } from "../core/event.ts";
import type { IngestResult, Rejection, Service } from "../engine/service-types.ts";
import { unknownStream } from "../engine/unknown.ts";
import { ready, type App, type Context, type HttpDependencies } from "./context.ts";
import { readEvents } from "./event-body.ts";
import { Intake, type Ingest, type Ingested } from "./intake.ts";
import type { Metrics } from "./metrics.ts";
import { namesOf } from "./names.ts";
import { RequestError } from "./problem.ts";
import { answers, pathName, problems } from "./route.ts";
import { ingested } from "./schemas.ts";

export function eventRoutes(app: App, dependencies: HttpDependencies, metrics: Metrics): void {
  const counted = (service: Service, stream: string): Ingest => {
    return async (documents) => {
      const result = await service.ingest(stream, documents);
      metrics.countIngest(stream, result);
      return result;
    };
  };

  app.openapi(postToStream, async (c) => {
    const { service } = ready(dependencies);
    const { name } = c.req.valid("param");
    if (service.stream(name) === null) throw unknownStream(name, namesOf(service.streams()));
    return c.json(await take(c, counted(service, name)), 202);
  });

  app.openapi(post, async (c) => {
    const { service } = ready(dependencies);
    const ingest: Ingest = (documents) => ingestByStream(documents, { service, ingestTo: counted });
    return c.json(await take(c, ingest), 202);
  });
}

async function take(c: Context, ingest: Ingest): Promise<Ingested> {
  const intake = new Intake(ingest);
  try {
    await readEvents(c, intake);
  } catch (error) {
    await intake.sent();
    const taken = intake.result();
    if (taken.accepted === 0 || !(error instanceof UserError)) throw error;
    // Part of the events is in the log for good: the client must know which.
    throw new RequestError(error, { members: { ...taken } });
  }
  return intake.result();
}

/** Runs of one stream go in as they stand: the log keeps the order of the request. */
async function ingestByStream(
  documents: readonly Json[],
  { service, ingestTo }: { service: Service; ingestTo: (service: Service, stream: string) => Ingest },
): Promise<IngestResult> {
  const rejected: Rejection[] = [];
  const runs: { stream: string; documents: Json[]; indices: number[] }[] = [];
  for (const [index, document] of documents.entries()) {
    const stream = (document as { stream?: Json } | null)?.stream;
    if (typeof stream !== "string") rejected.push({ index, ...unnamed });
    else if (service.stream(stream) === null) {
      const { code, message, hint } = unknownStream(stream, namesOf(service.streams()));
      rejected.push({ index, code, message, ...(hint !== undefined && { hint }) });
    } else {
      if (runs.at(-1)?.stream !== stream) runs.push({ stream, documents: [], indices: [] });
      runs.at(-1)!.documents.push(document);
      runs.at(-1)!.indices.push(index);
    }
  }
  let [accepted, duplicates, lastOffset]: [number, number, number | null] = [0, 0, null];
  // Started one after the other without waiting, so that many short runs share one commit.
  const results = await Promise.all(runs.map((run) => ingestTo(service, run.stream)(run.documents)));
  for (const [i, result] of results.entries()) {
    accepted += result.accepted;
    duplicates += result.duplicates;
    lastOffset = result.lastOffset ?? lastOffset;
    for (const rejection of result.rejected) rejected.push({ ...rejection, index: runs[i]!.indices[rejection.index]! });
  }
  return { accepted, duplicates, rejected, lastOffset };
}

const unnamed = {
  code: "no-stream",
  message: "the event does not name its stream; expected a text in `stream`",
  hint: "or post it to /v1/streams/{name}/events",
};

const body = {
  content: {
    "application/json": {
      schema: { oneOf: [{ type: "object" as const }, { type: "array" as const, items: { type: "object" as const } }] },
    },
    "application/x-ndjson": {
      schema: { type: "string" as const, description: "One JSON object a line; streamed, of any length." },
      example: '{"user":"ann","type":"failure"}\n{"user":"ann","type":"success"}\n',
    },
  },
  required: true,
};
const tags = ["Events"];
const responses = {
  202: answers(
    ingested,
    "Sent once the accepted events are durable. A bad event rejects itself, never its neighbours.",
  ),
};
const refused = {
  400: "The body is not JSON, or not UTF-8.",
  413: "One JSON document is too long; NDJSON has no upper length.",
  415: "The body's type or encoding is not known here.",
  422: "The body is neither an event nor an array of events.",
};

const postToStream = createRoute({
  method: "post",
  path: "/v1/streams/{name}/events",
  tags,
  summary: "Append events to a stream",
  request: { params: pathName("The stream's name."), body },
  responses: { ...responses, ...problems({ ...refused, 404: "No stream has that name." }) },
});

const post = createRoute({
  method: "post",
  path: "/v1/events",
  tags,
  summary: "Append events of many streams: each names its own in `stream`",
  request: { body },
  responses: { ...responses, ...problems(refused) },
});
