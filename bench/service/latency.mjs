/**
 * How long from an event to its alert, at a steady rate: until the alert's row is committed, and until it has arrived at a webhook.
 * Requests go out when they are due, whether those before have been answered or not, and times count from when they were due.
 */

import { setTimeout as sleep } from "node:timers/promises";

import { percentile } from "../statistics.mjs";
import { keyedEvents } from "../workloads/keyed-sequence.mjs";
import { followAlerts, startReceiver } from "./alert-readers.mjs";
import { Client } from "./client.mjs";
import { busyRule, widened } from "./events.mjs";
import { withService } from "./process.mjs";

const RATES = [5_000, 20_000];
/** What falls due in so long goes as one request. */
const REQUEST_EVERY_MS = 10;
/** Completions a second. */
const ALERTS = 50;
const CONNECTIONS = 64;
const SECONDS = 60;
/** Not measured. */
const WARM_UP_SECONDS = 5;
const STRAGGLERS_MS = 15_000;

/** Event time is the time of arrival: nothing waits for an earlier event, and none is late. */
const STREAM = "stream events { watermark ascending }";
const RULE = `
  rule ping {
    from events
    key by key
    pattern {
      begin a where type == "ping"
      followedBy b where type == "pong"
      within 1d
    }
    deliver receiver
  }`;

export async function* measureLatency({ quick }) {
  const seconds = quick ? WARM_UP_SECONDS : SECONDS;
  for (const perSecond of RATES) {
    const { due, answered, stored, received } = await withService(({ url }) => run({ url, perSecond, seconds }));
    const figures = [
      ...percentiles("answered", answered, due),
      ...percentiles("alert's row", stored, due),
      ...percentiles("receiver", received, due),
    ];
    const missing = [...due.keys()].filter((key) => !stored.has(key) || !received.has(key)).length;
    yield {
      kind: "figure",
      name: `Latency at ${perSecond} events/s, ${ALERTS} alerts/s`,
      figures,
      checked: missing === 0,
      fault: missing === 0 ? undefined : `${missing} of ${due.size} alerts have not arrived`,
    };
  }
}

function percentiles(label, at, due) {
  const latencies = [...due].filter(([key]) => at.has(key)).map(([key, since]) => at.get(key) - since);
  return [0.5, 0.99].map((share) => ({
    label: `${label} p${100 * share}`,
    value: percentile(latencies, share),
    unit: "ms",
  }));
}

/** By key of each alert: when its last event was due, and when its request was answered, its row was committed, and it arrived. */
async function run({ url, perSecond, seconds }) {
  const [due, answered, stored, received] = [new Map(), new Map(), new Map(), new Map()];
  const client = new Client({ url, connections: CONNECTIONS });
  const receiver = await startReceiver(({ key }) => received.set(key, performance.now()));
  await client.putDestination("receiver", { url: receiver.url });
  await client.postRules(`${busyRule(STREAM).text}${RULE}`);
  const reader = await followAlerts({ url, rule: "ping", onAlert: ({ key }) => stored.set(key, performance.now()) });

  const requests = requestsOf({ perSecond, seconds: seconds + WARM_UP_SECONDS });
  await client.postBatch("events", ndjson(requests.flatMap(({ keys }) => keys.map((key) => ({ key, type: "ping" })))));
  const started = performance.now();
  const sent = requests.map(async ({ body, keys }, i) => {
    const at = started + i * REQUEST_EVERY_MS;
    await sleep(Math.max(0, at - performance.now()));
    if (i * REQUEST_EVERY_MS >= WARM_UP_SECONDS * 1000) for (const key of keys) due.set(key, at);
    await client.postBatch("events", body);
    for (const key of keys) answered.set(key, performance.now());
  });
  await Promise.all(sent);
  const isOver = () => [...due.keys()].every((key) => stored.has(key) && received.has(key));
  for (let waited = 0; !isOver() && waited < STRAGGLERS_MS; waited += 50) await sleep(50);
  reader.stop();
  receiver.stop();
  client.close();
  return { due, answered, stored, received };
}

/** `[{ body, keys }]`: what is sent when, W1's events with completions among them, and the keys of those. */
function requestsOf({ perSecond, seconds }) {
  const events = keyedEvents({ count: perSecond * seconds, keys: 10_000 }).map(widened);
  for (let i = 0; i < events.length; i += perSecond / ALERTS) {
    events[i] = { ...events[i], key: `ping-${i}`, type: "pong" };
  }
  const size = (perSecond * REQUEST_EVERY_MS) / 1000;
  return Array.from({ length: Math.ceil(events.length / size) }, (_, i) => {
    const sent = events.slice(i * size, (i + 1) * size);
    return { body: ndjson(sent), keys: sent.filter(({ type }) => type === "pong").map(({ key }) => key) };
  });
}

function ndjson(documents) {
  return Buffer.from(documents.map((document) => JSON.stringify(document)).join("\n"));
}
