/**
 * Two programs of the stream library, as jobs between a source and a sink: a chain of five operators, and sums by key. Which one, and
 * over how many records, stands in the query of the URL that the module is loaded by: worker threads load the same.
 */

import { execute, fromIterable, callbackSink } from "../../dist/connect/index.js";
import { ascendingTimestamps, StreamEnvironment } from "../../dist/stream/index.js";

const KEYS = 10_000;
const { searchParams } = new URL(import.meta.url);
const count = Number(searchParams.get("count"));

const PROGRAMS = {
  chain: { build: chain, expected: expectedOfChain },
  reduce: { build: reduce, expected: expectedOfReduce },
};
const program = PROGRAMS[searchParams.get("program")];
const outcome = { records: 0, sum: 0 };

export default function environment() {
  const env = new StreamEnvironment();
  const records = env.fromSource("records", fromIterable(input), {
    timestamp: ({ at }) => at,
    watermarks: ascendingTimestamps(),
  });
  program.build(records).sinkTo(
    callbackSink((values) => {
      outcome.records += values.length;
      for (const value of values) outcome.sum += value;
    }),
  );
  return env;
}

/** Runs it, and says what came out and what should have. */
export async function run(workers) {
  await execute(
    environment(),
    workers === 0 ? {} : { workers: { count: workers, program: new URL(import.meta.url), values: "json" } },
  ).finished;
  return { found: outcome, expected: program.expected() };
}

/** A batch of records has one time, so that time costs what it does where records come in crowds. */
function* input() {
  for (let i = 0; i < count; i++) yield { key: `k${(i * 7919) % KEYS}`, at: Math.floor(i / 100), value: i % 1000 };
}

function chain(records) {
  return records
    .map(({ value }) => value + 1)
    .filter((value) => value % 3 !== 0)
    .flatMap((value) => (value % 5 === 0 ? [value, -value] : [value]))
    .map((value) => value * 2)
    .filter((value) => value % 7 !== 0);
}

function expectedOfChain() {
  const all = { records: 0, sum: 0 };
  for (const { value } of input()) {
    const next = value + 1;
    if (next % 3 === 0 || next % 7 === 0) continue;
    all.records += next % 5 === 0 ? 2 : 1;
    if (next % 5 !== 0) all.sum += next * 2;
  }
  return all;
}

/** Only the sums of one key in a hundred leave: what is measured is the way to the state, and not the way out. */
function reduce(records) {
  return records
    .keyBy(({ key }) => key)
    .reduce((a, b) => ({ ...b, value: a.value + b.value }))
    .filter(({ key }) => key.endsWith("00"))
    .map(({ value }) => value);
}

function expectedOfReduce() {
  const sums = new Map();
  const all = { records: 0, sum: 0 };
  for (const { key, value } of input()) {
    sums.set(key, (sums.get(key) ?? 0) + value);
    if (!key.endsWith("00")) continue;
    all.records++;
    all.sum += sums.get(key);
  }
  return all;
}
