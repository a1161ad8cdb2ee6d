/** The shapes that the API shows, for the OpenAPI document and for the compiler: a handler's answer is checked against them. */

import { z } from "@hono/zod-openapi";
import type { Json, JsonObject } from "../core/event.ts";
import { SEVERITIES } from "../lang/definition.ts";

export const json = (z.unknown() as z.ZodType<Json>).openapi({ description: "Any JSON value." });
export const jsonObject = z.custom<JsonObject>().openapi({ type: "object", additionalProperties: true });
export const severity = z.enum(SEVERITIES);
/** RFC 3339, UTC, with milliseconds. */
export const instant = z.string().openapi({ format: "date-time", example: "2026-01-05T10:00:00.000Z" });
export const count = z.number().int().min(0);

export function list<T extends z.ZodType>(item: T): z.ZodReadonly<z.ZodArray<T>> {
  return z.array(item).readonly();
}

/** Not `nullable`, which would make the registered schema itself one that may be null. */
export function orNull<T extends z.ZodType>(schema: T): z.ZodUnion<[T, z.ZodNull]> {
  return z.union([schema, z.null()]);
}

export function page<T extends z.ZodType>(item: T) {
  return z.object({
    items: list(item),
    nextCursor: z.string().nullable().openapi({ description: "For `?cursor=`; null on the last page." }),
  });
}

export const diagnostic = z
  .object({
    code: z.string().openapi({ example: "E103" }),
    severity: z.enum(["error", "warning"]),
    message: z.string(),
    line: z.number().int().openapi({ description: "From 1, as all of them; the end is exclusive." }),
    column: z.number().int(),
    endLine: z.number().int(),
    endColumn: z.number().int(),
    hint: z.string().optional(),
  })
  .openapi("Diagnostic");

export const problem = z
  .looseObject({
    type: z.string().openapi({ example: "urn:tripline:problem:unknown-stream" }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().openapi({ description: "What was found, and what was expected." }),
    code: z.string().openapi({ example: "unknown-stream", description: "Stable: for programs." }),
    hint: z.string().optional().openapi({ description: "What to try." }),
    diagnostics: list(diagnostic).optional().openapi({ description: "Of a refused rule text." }),
    rendered: z.string().optional().openapi({ description: "The diagnostics with their source lines underlined." }),
    requestId: z.string().optional().openapi({ description: "Of a 500: the service's log names it." }),
  })
  .openapi("Problem", { description: "RFC 9457." });

export const change = z.enum(["created", "updated", "unchanged"]);
const alertEvent = z.object({ offset: count, time: instant, data: jsonObject });
export const takenEvents = z
  .record(z.string(), list(alertEvent))
  .openapi({ description: "Stage → the events it took, in order." });

export const removed = z
  .object({ name: z.string(), offset: count.openapi({ description: "What is logged before it still met it." }) })
  .openapi("Removed");

export const listStatus = z
  .object({
    name: z.string(),
    count: count.openapi({ description: "Values in it." }),
    bytes: count.openapi({ description: "Of its values as JSON." }),
    usedBy: list(z.string()).openapi({ description: "Names of the active rules that read it." }),
  })
  .openapi("ListStatus");

export const listContents = listStatus
  .extend({ values: list(z.union([z.string(), z.number(), z.boolean()])) })
  .openapi("List");

export const listChanged = z
  .object({
    name: z.string(),
    change,
    count: count.openapi({ description: "Values in it now." }),
    added: count.openapi({ description: "Values that were not in it before." }),
    removed: count.openapi({ description: "Values that were in it before." }),
    activeFrom: count.openapi({ description: "Records from this offset on are judged by the list as it is now." }),
  })
  .openapi("ListChanged");

export const ingested = z
  .object({
    accepted: count,
    duplicates: count,
    rejected: list(
      z.object({
        index: count.openapi({ description: "Of the event in the request, from 0; blank lines do not count." }),
        code: z.string(),
        message: z.string(),
        hint: z.string().optional(),
      }),
    ).openapi({ description: "The first ones; `rejectedTotal` counts all." }),
    rejectedTotal: count,
    lastOffset: count.nullable().openapi({ description: "Of the last accepted event; null when none was." }),
  })
  .openapi("Ingested");

export const alertKinds = ["match", "timeout", "window", "limit"] as const;

export const alert = z
  .object({
    id: z.string(),
    rule: z.string(),
    version: count,
    severity,
    title: z.string().nullable(),
    tags: list(z.string()),
    key: json,
    kind: z.enum(alertKinds),
    at: instant.openapi({
      description:
        "Event time: the completing event's for a match, the deadline of a timeout, a window's end or its earlier firing.",
    }),
    firstEventAt: instant.nullable(),
    lastEventAt: instant.nullable(),
    events: takenEvents,
    eventsOmitted: z
      .number()
      .int()
      .optional()
      .openapi({ description: "Latest events left out of `events` for their size" }),
    window: z
      .object({
        start: orNull(instant),
        end: orNull(instant).openapi({ description: "Exclusive; null, like `start`, for count and global windows." }),
        firing: count.openapi({ description: "Which of the window's firings, from 1." }),
      })
      .optional()
      .openapi({ description: "Of an alert of kind `window`, which quotes no events." }),
    emit: jsonObject,
    suppressed: count.openapi({ description: "Alerts held since the last one sent." }),
    suppressedBy: z.string().nullable().openapi({ description: "Id of the alert that holds this one back." }),
  })
  .openapi("Alert");

export const deliveryStatuses = ["pending", "waiting", "delivered", "dead"] as const;

export const attempt = z
  .object({
    attempt: count,
    at: instant,
    status: z.number().int().nullable().openapi({ description: "HTTP status; null when there was no answer." }),
    latencyMs: z.number(),
    error: z.string().nullable(),
    responseExcerpt: z.string().nullable(),
  })
  .openapi("DeliveryAttempt");

export const delivery = z
  .object({
    id: z.string(),
    alert: z.string(),
    destination: z.string(),
    status: z.enum(deliveryStatuses),
    createdAt: instant,
    attempts: list(attempt),
  })
  .openapi("Delivery");
