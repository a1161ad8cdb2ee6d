/** Killed again and again: in short what `npm run chaos` does at length. */

import { describe, expect, test } from "@jest/globals";
import { loadShow } from "../../src/app/demo/show.ts";
import { byArrival } from "../../src/app/demo/traffic.ts";
import type { JsonObject } from "../../src/core/event.ts";
import { root } from "../support/project.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { campaign, type EndedRun } from "./chaos/campaign.ts";
import { ownDatabase } from "./chaos/database.ts";
import { run } from "./chaos/run.ts";
import type { Step, Workload } from "./chaos/steps.ts";
import { faults } from "./chaos/verdict.ts";

/** One run sends over several connections, the other restores a savepoint. */
const SEED = 3;
/** Deliveries that a dead service had begun are only taken up after fifteen seconds. */
const PATIENCE_MS = 240_000;

describe("a service that is killed while events come and rules change, and started again", () => {
  const newFolder = temporaryFolders();

  // At once: most of the time a service is waited for, or a delivery that a dead one had begun.
  test.concurrent(
    "stores each alert once and delivers all of them, whatever befalls its database too",
    async () => {
      const ended: EndedRun[] = [];
      await campaign({
        runs: 2,
        seed: SEED,
        kills: 6,
        lanes: 2,
        over: (each) => ended.push(each),
        say: () => undefined,
      });
      expect(ended.filter((each) => each.faults.length > 0)).toEqual([]); // S9.2, S9.3, S9.4
      expect(ended.flatMap(({ report }) => report?.deaths ?? [])).toHaveLength(2 * 6);
    },
    PATIENCE_MS,
  );

  test.concurrent(
    "does so over all bundled rules and samples, and with a Postgres of its own",
    async () => {
      const folder = await newFolder();
      const workload = await showWorkload();
      const report = await run({ workload, database: ownDatabase(folder), kills: 3, seed: SEED, folder });
      expect(faults(report)).toEqual([]); // S9.2, S9.3, S9.4
      expect(report.deaths).toHaveLength(3);
    },
    PATIENCE_MS,
  );
});

async function showWorkload(): Promise<Workload> {
  const BATCH = 100;
  const show = await loadShow({ root, seed: SEED, destination: "desk" });
  const events = show.arrivals.toSorted(byArrival).map(({ stream, document }): JsonObject => ({ stream, ...document }));
  const batches = Array.from({ length: Math.ceil(events.length / BATCH) }, (_, index): Step => ({
    kind: "events",
    events: events.slice(index * BATCH, (index + 1) * BATCH),
    key: null,
  }));
  const streams = [...new Set(show.arrivals.map(({ stream }) => stream))];
  return {
    steps: [
      ...show.rules.map((source): Step => ({ kind: "rules", source })),
      ...batches,
      ...streams.map((stream): Step => ({ kind: "end", stream })),
    ],
    destinations: ["desk"],
    connections: 1,
  };
}
