/** `npm run bench [-- NAME...] [--quick] [--runs N] [--json FILE]`: measures the built engine, library and service. See README.md here. */

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { profileCpu } from "./cpu-profile.mjs";
import { machine } from "./machine.mjs";
import { measureCheckpoint } from "./measure-checkpoint.mjs";
import { measureMemory } from "./measure-memory.mjs";
import { measureRate } from "./measure-rate.mjs";
import { measureStages } from "./measure-stages.mjs";
import { measureStreamMemory } from "./measure-stream-memory.mjs";
import { measureStreams } from "./measure-streams.mjs";
import { printMachine, printRow } from "./report.mjs";
import { measureHour } from "./service/hour.mjs";
import { measureIngest } from "./service/ingest.mjs";
import { measureLatency } from "./service/latency.mjs";
import { measureParallelism } from "./service/parallelism.mjs";

/** What runs when nothing is named, in this order. */
const MEASUREMENTS = {
  w1: (options) => measureRate("w1", options),
  w2: (options) => measureRate("w2", options),
  w3: (options) => measureRate("w3", options),
  w8: (options) => measureRate("w8", options),
  timers: (options) => measureRate("timers", options),
  streams: measureStreams,
  memory: measureMemory,
  "stream-memory": measureStreamMemory,
  checkpoint: measureCheckpoint,
  ingest: measureIngest,
  latency: measureLatency,
  parallelism: measureParallelism,
  hour: measureHour,
};

/** What runs only by name. */
const INSPECTIONS = { profile: profileCpu, stages: measureStages };

const { names, quick, runs, json } = commandLine();
const rows = [];
for (const name of names) {
  for await (const row of { ...MEASUREMENTS, ...INSPECTIONS }[name]({ quick, runs })) {
    printRow(row);
    rows.push(row);
  }
}
printMachine(machine());
if (json !== undefined) writeFileSync(json, `${JSON.stringify({ machine: machine(), rows }, null, 2)}\n`);
if (rows.some(({ checked }) => checked === false)) process.exitCode = 1;

function commandLine() {
  const known = [...Object.keys(MEASUREMENTS), ...Object.keys(INSPECTIONS)];
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: "boolean", default: false }, runs: { type: "string" }, json: { type: "string" } },
  });
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    process.stderr.write(`no benchmark is called ${unknown}; there are: ${known.join(", ")}\n`);
    process.exit(2);
  }
  return {
    names: positionals.length === 0 ? Object.keys(MEASUREMENTS) : positionals,
    quick: values.quick,
    runs: Number(values.runs ?? (values.quick ? 1 : 3)),
    json: values.json,
  };
}
