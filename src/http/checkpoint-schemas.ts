/** The shapes of checkpoints and savepoints: as they are taken, listed and counted. */

import { z } from "@hono/zod-openapi";
import { count, instant, list, orNull } from "./schemas.ts";

const kind = z.enum(["checkpoint", "savepoint"]);
const name = z.string().nullable().openapi({ description: "Of a savepoint." });
const common = {
  id: count.openapi({ description: "The greatest is the newest." }),
  kind,
  name,
  offset: count.openapi({ description: "The state is that of all records below." }),
  takenAt: instant,
  durationMs: count.openapi({ description: "Until it was complete." }),
  bytes: count.openapi({ description: "All that it refers to, before compression." }),
  keys: count,
};

export const checkpointTaken = z
  .object({
    ...common,
    pauseMs: count.openapi({ description: "For which no record was applied." }),
    bytesWritten: count.openapi({ description: "What was not in an earlier one." }),
    keysWritten: count,
  })
  .openapi("CheckpointTaken");

export const checkpointListed = z
  .union([
    z.object({ ...common, rules: list(z.object({ name: z.string(), version: count })) }),
    z
      .object({ id: count, kind, name, fault: z.object({ code: z.string(), message: z.string() }) })
      .openapi({ description: "One that cannot be read." }),
  ])
  .openapi("Checkpoint");

export const checkpointCounts = z
  .object({
    completed: count.openapi({ description: "Since the process began." }),
    failed: count,
    consecutiveFailures: count,
    isInProgress: z.boolean(),
    last: orNull(checkpointTaken),
    lastFailure: z.object({ at: instant, message: z.string() }).nullable(),
  })
  .openapi("CheckpointCounts");

export const savepoint = z
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

export const savepointRestored = z
  .object({
    name: z.string(),
    offset: count.openapi({ description: "Of the record of the log that says so." }),
  })
  .openapi("SavepointRestored");
