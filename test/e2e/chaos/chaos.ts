/**
 * The crash campaign, of any length:
 *
 *     npm run chaos -- --runs 200 --seed 1
 */

import { parseArgs } from "node:util";
import { campaign, type EndedRun } from "./campaign.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    kills: { type: "string", default: "5" },
    lanes: { type: "string", default: "5" },
  },
});
const [runs, seed, kills, lanes] = [values.runs, values.seed, values.kills, values.lanes].map(count);

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupted.abort());

const ended: EndedRun[] = [];
const begun = Date.now();
await campaign({
  runs: runs!,
  seed: seed!,
  kills: kills!,
  lanes: lanes!,
  signal: interrupted.signal,
  say: (line) => console.log(line),
  over(run) {
    ended.push(run);
    tell(run);
  },
});
const good = ended.filter(({ faults }) => faults.length === 0);
const deaths = ended.flatMap(({ report }) => report?.deaths ?? []);
console.log(`${good.length} of ${runs} runs, ${deaths.length} kills, ${seconds(Date.now() - begun)}`);
process.exitCode = good.length === runs ? 0 : 1;

function tell({ seed: own, ms, report, faults, folder }: EndedRun): void {
  const counts =
    report === null
      ? ""
      : `, ${report.expected.length} alerts, ${report.due.length} webhooks, ${report.webhookFailures} of them failed, ` +
        `${report.repeatedSteps} steps repeated`;
  console.log(`${faults.length === 0 ? "ok" : "WRONG"}  seed ${own}, ${seconds(ms)}${counts}`);
  for (const death of report?.deaths ?? []) console.log(`      ${death}`);
  for (const fault of faults) console.log(`   !  ${fault}`);
  if (folder === null) return;
  console.log(`   !  kept: ${folder}`);
  console.log(`   !  again: npm run chaos -- --runs 1 --seed ${own} --kills ${kills}`);
}

function count(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Error(`expected a whole number from 1, found ${JSON.stringify(text)}`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
