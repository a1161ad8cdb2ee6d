/** What is sent to the service: the events of W1, as wide as events are (9 fields, some 165 bytes), as NDJSON batches. */

import { amountRule, isStart, keyedEvents, sequenceMatches, sequenceRule } from "../workloads/keyed-sequence.mjs";

const KEYS = 10_000;

/** Batches that arrive over several connections overtake each other. */
const STREAM = "stream events { time at  watermark bounded 20s }";

/** W1's rule, and others that look for the same among the events of one amount each: `count` of them, all on one stream. */
export function rules(count, stream = STREAM) {
  return [sequenceRule("followedBy", stream), ...amounts(count).map(amountRule)].join("\n");
}

/** `{ bodies, matches, eventBytes }`: `matches` is how many alerts there must be in the end, by so many `rules`. */
export function batches({ count, size, rules: ruleCount = 1 }) {
  const events = keyedEvents({ count, keys: KEYS });
  const lines = events.map((event, i) => JSON.stringify(widened(event, i)));
  const bodies = [];
  for (let from = 0; from < count; from += size) bodies.push(Buffer.from(lines.slice(from, from + size).join("\n")));
  const bytes = bodies.reduce((sum, body) => sum + body.length, 0);
  const starts = [isStart, ...amounts(ruleCount).map((amount) => (event) => isStart(event) && event.amount === amount)];
  const matches = starts.reduce((sum, start) => sum + [...sequenceMatches(events, "followedBy", start)].length, 0);
  return { bodies, matches, eventBytes: bytes / count };
}

function amounts(rules) {
  return Array.from({ length: rules - 1 }, (_, i) => i);
}

export function widened(event, i) {
  return {
    event_id: `e-${i}`,
    ...event,
    ip: `10.${(i >> 8) & 255}.${i & 255}.7`,
    device: `device-${i % 977}`,
    channel: "web",
    currency: "EUR",
  };
}
