/** A rule that is paused, changed and rolled back, over a crash: each is where it was. */

import { expect, test } from "@jest/globals";
import { succeeded } from "../support/http-call.ts";
import { createDatabase, dropDatabase } from "../support/postgres.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { testServices } from "./services.ts";

const rule = (severity: string): string => `
stream logins { time at }
rule twice {
  severity ${severity}
  from logins  key by user
  pattern { begin one  followedBy two  within 1m }
}`;

const startService = testServices();
const newFolder = temporaryFolders();

test("a killed service has its rule paused as it was, with its state and its versions", async () => {
  const database = await createDatabase();
  const options = { folder: await newFolder(), env: { DATABASE_URL: database } };
  const first = await (await startService(options)).ready();
  succeeded(await first.postRules(rule("low")));
  succeeded(await first.postEvents("logins", [{ at: 1, user: "ann" }]));
  succeeded(await first.postRules(rule("high")));
  succeeded(await first.call("POST /v1/rules/twice/pause"));
  succeeded(await first.postEvents("logins", [{ at: 2, user: "ann" }]));
  await first.settled();
  const versions = (await first.call("GET /v1/rules/twice/versions")).json();
  await first.kill();

  const second = await (await startService(options)).ready();
  expect((await second.call("GET /v1/rules/twice/versions")).json()).toEqual(versions);
  expect((await second.call("GET /v1/rules/twice")).json()).toMatchObject({
    status: "paused",
    version: 2,
    counts: { partialMatches: 1, alerts: 0 },
  });
  succeeded(await second.call("POST /v1/rules/twice/resume"));
  const rolledBack = await second.call("POST /v1/rules/twice/rollback", {
    body: '{"version":1}',
    type: "application/json",
  });
  expect(rolledBack.json()).toMatchObject({ rules: [{ version: 3, status: "active", state: "kept" }] });
  succeeded(await second.postEvents("logins", [{ at: 3, user: "ann" }]));
  await second.settled();
  expect(await second.all("/v1/alerts")).toMatchObject([
    { version: 3, severity: "low", events: { one: [{ data: { at: 1 } }], two: [{ data: { at: 3 } }] } },
  ]);
  await second.kill("SIGTERM");
  await dropDatabase(database);
});
