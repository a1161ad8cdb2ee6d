/** Jobs of the stream library between a source and a sink: a chain of operators, and sums by key with and without worker threads. */

import { inChild } from "./in-child.mjs";
import { spread } from "./statistics.mjs";
import { stopwatch } from "./stopwatch.mjs";

const COUNT = 2_000_000;
const QUICK_DIVISOR = 10;
const WARM_UP = 100_000;

const JOBS = [
  { name: "Streams chain of five operators", program: "chain", workers: 0 },
  { name: "Streams keyBy and reduce, 10 k keys", program: "reduce", workers: 0 },
  { name: "Streams the same, one worker thread", program: "reduce", workers: 1 },
  { name: "Streams the same, two worker threads", program: "reduce", workers: 2 },
];

/** One row per job, as they come. */
export async function* measureStreams({ quick, runs }) {
  const count = quick ? COUNT / QUICK_DIVISOR : COUNT;
  for (const job of JOBS) {
    const times = [];
    const argument = { ...job, count };
    for (let run = 0; run < runs; run++) times.push(await inChild({ module: import.meta.url, name: "time", argument }));
    const fault = times.map((each) => each.fault).find((each) => each !== undefined);
    yield {
      kind: "rate",
      name: job.name,
      events: count,
      runs,
      perSecond: spread(times.map(({ wall }) => count / wall)),
      userMicrosPerEvent: spread(times.map(({ user }) => (1e6 * user) / count)),
      found: times[0].found.records,
      checked: fault === undefined,
      fault,
    };
  }
}

/** In a process of its own: warms up with a run that is thrown away, then times a new one. Threads are started within the time. */
export async function time({ program, workers, count }) {
  await runOf({ program, workers, count: WARM_UP });
  const elapsed = stopwatch();
  const { found, expected } = await runOf({ program, workers, count });
  const times = elapsed();
  const isRight = found.records === expected.records && found.sum === expected.sum;
  const fault = isRight
    ? undefined
    : `${JSON.stringify(found)} came out; it should have been ${JSON.stringify(expected)}`;
  return { ...times, found, fault };
}

async function runOf({ program, workers, count }) {
  const url = new URL(`workloads/stream-programs.mjs?program=${program}&count=${count}`, import.meta.url);
  const { run } = await import(url.href);
  return await run(workers);
}
