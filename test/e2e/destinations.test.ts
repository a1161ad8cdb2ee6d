/** Destinations that fail in every way there is: each attempt is written down, and none of them holds up another. */

import { beforeAll, describe, expect, test } from "@jest/globals";
import type { Delivery } from "../../src/engine/ports.ts";
import { succeeded } from "../support/http-call.ts";
import { status, testReceiver } from "../support/receiver.ts";
import type { ReceiverAnswer } from "../support/webhook-receiver.ts";
import type { ServiceProcess } from "./service-process.ts";
import { quickServices } from "./services.ts";

const RULE = `
stream logins { time at }
rule failed {
  from logins
  pattern { begin failed where type == "failure" }
  deliver fine, broken, moved, hanging, unresolved
}`;

const HANG: ReceiverAnswer = () => undefined;

const startService = quickServices();
const receiver = testReceiver();
let service: ServiceProcess;

beforeAll(async () => {
  service = await startService();
  for (const name of ["fine", "broken", "moved"]) await put(name, `${receiver.url}/${name}`);
  await put("hanging", `${receiver.url}/hanging`, { timeoutMs: 200 });
  await put("unresolved", "http://nowhere.invalid/", { timeoutMs: 2000 });
  succeeded(await service.postRules(RULE));
});

async function put(name: string, url: string, settings: object = {}): Promise<void> {
  succeeded(await service.putDestination(name, { url, retries: 1, ...settings }));
}

/** Attempts as text: what was answered, or why not. */
async function deliveries(): Promise<Record<string, string[]>> {
  const all = await service.all<Delivery>("/v1/deliveries");
  return Object.fromEntries(
    all.map(({ destination, status: state, attempts }) => [
      destination,
      [state, ...attempts.map((attempt) => `${attempt.attempt}: ${attempt.status}, ${attempt.error}`)],
    ]),
  );
}

describe("an alert for five destinations", () => {
  test("reaches the one that works; of the others, each attempt is written down with what came of it", async () => {
    receiver.answer = (response, count) => {
      const { path } = receiver.requests.at(-1)!;
      const moved = status(301, { location: `${receiver.url}/elsewhere` });
      const answers = { "/broken": status(500, {}, "out of order"), "/moved": moved, "/hanging": HANG };
      (answers[path as keyof typeof answers] ?? status(204))(response, count);
    };
    succeeded(await service.postEvents("logins", [{ at: 1, type: "failure" }]));
    await service.settled();

    const found = await deliveries();
    // The words are the resolver's own; one without a network may only be slow.
    expect(found["unresolved"]!.splice(1)).toEqual([
      expect.stringMatching(/^1: null, .*(?:nowhere\.invalid|no answer within 2000 ms)/),
      expect.stringMatching(/^2: null, .*(?:nowhere\.invalid|no answer within 2000 ms); no attempt is left$/),
    ]);
    expect(found).toEqual({
      fine: ["delivered", "1: 204, null"],
      broken: ["dead", "1: 500, answered 500", "2: 500, answered 500; no attempt is left"],
      moved: [
        "dead",
        "1: 301, answered 301: redirects are not followed",
        "2: 301, answered 301: redirects are not followed; no attempt is left",
      ],
      hanging: ["dead", "1: null, no answer within 200 ms", "2: null, no answer within 200 ms; no attempt is left"],
      unresolved: ["dead"],
    });

    const paths = receiver.requests.map(({ path }) => path).sort();
    expect(paths).toEqual(["/broken", "/broken", "/fine", "/hanging", "/hanging", "/moved", "/moved"]);
    expect(new Set(receiver.requests.map(({ headers }) => headers["webhook-id"])).size).toBe(1); // S9.4
  });

  test("is delivered after all, once the destination is mended and the delivery is retried", async () => {
    await put("moved", `${receiver.url}/elsewhere`);
    const [dead] = await service.all<Delivery>("/v1/deliveries?destination=moved");
    succeeded(await service.call(`POST /v1/deliveries/${dead!.id}/retry`));
    await service.settled();
    expect((await deliveries())["moved"]).toEqual(
      expect.arrayContaining(["delivered", "3: 204, null"]) as unknown as string[],
    );
  });
});
