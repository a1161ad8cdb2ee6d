/** A request with a key whose service is killed in its middle: sent again, all of it is taken, and nothing twice. */

import { expect, test } from "@jest/globals";
import { limits } from "../../src/core/limits.ts";
import { NoAnswerError } from "../support/http-call.ts";
import { createDatabase, dropDatabase } from "../support/postgres.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import type { ServiceProcess } from "./service-process.ts";
import { testServices } from "./services.ts";

const startService = testServices();
const newFolder = temporaryFolders();

test.each(["log.committing:3", "log.committed:3"])("killed at %s", async (point) => {
  const database = await createDatabase();
  const folder = await newFolder();
  const count = 4 * limits.chunkRecordsMax + 7;
  const body = Array.from({ length: count }, (_, at) => `{"at":${at}}\n`).join("");
  const upload = (service: ServiceProcess): ReturnType<ServiceProcess["call"]> =>
    service.call("POST /v1/streams/s/events", {
      body,
      type: "application/x-ndjson",
      headers: { "Idempotency-Key": "k" },
    });

  const first = await (
    await startService({ folder, env: { DATABASE_URL: database, TRIPLINE_CRASH_AT: point } })
  ).ready();
  await first.postRules("stream s { time at }");
  await expect(upload(first)).rejects.toThrow(NoAnswerError);
  await first.ended;

  const second = await (await startService({ folder, env: { DATABASE_URL: database } })).ready();
  const answer = await upload(second);
  expect(answer.headers.get("idempotent-replayed")).toBe("true");
  expect(answer.json()).toMatchObject({ accepted: count, duplicates: 0, rejectedTotal: 0, lastOffset: count });
  expect((await upload(second)).json()).toEqual(answer.json());
  await second.settled();
  expect((await second.call("GET /v1/streams/s")).json()).toMatchObject({ events: count });
  await second.kill("SIGTERM");
  await dropDatabase(database);
});
