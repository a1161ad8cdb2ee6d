/** What state costs: bytes of heap per key that waits for its second event, and per partial match of a busy key. */

import { createEngine } from "../dist/index.js";
import { heapOf } from "./heap.mjs";
import { inChild } from "./in-child.mjs";
import { event, STREAM } from "./workloads/event.mjs";

const RULE = `
  ${STREAM}
  rule idle {
    from events
    key by key
    pattern {
      begin a where type == "a"
      followedBy b where type == "b"
      within 7d
      skip none
    }
  }`;

const SHAPES = [
  { name: "per idle key with 1 partial match", partialMatches: 1_000_000, keys: 1_000_000 },
  { name: "per partial match, 1,000 to a key", partialMatches: 1_000_000, keys: 1000 },
];

export async function* measureMemory({ quick }) {
  for (const { name, partialMatches, keys } of SHAPES) {
    const divisor = quick ? 10 : 1;
    const argument = { partialMatches: partialMatches / divisor, keys: keys / divisor };
    const measured = await inChild({ module: import.meta.url, name: "measure", argument, flags: ["--expose-gc"] });
    const bytes = (total) => total / argument.partialMatches;
    yield {
      kind: "figure",
      name: `Memory ${name}`,
      partialMatches: argument.partialMatches,
      figures: [
        { label: "in all", value: bytes(measured.withEvents), unit: "B" },
        { label: "without the event itself", value: bytes(measured.withEvents - measured.eventsAlone), unit: "B" },
      ],
      checked: measured.held === argument.partialMatches,
      fault: measured.held === argument.partialMatches ? undefined : `${measured.held} partial matches are held`,
    };
  }
}

/** In a process of its own, with `--expose-gc`. Events are made as they are pushed, so that only the engine holds them. */
export function measure({ partialMatches, keys }) {
  const start = (i) => event(i, { key: `k${i % keys}`, type: "a", amount: i % 1000 });

  const eventsAlone = heapOf(() => Array.from({ length: partialMatches }, (_, i) => start(i))).bytes;
  const { bytes: withEvents, made: engine } = heapOf(() => {
    const filled = createEngine({ rules: RULE });
    for (let i = 0; i < partialMatches; i++) filled.push("events", start(i));
    return filled;
  });

  // Each of them completes now: that is how many there were.
  return { eventsAlone, withEvents, held: completions(engine, { partialMatches, keys }) };
}

function completions(engine, { partialMatches, keys }) {
  let held = 0;
  for (let i = 0; i < keys; i++) {
    held += engine.push("events", event(partialMatches + i, { key: `k${i}`, type: "b", amount: 0 })).length;
  }
  return held;
}
