/**
 * Many simulated worlds, from a seed each:
 *
 *     npm run simulate -- --seeds 5000 --seed 1
 *
 * `--stats` tells how often each thing has happened in them, `--trace` what happened in each, one thing after the other. With
 * `--every-step` each world is there once for each step of its first life, which ends there, and the next lives go on to the end.
 */

import { inspect, isDeepStrictEqual, parseArgs } from "node:util";
import type { Outcome } from "./outcome.ts";
import { simulate, type SimulationOptions } from "./simulation.ts";
import { Tally } from "./tally.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    stats: { type: "boolean", default: false },
    trace: { type: "boolean", default: false },
    "every-step": { type: "boolean", default: false },
  },
});
/** Differences of a kind. */
const TOLD = 5;
const [seeds, first] = [values.seeds, values.seed].map(count) as [number, number];
const all = new Tally();
const [begun, usage] = [Date.now(), process.cpuUsage()];
let wrong = 0;
for (let seed = first; seed < first + seeds; seed++) {
  const tally = new Tally({ traces: values.trace });
  const faults = values["every-step"] ? await faultsAtEachStep(seed, tally) : await faultsOf({ seed, tally });
  if (values.trace) console.log(tally.traced.join("\n"));
  all.add(tally);
  if (faults.length === 0) continue;
  wrong++;
  console.log(`WRONG  seed ${seed}: npm run simulate -- --seeds 1 --seed ${seed} --trace`);
  for (const fault of faults) console.log(`   !  ${fault}`);
}
const { user, system } = process.cpuUsage(usage);
if (values.stats) console.log(all.lines().join("\n"));
console.log(
  `${seeds - wrong} of ${seeds} seeds, ${all.of("worlds")} worlds, ${all.of("lives")} lives, ` +
    `${seconds(Date.now() - begun)}, ${seconds((user + system) / 1000)} of CPU`,
);
process.exitCode = wrong === 0 ? 0 : 1;

async function faultsAtEachStep(seed: number, tally: Tally): Promise<string[]> {
  const { steps } = await simulate({ seed, tally, endsAt: Infinity });
  const faults: string[] = [];
  for (let endsAt = 1; endsAt <= steps; endsAt++) {
    for (const fault of await faultsOf({ seed, tally, endsAt })) faults.push(`at step ${endsAt}: ${fault}`);
  }
  return faults;
}

async function faultsOf(options: SimulationOptions): Promise<string[]> {
  try {
    const { expected, found } = await simulate(options);
    return (Object.keys(expected) as (keyof Outcome)[]).flatMap((part) => differences(part, { expected, found }));
  } catch (error) {
    return [inspect(error)];
  }
}

function differences(
  part: keyof Outcome,
  { expected, found }: { readonly expected: Outcome; readonly found: Outcome },
): string[] {
  if (isDeepStrictEqual(expected[part], found[part])) return [];
  const [wanted, is] = [expected[part], found[part]].map((items) => items.map((item) => JSON.stringify(item)));
  const missing = wanted!.filter((item) => !is!.includes(item));
  const extra = is!.filter((item) => !wanted!.includes(item));
  if (missing.length + extra.length === 0) return [`${part}: the same, in another order or number`];
  return [
    ...missing.slice(0, TOLD).map((item) => `${part}, missing: ${item}`),
    ...extra.slice(0, TOLD).map((item) => `${part}, too many: ${item}`),
  ];
}

function count(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Error(`expected a whole number from 1, found ${JSON.stringify(text)}`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
