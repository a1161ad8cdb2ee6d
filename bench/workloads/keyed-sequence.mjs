/** W1: one keyed rule `a followedBy b followedBy c within 60s` over events of a few types, spread evenly over many keys. */

import { createEngine } from "../../dist/index.js";
import { seeded } from "../random.mjs";

const TYPES = ["a", "b", "c", "d"];
const START = Date.UTC(2026, 0, 1);

/** One event per millisecond. `contiguity` is `followedBy` (relaxed) or `next` (strict). */
export function rule(contiguity) {
  return `
    stream events { time at }
    rule sequence {
      from events
      key by key
      pattern {
        begin a where type == "a"
        ${contiguity} b where type == "b"
        ${contiguity} c where type == "c"
        within 60s
      }
    }`;
}

export function events({ count, keys, seed }) {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, i) => ({
    at: START + i,
    key: `k${Math.floor(random() * keys)}`,
    type: TYPES[Math.floor(random() * TYPES.length)],
    amount: Math.floor(random() * 1000),
    country: "FR",
  }));
}

/** Seconds taken and alerts found, events parsed already. */
export function run({ contiguity, input }) {
  const engine = createEngine({ rules: rule(contiguity) });
  let alerts = 0;
  const started = process.hrtime.bigint();
  for (const event of input) alerts += engine.push("events", event).length;
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  return { seconds, alerts };
}
