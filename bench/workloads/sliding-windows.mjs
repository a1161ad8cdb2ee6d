/** W8: what the events of the last minute come to, every ten seconds, for each of 10,000 keys: by the stream library, and by a rule. */

import { boundedOutOfOrderness, slidingWindows, StreamEnvironment } from "../../dist/stream/index.js";
import { STREAM } from "./event.mjs";
import { byKey, keyedEvents } from "./keyed-sequence.mjs";
import { overEngine } from "./over-engine.mjs";

const SIZE_MS = 60_000;
const EVERY_MS = 10_000;
const KEYS = 10_000;
/** Events are in order; time stays behind as if they were not. */
const OUT_OF_ORDERNESS_MS = 1000;

const AGGREGATES = {
  sum: {
    createAccumulator: () => 0,
    add: ({ amount }, sum) => sum + amount,
    merge: (a, b) => a + b,
    getResult: (sum) => sum,
  },
  max: {
    createAccumulator: () => -Infinity,
    add: ({ amount }, max) => Math.max(max, amount),
    merge: (a, b) => Math.max(a, b),
    getResult: (max) => max,
  },
  distinct: {
    createAccumulator: () => new Set(),
    add: ({ amount }, amounts) => amounts.add(amount),
    merge(a, b) {
      for (const amount of b) a.add(amount);
      return a;
    },
    getResult: (amounts) => amounts.size,
  },
};

const RULE = `
  ${STREAM.replace("}", `watermark bounded ${OUT_OF_ORDERNESS_MS / 1000}s }`)}
  rule windows {
    from events
    key by key
    window { sliding ${SIZE_MS / 1000}s every ${EVERY_MS / 1000}s }
    emit { sum = sum(amount), max = max(amount), distinct = count_distinct(amount) }
  }`;

/** Of the amounts of one window. */
const PLAIN = {
  sum: (amounts) => amounts.reduce((a, b) => a + b, 0),
  max: (amounts) => Math.max(...amounts),
  distinct: (amounts) => new Set(amounts).size,
};

function start(aggregate, take) {
  const env = new StreamEnvironment();
  const events = env.source("events", {
    timestamp: ({ at }) => at,
    watermarks: boundedOutOfOrderness(OUT_OF_ORDERNESS_MS),
  });
  events
    .keyBy(({ key }) => key)
    .window(slidingWindows({ size: SIZE_MS, every: EVERY_MS }))
    .aggregate(AGGREGATES[aggregate], () => ({
      process: ([result], { key, window }) => take([key, window.end, result]),
    }));
  const task = env.createTask();
  const input = task.input(events);
  return { push: (event) => input.push(event), end: () => task.end() };
}

/** Window by window, from the events that are in it: `[key, end, ...results]`. */
function* expected(aggregates, events) {
  for (const indices of byKey(events)) {
    const own = indices.map((index) => events[index]);
    const { key } = own[0];
    const first = own[0].at - (own[0].at % EVERY_MS) + EVERY_MS;
    let [from, to] = [0, 0];
    for (let end = first; from < own.length; end += EVERY_MS) {
      while (to < own.length && own[to].at < end) to++;
      while (from < to && own[from].at < end - SIZE_MS) from++;
      if (from === to) continue;
      const amounts = own.slice(from, to).map(({ amount }) => amount);
      yield [key, end, ...aggregates.map((aggregate) => PLAIN[aggregate](amounts))];
    }
  }
}

const SHARED = {
  count: 1_000_000,
  prefix: 100_000,
  input: (count) => keyedEvents({ count, keys: KEYS }),
};

export const slidingAggregates = [
  ...Object.keys(AGGREGATES).map((aggregate) => ({
    ...SHARED,
    name: `W8 ${aggregate} of 1m every 10s, 10 k keys`,
    start: (take) => start(aggregate, take),
    expected: (events) => expected([aggregate], events),
    told: (result) => result,
  })),
  overEngine({
    ...SHARED,
    name: "W8 all three by a rule",
    count: 300_000,
    rule: RULE,
    events: SHARED.input,
    matches: (events) => expected(Object.keys(AGGREGATES), events),
    told: ({ key, window, emit }) => [key, Date.parse(window.end), emit.sum, emit.max, emit.distinct],
  }),
];
