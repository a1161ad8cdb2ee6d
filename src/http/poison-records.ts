/** `/v1/poison-records`: records that the engine failed on again and again, and went on without. */

import { createRoute, z } from "@hono/zod-openapi";
import { UserError } from "../core/errors.ts";
import { formatTime } from "../core/time.ts";
import type { PoisonRecord } from "../engine/checkpoint/poison.ts";
import { ready, type App, type HttpDependencies } from "./context.ts";
import { answers, problems } from "./route.ts";
import { count, instant, list, orNull } from "./schemas.ts";

export function poisonRoutes(app: App, dependencies: HttpDependencies): void {
  app.openapi(getAll, async (c) => {
    const { savepoints } = ready(dependencies).service;
    return c.json({ items: ((await savepoints?.poisonRecords()) ?? []).map(view) }, 200);
  });

  app.openapi(getOne, async (c) => {
    const { offset } = c.req.valid("param");
    const { savepoints } = ready(dependencies).service;
    const found = (await savepoints?.poisonRecords())?.find(({ record }) => String(record.offset) === offset);
    if (found === undefined) throw unknownRecord(offset);
    return c.json(view(found), 200);
  });

  app.openapi(replay, async (c) => {
    const { savepoints } = ready(dependencies).service;
    const { offset } = c.req.valid("param");
    if (savepoints === null) throw unknownRecord(offset);
    return c.json(view(await savepoints.replayPoison(Number(offset))), 200);
  });
}

function view({ record, error, at, replayedAs }: PoisonRecord): z.infer<typeof poisonRecord> {
  const { offset, kind } = record;
  return { offset, kind, record: JSON.stringify(record), error, at: formatTime(at), replayedAs };
}

function unknownRecord(offset: string): UserError {
  return new UserError({ code: "unknown-record", message: `no record of offset ${offset} has been set aside` });
}

const poisonRecord = z
  .object({
    offset: count,
    kind: z.string(),
    record: z.string().openapi({ description: "As JSON, as it is in the log." }),
    error: z.string(),
    at: instant.openapi({ description: "When it was set aside." }),
    replayedAs: orNull(count).openapi({ description: "The offset under which it was logged once more." }),
  })
  .openapi("PoisonRecord");

const tags = ["Checkpoints"];
const params = z.object({
  offset: z.string().openapi({ param: { name: "offset", in: "path" }, description: "The record's." }),
});
const unknown = { 404: "None of that offset has been set aside." };

const getAll = createRoute({
  method: "get",
  path: "/v1/poison-records",
  tags,
  summary: "Records that the engine goes on without, by offset",
  responses: { 200: answers(z.object({ items: list(poisonRecord) }), "All of them."), ...problems({}) },
});

const getOne = createRoute({
  method: "get",
  path: "/v1/poison-records/{offset}",
  tags,
  summary: "One record that the engine goes on without, and why",
  request: { params },
  responses: { 200: answers(poisonRecord, "The record."), ...problems(unknown) },
});

const replay = createRoute({
  method: "post",
  path: "/v1/poison-records/{offset}/replay",
  tags,
  summary: "Log an event that was set aside once more, at the end of the log",
  request: { params },
  responses: {
    200: answers(poisonRecord, "It is logged."),
    ...problems({ ...unknown, 409: "It is no event." }),
  },
});
