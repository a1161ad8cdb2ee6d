/** Events in: `POST /v1/streams/{name}/events`, and `POST /v1/events` with the stream named in each event. */

import { setTimeout as sleep } from "node:timers/promises";
import { createRoute, z } from "@hono/zod-openapi";
import { UserError } from "../core/errors.ts";
import { limits } from "../core/limits.ts";
import type { Service, ServiceStatus } from "../engine/service/service-types.ts";
import { unknownStream } from "../engine/service/unknown.ts";
import { ready, type App, type Context, type HttpDependencies } from "./context.ts";
import { CLOUD_EVENT, CLOUD_EVENTS } from "./cloud-events.ts";
import { readEvents } from "./event-body.ts";
import { ingestByStream } from "./ingest-by-stream.ts";
import { Intake, type Ingest, type Ingested } from "./intake.ts";
import { KEY_HEADER, KeyedRequest, requestKey } from "./keyed-request.ts";
import type { Metrics } from "./metrics.ts";
import { namesOf } from "./names.ts";
import { RequestError } from "./problem.ts";
import { answers, pathName, problems } from "./route.ts";
import { ingested } from "./schemas.ts";

/** How long a request may wait for the engine to catch up before it is refused. */
const ROOM_PATIENCE_MS = 1000;
const ROOM_POLL_MS = 10;

export function eventRoutes(app: App, dependencies: HttpDependencies, metrics: Metrics): void {
  /** Requests with a key that are under way. */
  const underWay = new Set<string>();

  const take = async (c: Context, { stream, ingest }: { stream: string; ingest: Ingest }): Promise<Ingested> => {
    const { requestKeys: keys, service } = ready(dependencies);
    if (!(await hasRoom(service))) throw engineBehind(service.status());
    const key = requestKey(c, stream);
    if (key === null) return await takeOnce(c, new Intake(ingest, null));
    const text = JSON.stringify(key);
    if (underWay.has(text)) throw underWayAlready(key.key);
    underWay.add(text);
    try {
      const request = await KeyedRequest.begin(key, { keys, clock: dependencies.clock });
      if (request.before !== null) c.header("idempotent-replayed", "true");
      return await takeOnce(c, new Intake(ingest, request));
    } finally {
      underWay.delete(text);
    }
  };

  app.openapi(postToStream, async (c) => {
    const { service } = ready(dependencies);
    const { name } = c.req.valid("param");
    if (!service.hasStream(name)) throw unknownStream(name, namesOf(service.streams()));
    const ingest: Ingest = async (batch, taken) => {
      const [result] = await service.ingestRuns([{ stream: name, ...batch }], taken && (([only]) => taken(only!)));
      metrics.countIngest(name, result!);
      return result!;
    };
    return c.json(await take(c, { stream: name, ingest }), 202);
  });

  app.openapi(post, async (c) => {
    const { service } = ready(dependencies);
    const ingest: Ingest = (batch, taken) => ingestByStream(batch, { service, metrics, taken });
    return c.json(await take(c, { stream: "", ingest }), 202);
  });
}

/** A burst is over sooner than a client would have tried again; an engine that stands still is told of. */
async function hasRoom(service: Service): Promise<boolean> {
  for (let waitedMs = 0; service.isBehind(); waitedMs += ROOM_POLL_MS) {
    if (waitedMs >= ROOM_PATIENCE_MS) return false;
    await sleep(ROOM_POLL_MS);
  }
  return true;
}

async function takeOnce(c: Context, intake: Intake): Promise<Ingested> {
  try {
    await readEvents(c, intake);
  } catch (error) {
    await intake.sent();
    if (!intake.tookSome || !(error instanceof UserError)) throw error;
    // Part of the events is in the log for good: the client must know which.
    throw new RequestError(error, { members: { ...intake.result() } });
  }
  return intake.result();
}

/** Told before anything is taken: later on, the socket waits. */
function engineBehind({ logEnd, applied }: ServiceStatus): UserError {
  return new UserError({
    code: "engine-behind",
    message: `the engine is ${logEnd - applied} records behind the log; no more than ${limits.engineLagRecordsMax} may wait`,
    hint: "send it again in a moment; nothing of it was taken",
  });
}

function underWayAlready(key: string): UserError {
  return new UserError({
    code: "request-under-way",
    message: `a request with the Idempotency-Key \`${key}\` is under way`,
    hint: "wait for its answer; send it again if there is none",
  });
}

const body = {
  content: {
    "application/json": {
      schema: { oneOf: [{ type: "object" as const }, { type: "array" as const, items: { type: "object" as const } }] },
    },
    "application/x-ndjson": {
      schema: { type: "string" as const, description: "One JSON object a line; streamed, of any length." },
      example: '{"user":"ann","type":"failure"}\n{"user":"ann","type":"success"}\n',
    },
    [CLOUD_EVENT]: {
      schema: {
        type: "object" as const,
        description:
          "A CloudEvent 1.0; the event is as it stands, so rules read `data.amount`, and its stream may say `time time`, `id id`.",
      },
      example: { specversion: "1.0", id: "1", source: "/shop", type: "order.placed", data: { amount: 5 } },
    },
    [CLOUD_EVENTS]: { schema: { type: "array" as const, items: { type: "object" as const } } },
  },
  required: true,
};
const tags = ["Events"];
const headers = z.object({
  [KEY_HEADER]: z
    .string()
    .optional()
    .openapi({
      description:
        "Makes the request safe to send again, for a day: what was taken of it is passed by, and what is answered is what " +
        "would have been answered at once. 1 to 200 visible ASCII characters.",
    }),
});
const responses = {
  202: answers(
    ingested,
    "Sent once the accepted events are durable. A bad event rejects itself, never its neighbours.",
  ),
};
const refused = {
  400: "The body is not JSON, or not UTF-8.",
  413: "One JSON document is too long; NDJSON has no upper length.",
  409: "A request with that Idempotency-Key is under way.",
  415: "The body's type or encoding is not known here.",
  429: "The engine is too far behind; nothing was taken.",
  422: "The body is neither an event nor an array of events; or another body was sent under that Idempotency-Key.",
};

const postToStream = createRoute({
  method: "post",
  path: "/v1/streams/{name}/events",
  tags,
  summary: "Append events to a stream",
  description:
    "CloudEvents may be sent in binary mode, too: their attributes in `ce-` headers, their data as the body.",
  request: { params: pathName("The stream's name."), headers, body },
  responses: { ...responses, ...problems({ ...refused, 404: "No stream has that name." }) },
});

const post = createRoute({
  method: "post",
  path: "/v1/events",
  tags,
  summary: "Append events of many streams: each names its own in `stream`",
  request: { headers, body },
  responses: { ...responses, ...problems(refused) },
});
