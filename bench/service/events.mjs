/** What is sent to the service: the events of W1, as wide as events are (9 fields, some 165 bytes), as NDJSON batches. */

import { amountRule, isStart, keyedEvents, sequenceMatches, sequenceRule } from "../workloads/keyed-sequence.mjs";

const KEYS = 10_000;

/** Batches that arrive over several connections overtake each other. */
const STREAM = "stream events { time at  watermark bounded 20s }";

/** W1's rule, in which every fifteenth event ends a match: `starts` says of each rule which events start one. */
export function busyRule(stream = STREAM) {
  return { name: "W1's rule", text: sequenceRule("followedBy", stream), starts: [isStart] };
}

/** So many rules that look for the same as W1's, each among the starts of one amount: one event in 20,000 ends a match. */
export function rareRules(count) {
  const amounts = Array.from({ length: count }, (_, amount) => amount);
  return {
    name: count === 1 ? "1 rule" : `${count} rules`,
    text: [STREAM, ...amounts.map(amountRule)].join("\n"),
    starts: amounts.map((amount) => (event) => isStart(event) && event.amount === amount),
  };
}

/** `{ bodies, matches, eventBytes }`: `matches` is how many alerts there must be in the end by `rules`, which are as above. */
export function batches({ count, size, rules }) {
  const events = keyedEvents({ count, keys: KEYS });
  const lines = events.map((event, i) => JSON.stringify(widened(event, i)));
  const bodies = [];
  for (let from = 0; from < count; from += size) bodies.push(Buffer.from(lines.slice(from, from + size).join("\n")));
  const bytes = bodies.reduce((sum, body) => sum + body.length, 0);
  const matchesOf = (starts) => [...sequenceMatches(events, "followedBy", starts)].length;
  const matches = rules.starts.reduce((sum, starts) => sum + matchesOf(starts), 0);
  return { bodies, matches, eventBytes: bytes / count };
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
