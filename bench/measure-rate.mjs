/** Times a workload, its input made already, and checks what is found against the workload's own computation. */

import { inChild } from "./in-child.mjs";
import { spread } from "./statistics.mjs";
import { stopwatch } from "./stopwatch.mjs";
import { WORKLOADS } from "./workloads/index.mjs";

const QUICK_DIVISOR = 10;
const WARM_UP_DIVISOR = 10;

/** One row per workload, as they come. */
export async function* measureRate(name, { quick, runs }) {
  for (const [index, { count, prefix }] of WORKLOADS[name].entries()) {
    const argument = { name, index, count: quick ? Math.max(prefix, count / QUICK_DIVISOR) : count };
    const check = await inChild({ module: import.meta.url, name: "check", argument });
    const times = [];
    for (let run = 0; run < runs; run++) times.push(await inChild({ module: import.meta.url, name: "time", argument }));
    yield row(argument, { check, times });
  }
}

function row({ name, index, count }, { check, times }) {
  const wrong = times.find(({ found }) => found !== check.expected);
  const fault = check.fault ?? (wrong && `${wrong.found} were found in all; there are ${check.expected}`);
  return {
    kind: "rate",
    name: WORKLOADS[name][index].name,
    events: count,
    runs: times.length,
    perSecond: spread(times.map(({ wall }) => count / wall)),
    userMicrosPerEvent: spread(times.map(({ user }) => (1e6 * user) / count)),
    found: times[0].found,
    checked: fault === undefined,
    fault,
  };
}

/** In a process of its own: compares all that is found in the prefix, and counts what there is in all. */
export function check({ name, index, count }) {
  const { input, expected, prefix } = WORKLOADS[name][index];
  const all = input(count);
  const first = all.slice(0, prefix);
  const fault = difference(runAll(WORKLOADS[name][index], first), [...expected(first)]);
  let total = 0;
  for (const _ of expected(all)) total++;
  return { expected: total, fault };
}

/** In a process of its own: warms up with a run that is thrown away, then times a new one. */
export function time({ name, index, count }) {
  const workload = WORKLOADS[name][index];
  const input = workload.input(count);
  runAll(workload, input.slice(0, Math.max(workload.prefix, count / WARM_UP_DIVISOR)));
  let found = 0;
  const run = workload.start(() => found++);
  const elapsed = stopwatch();
  for (const record of input) run.push(record);
  const times = elapsed();
  run.end();
  return { ...times, found };
}

/** All that is found, the end of the stream included. */
function runAll({ start, told }, input) {
  const found = [];
  const run = start((output) => found.push(told(output)));
  for (const record of input) run.push(record);
  run.end();
  return found;
}

/** Undefined when both hold the same, in whatever order. */
function difference(found, expected) {
  const [texts, wanted] = [found, expected].map((all) => new Set(all.map(String)));
  if (texts.size !== found.length) return `${found.length - texts.size} came twice in the prefix`;
  const missing = [...wanted].find((one) => !texts.has(one));
  if (missing !== undefined) return `${missing} is to be found, and was not`;
  const extra = [...texts].find((one) => !wanted.has(one));
  return extra === undefined ? undefined : `${extra} was found, and should not be`;
}
