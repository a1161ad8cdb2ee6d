/** Killed again and again, over all bundled rules and samples; `npm run crash` does the same for longer. */

import { describe, expect, test } from "@jest/globals";
import { loadShow } from "../../src/app/demo/show.ts";
import { byArrival } from "../../src/app/demo/traffic.ts";
import { root } from "../support/project.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { runCampaign } from "./crash-campaign.ts";

const SEED = 1;
const KILLS = 5;
/** Deliveries that a dead service had begun are only taken up after fifteen seconds. */
const PATIENCE_MS = 240_000;

describe("a service that is killed while events come, and started again", () => {
  const newFolder = temporaryFolders();

  test(
    "stores each alert once and delivers all of them",
    async () => {
      const show = await loadShow({ root, seed: SEED, destination: "desk" });
      const report = await runCampaign({
        rules: show.rules,
        events: show.arrivals.toSorted(byArrival).map(({ stream, document }) => ({ stream, ...document })),
        stream: null,
        kills: KILLS,
        seed: SEED,
        batchSize: 100,
        folder: await newFolder(),
        say: () => undefined,
      });
      expect(report).toMatchObject({
        rejected: 0,
        eventsLogged: show.arrivals.length, // S9.2
        stored: report.expected, // S9.3
        delivered: report.due, // S9.4
        badSignatures: 0,
      });
      expect(report.duplicates).toBeGreaterThan(0); // a batch was durable, and its answer was lost
      expect(report.deaths).toHaveLength(KILLS);
    },
    PATIENCE_MS,
  );
});
