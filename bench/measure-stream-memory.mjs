/** What the stream library's own bookkeeping costs: bytes of heap per key, and per pane of sliding windows. */

import { slidingWindows, StreamEnvironment, valueState } from "../dist/stream/index.js";
import { heapOf } from "./heap.mjs";
import { inChild } from "./in-child.mjs";

const START = Date.UTC(2026, 0, 1);
const KEYS = 1_000_000;
const PANES_PER_KEY = 20;

const SHAPES = {
  key: { label: "per key with a timer and a value", things: KEYS, keys: KEYS },
  window: { label: "per key with a sum in one pane of sliding windows", things: KEYS, keys: KEYS },
  pane: { label: `per pane, ${PANES_PER_KEY} to a key`, things: KEYS, keys: KEYS / PANES_PER_KEY },
};

export async function* measureStreamMemory({ quick }) {
  for (const [shape, { label, things, keys }] of Object.entries(SHAPES)) {
    const divisor = quick ? 10 : 1;
    const argument = { shape, things: things / divisor, keys: keys / divisor };
    const { bytes, held } = await inChild({
      module: import.meta.url,
      name: "measure",
      argument,
      flags: ["--expose-gc"],
    });
    yield {
      kind: "figure",
      name: "Memory of the stream library",
      figures: [{ label, value: bytes / argument.things, unit: "B" }],
      checked: held === argument.keys,
      fault: held === argument.keys ? undefined : `${held} keys are held`,
    };
  }
}

const value = valueState({ name: "value" });

/** Each over a stream of key numbers. */
const JOBS = {
  key: (keyed) =>
    keyed.process(() => ({
      processElement(key, context) {
        context.state(value).update(key);
        context.registerEventTimeTimer(context.timestamp + 60_000 + key);
      },
    })),
  window: summed,
  pane: summed,
};

function summed(keyed) {
  return keyed.window(slidingWindows({ size: 60_000, every: 1000 })).aggregate({
    createAccumulator: () => 0,
    add: (key, sum) => sum + key,
    merge: (a, b) => a + b,
    getResult: (sum) => sum,
  });
}

/** In a process of its own, with `--expose-gc`. The keys' texts are made before, so that they do not count. */
export function measure({ shape, things, keys }) {
  const names = Array.from({ length: keys }, (_, i) => `k${i}`);
  for (const name of names) Number(name); // flattens the text
  const { bytes, made: task } = heapOf(() => {
    const env = new StreamEnvironment();
    const source = env.source("keys");
    JOBS[shape](source.keyBy((key) => names[key])).named("measured");
    const task = env.createTask();
    for (let i = 0; i < things; i++) task.push(source, i % keys, START + 1000 * Math.floor(i / keys));
    return task;
  });
  return { bytes, held: task.status().operators["measured"].keys };
}
