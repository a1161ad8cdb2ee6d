import { expect, test } from "@jest/globals";
import { limits } from "../../src/core/limits.ts";
import type { StoredAlert } from "../../src/engine/ports.ts";
import { httpService } from "../support/http-service.ts";

const service = httpService();

test("while the engine is too far behind, events are refused before anything of them is taken", async () => {
  await service.postRules("stream s { time at } rule r { from s pattern { begin a } }");
  const write = service.stores.alerts.write.bind(service.stores.alerts);
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  service.stores.alerts.write = async (...call): Promise<readonly StoredAlert[]> => {
    await held;
    return await write(...call);
  };
  const events = Array.from({ length: 3 * limits.unwrittenAlertsMax + limits.engineLagRecordsMax }, (_, at) => ({
    at,
  }));
  await service.service.ingest("s", events); // at once: over HTTP its own later batches would have to wait

  const refused = await service.postEvents("s", [{ at: 1 }]);
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe("1");
  expect(refused.json()).toMatchObject({
    code: "engine-behind",
    hint: "send it again in a moment; nothing of it was taken",
  });
  expect((await service.call("POST /v1/events", { body: "[]", type: "application/json" })).status).toBe(429);

  letGo();
  await service.settled();
  expect((await service.postEvents("s", [{ at: events.length }])).status).toBe(202);
});
