/** Times the engine, events parsed already, and checks what it finds against each workload's own computation. */

import { createEngine } from "../dist/index.js";
import { inChild } from "./in-child.mjs";
import { spread } from "./statistics.mjs";
import { stopwatch } from "./stopwatch.mjs";
import { indexAt } from "./workloads/event.mjs";
import { WORKLOADS } from "./workloads/index.mjs";

const QUICK_DIVISOR = 10;
const WARM_UP_DIVISOR = 10;

/** One row per workload, as they come. */
export async function* measureEngine(name, { quick, runs }) {
  for (const [index, { count, prefix }] of WORKLOADS[name].entries()) {
    const argument = { name, index, count: quick ? Math.max(prefix, count / QUICK_DIVISOR) : count };
    const check = await inChild({ module: import.meta.url, name: "check", argument });
    const times = [];
    for (let run = 0; run < runs; run++) times.push(await inChild({ module: import.meta.url, name: "time", argument }));
    yield row(argument, { check, times });
  }
}

function row({ name, index, count }, { check, times }) {
  const wrong = times.find(({ alerts }) => alerts !== check.expected);
  const fault = check.fault ?? (wrong && `${wrong.alerts} matches in all; there are ${check.expected}`);
  return {
    kind: "rate",
    name: WORKLOADS[name][index].name,
    events: count,
    runs: times.length,
    perSecond: spread(times.map(({ wall }) => count / wall)),
    userMicrosPerEvent: spread(times.map(({ user }) => (1e6 * user) / count)),
    alerts: times[0].alerts,
    checked: fault === undefined,
    fault,
  };
}

/** In a process of its own: compares every match in the prefix, and counts those that there are in all. */
export function check({ name, index, count }) {
  const { rule, events, matches, prefix } = WORKLOADS[name][index];
  const input = events(count);
  const first = input.slice(0, prefix);
  const fault = difference(runAll(rule, first).map(matchOf), [...matches(first)]);
  return { expected: [...matches(input)].length, fault };
}

/** In a process of its own: warms up with an engine that is thrown away, then times a new one. */
export function time({ name, index, count }) {
  const { rule, events, prefix } = WORKLOADS[name][index];
  const input = events(count);
  runAll(rule, input.slice(0, Math.max(prefix, count / WARM_UP_DIVISOR)));
  const engine = createEngine({ rules: rule });
  let alerts = 0;
  const elapsed = stopwatch();
  for (const event of input) alerts += engine.push("events", event).length;
  const times = elapsed();
  return { ...times, alerts: alerts + engine.watermark("events", "end").length };
}

/** All outputs, the end of the stream included. */
function runAll(rule, input) {
  const engine = createEngine({ rules: rule });
  const outputs = [];
  for (const event of input) outputs.push(...engine.push("events", event));
  outputs.push(...engine.watermark("events", "end"));
  return outputs;
}

function matchOf({ alert }) {
  return Object.values(alert.events).flatMap((events) => events.map(({ time: at }) => indexAt(at)));
}

/** Undefined when both hold the same matches, whatever their order. */
function difference(found, expected) {
  const [texts, wanted] = [found, expected].map((matches) => new Set(matches.map(String)));
  if (texts.size !== found.length) return `${found.length - texts.size} matches of the prefix came twice`;
  const missing = [...wanted].find((match) => !texts.has(match));
  if (missing !== undefined) return `events ${missing} are a match, and were not found`;
  const extra = [...texts].find((match) => !wanted.has(match));
  return extra === undefined ? undefined : `events ${extra} were found, and are no match`;
}
