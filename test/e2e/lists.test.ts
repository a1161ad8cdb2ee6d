/** Named lists and late events over a crash: both are as they were, and what came of them is there once. */

import { expect, test } from "@jest/globals";
import type { LateEvent } from "../../src/engine/ports.ts";
import { succeeded } from "../support/http-call.ts";
import { createDatabase, dropDatabase } from "../support/postgres.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import type { ServiceProcess } from "./service-process.ts";
import { testServices } from "./services.ts";

const RULE = `
stream payments { time at  id n }
rule risky {
  from payments
  pattern { begin p where country in list("high_risk") }
}`;

const startService = testServices();
const newFolder = temporaryFolders();

interface Found {
  readonly values: unknown;
  readonly late: readonly LateEvent[];
  readonly alerts: readonly number[];
}

async function found(service: ServiceProcess): Promise<Found> {
  const { values } = (await service.call("GET /v1/lists/high_risk")).json<{ values: unknown }>();
  const late = await service.all<LateEvent>("/v1/streams/payments/late");
  const alerts = await service.all<{ events: { p: { offset: number }[] } }>("/v1/alerts");
  return { values, late, alerts: alerts.map(({ events }) => events.p[0]!.offset) };
}

function send(service: ServiceProcess, request: string, body: unknown): Promise<unknown> {
  return service.call(request, { body: JSON.stringify(body), type: "application/json" }).then(succeeded);
}

test("a killed service has its lists and its late events again, and reads the list where it was", async () => {
  const database = await createDatabase();
  const options = { folder: await newFolder(), env: { DATABASE_URL: database } };
  const payments = (...events: readonly (readonly [n: number, at: number, country: string])[]): object[] =>
    events.map(([n, at, country]) => ({ n, at, country }));

  const first = await (await startService(options)).ready();
  succeeded(await first.postRules(RULE));
  await send(first, "PUT /v1/lists/high_risk", ["XA"]);
  succeeded(await first.postEvents("payments", payments([1, 100, "XA"], [2, 200, "XB"], [3, 50, "XA"])));
  await send(first, "PATCH /v1/lists/high_risk", { add: ["XB"], remove: ["XA"] });
  succeeded(await first.postEvents("payments", payments([4, 300, "XA"], [5, 400, "XB"], [6, 60, "XB"])));
  await first.settled();
  const before = await found(first);
  expect(before).toMatchObject({ values: ["XB"], late: [{ offset: 4 }, { offset: 8 }], alerts: [7, 2] });
  await first.kill();

  const second = await (await startService(options)).ready();
  expect(await found(second)).toEqual(before);
  succeeded(await second.postEvents("payments", payments([7, 500, "XB"], [6, 60, "XB"], [8, 70, "XA"])));
  await second.settled();
  const after = await found(second);
  expect(after).toMatchObject({ late: [...before.late, { offset: 10 }], alerts: [9, 7, 2] });
  await second.kill("SIGTERM");
  await dropDatabase(database);
});
