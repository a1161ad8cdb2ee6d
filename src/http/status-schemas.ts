/** The shapes of how things stand: of the service, of its streams, and of who holds their time back. */

import { z } from "@hono/zod-openapi";
import { checkpointCounts } from "./checkpoint-schemas.ts";
import { count, instant, jsonObject, list, orNull } from "./schemas.ts";

const heldBackBy = z
  .object({
    stream: z.string(),
    partition: z
      .string()
      .nullable()
      .openapi({ description: "Of that stream; `http` for what comes over HTTP; null where it has none yet." }),
    watermark: z.string(),
    since: instant.openapi({ description: "Neither it nor its watermark has been another one since." }),
  })
  .openapi("HeldBackBy", {
    description: "Whose watermark is the least of those that are not idle: time waits for it.",
  });

export const streamStatus = z
  .object({
    name: z.string(),
    declared: z.boolean().openapi({ description: "False for a stream that is only named by a rule." }),
    source: z.string(),
    watermark: z
      .string()
      .openapi({ description: "RFC 3339, `beginning` or `end`.", example: "2026-01-05T10:00:00.000Z" }),
    lagMs: z
      .number()
      .int()
      .nullable()
      .openapi({ description: "How far the watermark is behind the clock; null at `beginning` and `end`." }),
    lastArrival: instant.nullable().openapi({ description: "When its newest event arrived." }),
    idle: z.boolean().openapi({ description: "Silent for as long as its `idle` says." }),
    ended: z.boolean().openapi({ description: "It takes events again once its block is put again." }),
    events: count,
    late: count,
    waiting: count.openapi({ description: "Accepted, and still waiting for the watermark." }),
    partitions: list(
      z.object({
        name: z.string().openapi({ description: "`http` for the one that HTTP is." }),
        watermark: z.string(),
        lastArrival: instant,
        idle: z.boolean().openapi({ description: "It holds time back no longer, until it speaks again." }),
      }),
    ),
    heldBackBy: orNull(heldBackBy),
  })
  .openapi("Stream");

export const lateEvent = z
  .object({
    offset: count.openapi({ description: "Its place in the log." }),
    time: instant.openapi({ description: "Event time." }),
    data: jsonObject,
  })
  .openapi("LateEvent");

const alertSink = z
  .object({
    mode: z.enum(["idempotent", "two-phase"]),
    state: z.enum(["working", "away", "back"]).openapi({
      description: "`back`: it answers again, and is about to be given the alerts that it lacks.",
    }),
    waiting: count.openapi({ description: "Alerts that have not been handed to it." }),
    open: count.openapi({ description: "Transactions that are being filled." }),
    prepared: count.openapi({ description: "Pre-committed, and not known to be committed." }),
    committed: count.openapi({ description: "Transactions, since the process began." }),
    aborted: count,
  })
  .openapi("AlertSink");

export const serviceStatus = z
  .object({
    logEnd: count.openapi({ description: "Offset after the log's last record." }),
    applied: count.openapi({ description: "Every record below has been through the engine." }),
    processed: count.openapi({
      description: "Every record below has been through the engine, and its alerts are stored.",
    }),
    replaying: z.boolean(),
    lag: z
      .object({ records: count, ms: count.openapi({ description: "How long the oldest of them has waited." }) })
      .openapi({ description: "What is in the log and not processed." }),
    counts: z.object({
      rules: count,
      streams: count,
      lists: count,
      keys: count.openapi({ description: "With state, of all rules." }),
      partialMatches: count.openapi({ description: "Held now, of all rules." }),
    }),
    inputs: list(
      z.object({
        streams: list(z.string()),
        rules: list(z.string()).openapi({ description: "Names of those that read them." }),
        watermark: z.string(),
        waiting: count,
        heldBackBy: orNull(heldBackBy),
      }),
    ).openapi({ description: "Each set of streams that rules read: they go by the least of their watermarks." }),
    checkpoints: orNull(checkpointCounts).openapi({
      description: "Since the process began; null where none are taken.",
    }),
    restarts: count.openapi({
      description: "How often the engine has begun again at a checkpoint, since the process began.",
    }),
    sink: orNull(alertSink).openapi({ description: "Where alerts go beside the alert store; null where they do not." }),
    troubles: list(z.string()).openapi({ description: "What cannot be written now, and is tried again." }),
  })
  .openapi("Status");

export const watermarkAdvanced = z.object({ stream: z.string(), offset: count }).openapi("WatermarkAdvanced");
