/**
 * A crash campaign over files of one's own, of any length:
 *
 *     npm run crash -- --rules FILE --events FILE --stream NAME --kills 20 --seed 1
 */

import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { parseLines } from "./command-line.ts";
import { runCampaign, type CampaignReport } from "./crash-campaign.ts";

const { values } = parseArgs({
  options: {
    rules: { type: "string", multiple: true },
    events: { type: "string" },
    stream: { type: "string" },
    kills: { type: "string", default: "10" },
    seed: { type: "string", default: "1" },
    batch: { type: "string", default: "10" },
  },
});
if (values.rules === undefined || values.events === undefined) {
  throw new Error("--rules FILE (once or more) and --events FILE are needed");
}

const folder = await mkdtemp(path.join(tmpdir(), "tripline-crash-"));
await chmod(folder, 0o711); // as root, Postgres runs under another account
try {
  const report = await runCampaign({
    rules: await Promise.all(values.rules.map((file) => readFile(file, "utf8"))),
    events: parseLines<object>(await readFile(values.events, "utf8")),
    stream: values.stream ?? null,
    kills: Number(values.kills),
    seed: Number(values.seed),
    batchSize: Number(values.batch),
    folder,
    say: (line) => console.log(line),
  });
  console.log(`seed ${values.seed}, ${report.deaths.length} kills`);
  process.exitCode = tell(report) ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Whether all is as it should be. */
function tell(report: CampaignReport): boolean {
  const { accepted, duplicates, rejected, repeatedBatches, eventsLogged, webhookRequests, badSignatures } = report;
  console.log(
    `events: ${accepted} accepted, ${duplicates} duplicates, ${rejected} rejected; ${eventsLogged} in the log`,
  );
  console.log(`${repeatedBatches} batches sent again`);
  const alerts = tellSets("alerts", { wanted: report.expected, found: report.stored });
  const webhooks = tellSets("webhooks", { wanted: report.due, found: report.delivered });
  console.log(`${webhookRequests} requests at the receiver, ${badSignatures} with a bad signature`);
  return alerts && webhooks && badSignatures === 0 && rejected === 0;
}

function tellSets(what: string, { wanted, found }: { wanted: readonly string[]; found: readonly string[] }): boolean {
  const distinct = new Set(found);
  const missing = wanted.filter((id) => !distinct.has(id));
  const extra = [...distinct].filter((id) => !wanted.includes(id));
  const twice = found.length - distinct.size;
  console.log(
    `${what}: ${wanted.length} expected, ${distinct.size} found, ${missing.length} missing, ${extra.length} extra, ${twice} twice`,
  );
  return missing.length + extra.length + twice === 0;
}
