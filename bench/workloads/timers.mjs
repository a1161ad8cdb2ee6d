/** A million timers at once, one a key, by the stream library: set and fired, set and deleted, set and moved. */

import { StreamEnvironment, valueState } from "../../dist/stream/index.js";
import { seeded } from "../random.mjs";

const KEYS = 1_000_000;
const START = Date.UTC(2026, 0, 1);
const SPAN_MS = 3_600_000;
/** Of a thousand timers that are deleted or moved, so many are left as they are. */
const LEFT_PER_MILLE = 10;

const deadline = valueState({ name: "deadline" });

/** What a record does to the timer of its key. */
const ACTS = {
  set(context, { at }) {
    context.registerEventTimeTimer(at);
    context.state(deadline).update(at);
  },
  delete(context) {
    context.deleteEventTimeTimer(context.state(deadline).value());
    context.state(deadline).clear();
  },
  move(context, step) {
    ACTS.delete(context);
    ACTS.set(context, step);
  },
};

function start(take) {
  const env = new StreamEnvironment();
  const steps = env.source("steps");
  steps
    .keyBy(({ key }) => key)
    .process(() => ({
      processElement: (step, context) => ACTS[step.act](context, step),
      onTimer(at, context) {
        context.state(deadline).clear();
        take({ key: context.key, at });
      },
    }));
  const task = env.createTask();
  const input = task.input(steps);
  return {
    push: (step) => (step.act === "watermark" ? input.advanceWatermark(step.at) : input.push(step, START)),
    end: () => task.end(),
  };
}

/** A timer for each key; then, with `then`, that for nearly every key; at last time passes them all. */
function input(count, then) {
  const random = seeded(8);
  const at = () => START + Math.floor(random() * SPAN_MS);
  const keys = then === null ? count - 1 : Math.floor((count - 1) / 2);
  const steps = Array.from({ length: keys }, (_, i) => ({ act: "set", key: `k${i}`, at: at() }));
  if (then !== null) {
    for (let i = 0; i < keys; i++) {
      if (i % 1000 >= LEFT_PER_MILLE) steps.push({ act: then, key: `k${i}`, at: at() });
    }
  }
  steps.push({ act: "watermark", at: START + SPAN_MS });
  return steps;
}

/** The last time that each key was given. */
function* expected(steps) {
  const timers = new Map();
  for (const { act, key, at } of steps) {
    if (act === "delete") timers.delete(key);
    else if (act !== "watermark") timers.set(key, at);
  }
  for (const [key, at] of timers) yield told({ key, at });
}

function told({ key, at }) {
  return [key, at];
}

function workload(name, then) {
  return {
    name: `Timers ${name}, 1 M keys`,
    count: then === null ? KEYS + 1 : 2 * KEYS + 1,
    prefix: 20_000,
    input: (count) => input(count, then),
    start,
    expected,
    told,
  };
}

export const timers = [
  workload("set, fired", null),
  workload("set, deleted", "delete"),
  workload("set, moved, fired", "move"),
];
