/** One engine everywhere: the bundled rules over the bundled samples, by file and by HTTP. */

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { loadShow } from "../../src/app/demo/show.ts";
import { byArrival } from "../../src/app/demo/traffic.ts";
import type { Alert } from "../../src/engine/output.ts";
import { succeeded } from "../support/http-call.ts";
import { root } from "../support/project.ts";
import { testReceiver } from "../support/receiver.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { parseLines, tripline } from "./command-line.ts";
import { quickServices } from "./services.ts";

describe("the alerts of `tripline run` and of the service", () => {
  const startService = quickServices();
  const newFolder = temporaryFolders();
  const receiver = testReceiver();

  // S9.1
  test("are the same, word for word: found, stored and delivered", async () => {
    const show = await loadShow({ root, seed: 1, destination: "desk" });
    const events = show.arrivals.toSorted(byArrival).map(({ stream, document }) => ({ stream, ...document }));
    const found = await alertsOfRun(show.rules, events, await newFolder());

    const service = await startService();
    succeeded(await service.putDestination("desk", { url: receiver.url }));
    for (const rule of show.rules) succeeded(await service.postRules(rule));
    for (let from = 0; from < events.length; from += 1000) {
      succeeded(await service.postEvents(null, events.slice(from, from + 1000)));
    }
    for (const { name } of await service.all<{ name: string }>("/v1/streams")) succeeded(await service.endStream(name));
    await service.settled();

    const stored = await service.all<Alert>("/v1/alerts");
    const delivered = receiver.requests.map(({ body }) => (JSON.parse(body) as { data: Alert }).data);
    expect(comparable(stored)).toEqual(comparable(found));
    expect(comparable(delivered)).toEqual(comparable(found.filter(({ suppressedBy }) => suppressedBy === null)));
    expect(receiver.requests.map(({ headers }) => headers["webhook-id"])).toEqual(delivered.map(({ id }) => id));
  });
});

async function alertsOfRun(rules: readonly string[], events: readonly object[], folder: string): Promise<Alert[]> {
  const files = rules.map((_, index) => path.join(folder, `${index}.rule`));
  await Promise.all(files.map((file, index) => writeFile(file, rules[index]!)));
  const input = events.map((event) => `${JSON.stringify(event)}\n`).join("");
  const { stdout } = await tripline(["run", ...files, "--events", "-"], { stdin: input });
  return parseLines(stdout);
}

/** Offsets are places in the log; the service's has rules in it too. */
function comparable(alerts: readonly Alert[]): unknown[] {
  const plain = JSON.parse(
    JSON.stringify(alerts, (name, value: unknown) => (name === "offset" ? undefined : value)),
  ) as Alert[];
  return plain.sort((a, b) => (a.id < b.id ? -1 : 1));
}
