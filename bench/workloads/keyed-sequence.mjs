/** W1: one keyed rule `a followedBy b followedBy c within 60s` over events of a few types, spread evenly over many keys. */

import { seeded } from "../random.mjs";
import { event, STREAM } from "./event.mjs";
import { overEngine } from "./over-engine.mjs";

const TYPES = ["a", "b", "c", "d"];
const WITHIN_MS = 60_000;

/** `contiguity` is `followedBy` (relaxed) or `next` (strict). */
export function sequenceRule(contiguity, stream = STREAM) {
  return `${stream}${sequence(contiguity, { name: "sequence", start: 'type == "a"' })}`;
}

/** A rule of its own for the sequences that start with an event of this amount. */
export function amountRule(amount) {
  return sequence("followedBy", { name: `sequence_${amount}`, start: `type == "a" and amount == ${amount}` });
}

function sequence(contiguity, { name, start }) {
  return `
    rule ${name} {
      from events
      key by key
      pattern {
        begin a where ${start}
        ${contiguity} b where type == "b"
        ${contiguity} c where type == "c"
        within ${WITHIN_MS / 1000}s
      }
    }`;
}

export function keyedEvents({ count, keys, seed = 1 }) {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, i) =>
    event(i, {
      key: `k${Math.floor(random() * keys)}`,
      type: TYPES[Math.floor(random() * TYPES.length)],
      amount: Math.floor(random() * 1000),
    }),
  );
}

/** Under `skip pastLastEvent`: of overlapping matches the one that started first, which then takes away all starts up to its end. */
export function* sequenceMatches(events, contiguity, starts = isStart) {
  const find = contiguity === "next" ? nextOfType : followingOfType;
  for (const indices of byKey(events)) {
    let end = -1;
    for (let place = 0; place < indices.length; place++) {
      if (place <= end || !starts(events[indices[place]])) continue;
      const b = find(events, indices, { after: place, type: "b" });
      const c = b === undefined ? undefined : find(events, indices, { after: b, type: "c" });
      if (c === undefined || events[indices[c]].at - events[indices[place]].at >= WITHIN_MS) continue;
      yield [indices[place], indices[b], indices[c]];
      end = c;
    }
  }
}

export function isStart({ type }) {
  return type === "a";
}

/** The indices of each key's events. */
export function byKey(events) {
  const keys = new Map();
  for (const [index, { key }] of events.entries()) {
    const indices = keys.get(key);
    if (indices === undefined) keys.set(key, [index]);
    else indices.push(index);
  }
  return keys.values();
}

function nextOfType(events, indices, { after, type }) {
  const place = after + 1;
  return place < indices.length && events[indices[place]].type === type ? place : undefined;
}

function followingOfType(events, indices, { after, type }) {
  for (let place = after + 1; place < indices.length; place++) if (events[indices[place]].type === type) return place;
  return undefined;
}

function workload({ contiguity, keys, name }) {
  return overEngine({
    name: `W1 ${contiguity === "next" ? "strict" : "relaxed"}, ${name} keys`,
    rule: sequenceRule(contiguity),
    count: 1_000_000,
    prefix: 100_000,
    events: (count) => keyedEvents({ count, keys }),
    matches: (events) => sequenceMatches(events, contiguity),
  });
}

export const keyedSequences = [
  workload({ contiguity: "followedBy", keys: 10_000, name: "10 k" }),
  workload({ contiguity: "next", keys: 10_000, name: "10 k" }),
  workload({ contiguity: "followedBy", keys: 1_000_000, name: "1 M" }),
  workload({ contiguity: "next", keys: 1_000_000, name: "1 M" }),
];
