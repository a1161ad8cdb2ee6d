/** Many runs, one seed after another, in lanes beside each other: most of a run is waiting, for deliveries that a dead service had begun. */

import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { inspect } from "node:util";
import { ownDatabase } from "./database.ts";
import { Lane } from "./lane.ts";
import type { RunReport } from "./report.ts";
import { run } from "./run.ts";
import { faults } from "./verdict.ts";
import { randomWorkload } from "./workload.ts";

export interface CampaignOptions {
  readonly runs: number;
  /** Of the first run; the next has the next. */
  readonly seed: number;
  readonly kills: number;
  readonly lanes: number;
  /** Told of each run when it is over. */
  readonly over: (ended: EndedRun) => void;
  readonly say: (line: string) => void;
  /** Aborts when no more is to be done; what has been started is taken down. */
  readonly signal?: AbortSignal;
}

export interface EndedRun {
  readonly seed: number;
  readonly ms: number;
  /** Null when it could not even be carried through. */
  readonly report: RunReport | null;
  /** What is wrong. */
  readonly faults: readonly string[];
  /** With the logs; null when nothing is wrong, and nothing was kept. */
  readonly folder: string | null;
}

/** So many runs have one with the Postgres that the service starts for itself; each takes a cluster of its own. */
const OWN_DATABASE_EVERY = 10;
/** And so many one that sends over several connections; what is expected of it is in the log, which a lane can look into. */
const SEVERAL_CONNECTIONS_EVERY = 3;

export async function campaign({ runs, seed, kills, lanes, over, say, signal }: CampaignOptions): Promise<void> {
  const folder = await temporaryFolder();
  const started: Lane[] = [];
  let next = seed;
  let hasFailed = false;
  const goOn = async (number: number): Promise<void> => {
    const lane = await Lane.start(path.join(folder, `lane-${number}`));
    started.push(lane);
    if (number === 1 && !lane.canFillDisk)
      say("mounting a small disk is not allowed here: none is filled up, and inserts are refused instead");
    while (next < seed + runs) {
      const ended = await runOnce({ seed: next++, kills, lane, folder, ...(signal && { signal }) });
      if (signal?.aborted) return;
      hasFailed ||= ended.faults.length > 0;
      over(ended);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(lanes, runs) }, (_, index) => goOn(index + 1)));
  } finally {
    await Promise.all(started.map((lane) => lane.stop()));
    if (!hasFailed) await rm(folder, { recursive: true, force: true });
  }
}

async function runOnce({
  seed,
  kills,
  lane,
  folder: parent,
  signal,
}: {
  seed: number;
  kills: number;
  lane: Lane;
  folder: string;
  signal?: AbortSignal;
}): Promise<EndedRun> {
  const folder = path.join(parent, `run-${seed}`);
  await mkdir(folder, { mode: 0o711 });
  const begun = Date.now();
  try {
    const isOwn = seed % OWN_DATABASE_EVERY === 0;
    const database = isOwn ? ownDatabase(folder) : await lane.newDatabase();
    const connections = !isOwn && seed % SEVERAL_CONNECTIONS_EVERY === 0 ? 3 : 1;
    const report = await run({
      workload: randomWorkload(seed, { connections }),
      database,
      kills,
      seed,
      folder,
      ...(signal && { signal }),
    });
    const ended = { seed, ms: Date.now() - begun, report, faults: faults(report) };
    if (ended.faults.length > 0) {
      await writeFile(path.join(folder, "report.json"), JSON.stringify(report, null, 2));
      return { ...ended, folder };
    }
    await rm(folder, { recursive: true, force: true });
    return { ...ended, folder: null };
  } catch (error) {
    await writeFile(path.join(folder, "error.txt"), inspect(error));
    return { seed, ms: Date.now() - begun, report: null, faults: [String(error)], folder };
  }
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "tripline-chaos-"));
  await chmod(folder, 0o711); // as root, Postgres runs under another account
  return folder;
}
