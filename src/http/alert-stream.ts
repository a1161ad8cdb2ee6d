/** `GET /v1/alerts/stream`: alerts as they are committed, as server-sent events; `Last-Event-ID` resumes without a gap. */

import { createRoute } from "@hono/zod-openapi";
import { UserError } from "../core/errors.ts";
import { limits } from "../core/limits.ts";
import type { StoredAlert } from "../engine/ports.ts";
import { SEVERITIES } from "../lang/definition.ts";
import { followAlerts, type FeedItem } from "./alert-feed.ts";
import { ready, type App, type Context, type HttpDependencies } from "./context.ts";
import { oneOf, text } from "./parameters.ts";
import { problems, query } from "./route.ts";

/** Proxies cut a connection that is silent for a minute. */
const HEARTBEAT_MS = 15_000;
const RECONNECT_AFTER_MS = 2_000;

export function alertStream(app: App, dependencies: HttpDependencies): void {
  let readers = 0;

  app.openapi(route, async (c) => {
    const { service, alerts } = ready(dependencies);
    const { lastEventId, ...filter } = c.req.valid("query");
    const known = resumePoint(c.req.header("last-event-id") ?? lastEventId);
    if (readers >= limits.alertStreamsMax) throw tooManyReaders();
    const gone = connectionClosed(c);
    readers++;
    gone.addEventListener("abort", () => readers--, { once: true });

    // The answer begins once the start is known: who has seen its head misses nothing from then on.
    const last = await alerts.lastSequence();
    const after = Math.min(known ?? last, last); // an id of another database says nothing about this one
    const signal = AbortSignal.any([gone, dependencies.closing]);
    const feed = followAlerts({ service, reader: alerts, after, quietAfterMs: HEARTBEAT_MS, signal });
    return c.body(ReadableStream.from(eventStream({ feed, after, filter })), 200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no", // nginx would hold the events back
    });
  });
}

interface Filter {
  readonly rule?: string | undefined;
  readonly severity?: string | undefined;
}

async function* eventStream({
  feed,
  after,
  filter,
}: {
  feed: AsyncIterable<FeedItem>;
  after: number;
  filter: Filter;
}): AsyncGenerator<Buffer> {
  // An id without data is no event, but the client keeps it: who is cut off before the first alert still resumes from here.
  yield Buffer.from(`retry: ${RECONNECT_AFTER_MS}\nid: ${after}\n\n`);
  for await (const item of feed) {
    if (item.kind === "quiet") yield Buffer.from(": still here\n\n");
    else
      yield Buffer.from(
        item.alerts
          .filter((stored) => passes(stored, filter))
          .map(event)
          .join(""),
      );
  }
}

function passes({ alert }: StoredAlert, { rule, severity }: Filter): boolean {
  return (rule === undefined || alert.rule === rule) && (severity === undefined || alert.severity === severity);
}

function event({ sequence, alert }: StoredAlert): string {
  return `id: ${sequence}\nevent: alert\ndata: ${JSON.stringify(alert)}\n\n`;
}

/** Aborts when the answer is over: ended by us, or cut off by the client. */
function connectionClosed(c: Context): AbortSignal {
  const controller = new AbortController();
  const { outgoing } = c.env;
  if (outgoing.destroyed) controller.abort();
  else outgoing.once("close", () => controller.abort());
  return controller.signal;
}

function resumePoint(lastEventId: string | undefined): number | null {
  if (lastEventId === undefined) return null;
  if (/^\d{1,15}$/.test(lastEventId)) return Number(lastEventId);
  throw new UserError({
    code: "bad-parameter",
    message: `the last event id is ${JSON.stringify(lastEventId)}; expected the \`id\` of an event of this stream`,
    hint: "leave it away to start from now; `0` starts from the first alert",
  });
}

function tooManyReaders(): UserError {
  return new UserError({
    code: "too-many-readers",
    message: `${limits.alertStreamsMax} live readers are connected, which is all that there may be`,
    hint: "page through GET /v1/alerts instead, or try again later",
  });
}

const route = createRoute({
  method: "get",
  path: "/v1/alerts/stream",
  tags: ["Alerts"],
  summary: "Alerts, live (server-sent events)",
  description:
    "Each alert is an event `alert` whose id is its sequence. A reconnecting client sends the last id it saw in the " +
    "header `Last-Event-ID` (browsers do so by themselves) and misses nothing; without one, the stream starts from now.",
  request: {
    query: query({
      rule: text("Just this rule's alerts."),
      severity: oneOf(SEVERITIES, "Just this severity."),
      lastEventId: text("For clients that cannot set the header `Last-Event-ID`."),
    }),
  },
  responses: {
    200: {
      content: { "text/event-stream": { schema: { type: "string" as const } } },
      description: "`id`, `event: alert` and `data`, which is the alert.",
    },
    ...problems({ 400: "A bad parameter." }),
  },
});
