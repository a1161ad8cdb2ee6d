/** Where the time goes, by self time, with the places in the sources: under W1 relaxed, W8 and timers, and the service's. */

import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { Session } from "node:inspector/promises";
import { SourceMap } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { inChild } from "./in-child.mjs";
import { batches } from "./service/events.mjs";
import { ingest, LARGE_BATCHES } from "./service/ingest.mjs";
import { withService } from "./service/process.mjs";
import { WORKLOADS } from "./workloads/index.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** The first of each. */
const PROFILED = ["w1", "w8", "timers"];
const LISTED = 10;
const SAMPLING_MICROS = 500;
/** Waiting, and the inspector's own work. */
const NOT_OURS = ["(idle)", "dispatch"];

export async function* profileCpu({ quick }) {
  const divisor = quick ? 10 : 1;
  for (const workload of PROFILED) {
    const [{ name, count }] = WORKLOADS[workload];
    const argument = { workload, count: count / divisor };
    const profile = await inChild({ module: import.meta.url, name: "profileWorkload", argument });
    yield { kind: "profile", name, functions: topFunctions(profile) };
  }
  const service = await profileService({ ...LARGE_BATCHES, count: LARGE_BATCHES.count / divisor });
  yield { kind: "profile", name: "the service taking batches", functions: topFunctions(service) };
}

/** In a process of its own: the first half warms up, the second is profiled. */
export async function profileWorkload({ workload, count }) {
  const [{ input, start }] = WORKLOADS[workload];
  const records = input(count);
  const run = start(() => {});
  for (const record of records.slice(0, count / 2)) run.push(record);
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: SAMPLING_MICROS });
  await session.post("Profiler.start");
  for (const record of records.slice(count / 2)) run.push(record);
  const { profile } = await session.post("Profiler.stop");
  return profile;
}

/** The whole life of the service's process: starting is part of it. */
async function profileService(load) {
  const folder = await mkdtemp(path.join(tmpdir(), "tripline-profile-"));
  const flags = ["--cpu-prof", `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${SAMPLING_MICROS}`];
  await withService(({ url }) => ingest({ url, work: batches(load), ...load }), { flags });
  const [file] = await readdir(folder);
  const profile = JSON.parse(await readFile(path.join(folder, file), "utf8"));
  await rm(folder, { recursive: true });
  return profile;
}

/** `[{ share, name, place }]` of a V8 CPU profile, the greatest self time first. */
export function topFunctions({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const self = new Map();
  for (const [i, id] of samples.entries()) {
    const frame = byId.get(id);
    const key = `${frame.functionName}|${frame.url}|${frame.lineNumber}`;
    const entry = self.get(key) ?? { frame, micros: 0 };
    entry.micros += timeDeltas[i];
    self.set(key, entry);
  }
  const busy = [...self.values()].filter(({ frame }) => !NOT_OURS.includes(frame.functionName));
  const total = busy.reduce((sum, { micros }) => sum + micros, 0);
  return busy
    .toSorted((a, b) => b.micros - a.micros)
    .slice(0, LISTED)
    .map(({ frame, micros }) => ({
      share: micros / total,
      name: frame.functionName || "(anonymous)",
      place: placeOf(frame),
    }));
}

/** The place in the TypeScript sources, by the source map beside the built file. */
function placeOf({ url, lineNumber, columnNumber }) {
  if (!url.startsWith("file:")) return url;
  const file = fileURLToPath(url);
  if (!file.startsWith(path.join(ROOT, "dist"))) return path.relative(ROOT, file);
  const map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8")));
  const { originalSource, originalLine } = map.findEntry(lineNumber, columnNumber);
  return `${path.relative(ROOT, path.resolve(path.dirname(file), originalSource))}:${originalLine + 1}`;
}
