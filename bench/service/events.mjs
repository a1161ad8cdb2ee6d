/** What is sent to the service: the events of W1, as wide as events are (9 fields, some 165 bytes), as NDJSON batches. */

import { keyedEvents, sequenceMatches, sequenceRule } from "../workloads/keyed-sequence.mjs";

const KEYS = 10_000;

/** Batches that arrive over several connections overtake each other. */
const STREAM = "stream events { time at  watermark bounded 20s }";

export const RULE = sequenceRule("followedBy", STREAM);

/** `{ bodies, matches, eventBytes }`: `matches` is how many alerts there must be in the end. */
export function batches({ count, size }) {
  const events = keyedEvents({ count, keys: KEYS });
  const lines = events.map((event, i) => JSON.stringify(widened(event, i)));
  const bodies = [];
  for (let from = 0; from < count; from += size) bodies.push(Buffer.from(lines.slice(from, from + size).join("\n")));
  const bytes = bodies.reduce((sum, body) => sum + body.length, 0);
  return { bodies, matches: [...sequenceMatches(events, "followedBy")].length, eventBytes: bytes / count };
}

function widened(event, i) {
  return {
    event_id: `e-${i}`,
    ...event,
    ip: `10.${(i >> 8) & 255}.${i & 255}.7`,
    device: `device-${i % 977}`,
    channel: "web",
    currency: "EUR",
  };
}
