/** `/v1/streams`: events and watermarks in, streams and how they fare out. */

import { createRoute } from "@hono/zod-openapi";
import { UserError } from "../core/errors.ts";
import type { Json } from "../core/event.ts";
import { limits } from "../core/limits.ts";
import { parseTime } from "../core/time.ts";
import { unknownStream } from "../engine/service/unknown.ts";
import { readJson } from "./body.ts";
import { ready, type App, type Context, type HttpDependencies } from "./context.ts";
import { mediaType } from "./media-type.ts";
import { namesOf, pageByName } from "./names.ts";
import { pageRequest, paging, time } from "./parameters.ts";
import { answers, jsonBody, pathName, problems, query, refusedBodies } from "./route.ts";
import { readSource, refuse } from "./rule-text.ts";
import { page } from "./schemas.ts";
import { lateEvent, streamStatus, watermarkAdvanced } from "./status-schemas.ts";
import { requireStreamBlock, streamPut, streamText } from "./stream-body.ts";

export function streamRoutes(app: App, dependencies: HttpDependencies): void {
  app.openAPIRegistry.register("StreamPut", streamPut);

  app.openapi(getAll, (c) => {
    const { service } = ready(dependencies);
    return c.json(pageByName(service.streams(), pageRequest(c.req.valid("query"))), 200);
  });

  app.openapi(getOne, (c) => {
    const { service } = ready(dependencies);
    const { name } = c.req.valid("param");
    const stream = service.stream(name);
    if (stream === null) throw unknownStream(name, namesOf(service.streams()));
    return c.json(stream, 200);
  });

  app.openapi(put, async (c) => {
    const { service } = ready(dependencies);
    const { name } = c.req.valid("param");
    const source = await readStream(c, name);
    const { streams } = await service.putRules(source).catch((error: unknown) => refuse(error, source));
    return c.json(service.stream(name)!, streams[0]!.change === "created" ? 201 : 200);
  });

  app.openapi(getLate, async (c) => {
    const { service, late } = ready(dependencies);
    const { name } = c.req.valid("param");
    if (!service.hasStream(name)) throw unknownStream(name, namesOf(service.streams()));
    const { limit, cursor, ...times } = c.req.valid("query");
    return c.json(await late.list({ stream: name, ...times }, pageRequest({ limit, cursor })), 200);
  });

  app.openapi(advance, async (c) => {
    const { service } = ready(dependencies);
    const { name } = c.req.valid("param");
    const time = watermarkTime(await readJson(c));
    const { offset } = await service.advanceWatermark(name, time);
    return c.json({ stream: name, offset }, 200);
  });
}

/** The text of the `stream` block: as it stands, or put together from JSON. */
async function readStream(c: Context, name: string): Promise<string> {
  if ((mediaType(c) ?? "application/json") === "application/json") return streamText(await readJson(c), name);
  const source = await readSource(c);
  requireStreamBlock(source, name);
  return source;
}

function watermarkTime(body: Json): number | "end" {
  const given =
    body !== null && typeof body === "object" && !Array.isArray(body) ? (body as { time?: Json }).time : null;
  const time = given === "end" ? given : parseTime(given);
  if (time !== undefined) return time;
  throw new UserError({
    code: "bad-body",
    message: `\`time\` is ${JSON.stringify(given ?? null)}; expected RFC 3339, epoch milliseconds or "end"`,
    hint: 'send `{"time": "2026-01-05T10:00:00Z"}`, or `{"time": "end"}` to close the stream',
  });
}

const params = pathName("The stream's name.");
const tags = ["Streams"];
const unknown = { 404: "No stream has that name: neither a block describes it nor a rule names it." };

const getAll = createRoute({
  method: "get",
  path: "/v1/streams",
  tags,
  summary: "The streams",
  request: { query: query(paging) },
  responses: { 200: answers(page(streamStatus), "One page, by name."), ...problems({ 400: "A bad parameter." }) },
});

const getOne = createRoute({
  method: "get",
  path: "/v1/streams/{name}",
  tags,
  summary: "One stream: watermark and counts",
  request: { params },
  responses: { 200: answers(streamStatus, "The stream."), ...problems(unknown) },
});

const getLate = createRoute({
  method: "get",
  path: "/v1/streams/{name}/late",
  tags,
  summary: "Late events of a stream, in the order of the log",
  description:
    `Events that came behind the watermark, where the stream says \`late side\`: no rule has seen them. The newest ` +
    `${limits.lateEventsKeptMax} are kept; \`late\` of the stream counts all.`,
  request: {
    params,
    query: query({ from: time("Event time, from here on."), to: time("Event time, before this."), ...paging }),
  },
  responses: {
    200: answers(page(lateEvent), "One page."),
    ...problems({ ...unknown, 400: "A bad parameter, or a bad cursor." }),
  },
});

const put = createRoute({
  method: "put",
  path: "/v1/streams/{name}",
  tags,
  summary: "Put a stream: its `stream` block, as JSON or as it stands in a rule file",
  description:
    "What is left away has its default. Putting the same again changes nothing; a stream that has ended begins anew.",
  request: {
    params,
    body: {
      content: {
        ...jsonBody("StreamPut").content,
        "text/plain": { schema: { type: "string" as const }, example: "stream logins { time occurred_at }" },
      },
      required: true,
    },
  },
  responses: {
    200: answers(streamStatus, "It was there; it is now as sent."),
    201: answers(streamStatus, "It is new."),
    ...problems({
      ...refusedBodies,
      422: "A clause is refused; `diagnostics` tells why, in the block as it was made.",
    }),
  },
});

const advance = createRoute({
  method: "post",
  path: "/v1/streams/{name}/watermark",
  tags,
  summary: "Advance event time",
  description:
    'Event time advances to `time`, inclusive. `"end"` closes everything that is open: the end of a bounded stream.',
  request: { params, body: jsonBody("WatermarkAdvance") },
  responses: {
    200: answers(watermarkAdvanced, "It is in the log."),
    ...problems({ ...unknown, ...refusedBodies, 422: "`time` is no time." }),
  },
});
