/** How long from sending an event to its alert at a webhook: durable log, engine, durable alert, queue and delivery included. */

import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { percentile } from "../statistics.mjs";
import { Client } from "./client.mjs";
import { batches, RULE } from "./events.mjs";
import { withService } from "./process.mjs";

const ALERT_RULE = `
  stream steps { time at }
  rule ping {
    from steps
    key by key
    pattern {
      begin a where type == "a"
      followedBy b where type == "b"
      within 1d
    }
    deliver receiver
  }`;

const PER_SECOND = 20;
const STRAGGLERS_MS = 15_000;

/** Events a second that other connections send meanwhile. */
const BACKGROUNDS = [0, 20_000];
const BACKGROUND_BATCH = 500;

export async function* measureLatency({ quick }) {
  const alerts = quick ? 60 : 400;
  for (const background of BACKGROUNDS) {
    const { latencies, acks } = await withService(({ url }) => alertLatency({ url, alerts, background }));
    const figure = (label, values, share) => ({ label, value: percentile(values, share), unit: "ms" });
    const complete = latencies.length === alerts;
    yield {
      kind: "figure",
      name: `Latency, event sent to webhook received, ${PER_SECOND}/s beside ${background} events/s`,
      figures: [
        figure("p50", latencies, 0.5),
        figure("p99", latencies, 0.99),
        figure("acknowledged p50", acks, 0.5),
        figure("p99", acks, 0.99),
      ],
      checked: complete,
      fault: complete ? undefined : `${latencies.length} of ${alerts} alerts were received`,
    };
  }
}

async function alertLatency({ url, alerts, background }) {
  const client = new Client({ url });
  const received = new Map();
  const receiver = await startReceiver(({ key }) => received.set(key, performance.now()));
  await client.putDestination("receiver", { url: receiver.url });
  await client.postRules(ALERT_RULE);
  await client.postRules(RULE);

  const events = Array.from({ length: 2 * alerts }, (_, i) => {
    const step = { at: Date.UTC(2026, 0, 1) + i, key: `k${i % alerts}`, type: i < alerts ? "a" : "b" };
    return Buffer.from(JSON.stringify(step));
  });
  await client.postBatch("steps", Buffer.from(events.slice(0, alerts).join("\n")));
  const load = startBackground({ url, perSecond: background, seconds: alerts / PER_SECOND });

  const sent = new Map();
  const acks = [];
  const started = performance.now();
  for (let i = 0; i < alerts; i++) {
    await sleep(Math.max(0, started + (1000 * i) / PER_SECOND - performance.now()));
    const at = performance.now();
    sent.set(`k${i}`, at);
    await client.postBatch("steps", events[alerts + i]);
    acks.push(performance.now() - at);
  }
  await load;
  for (let waited = 0; received.size < alerts && waited < STRAGGLERS_MS; waited += 50) await sleep(50);
  receiver.stop();
  client.close();
  return { latencies: [...received].map(([key, at]) => at - sent.get(key)), acks };
}

/** Sends at the rate, or as fast as the service takes it where that is less. */
async function startBackground({ url, perSecond, seconds }) {
  if (perSecond === 0) return;
  const { bodies } = batches({ count: perSecond * seconds, size: BACKGROUND_BATCH });
  const client = new Client({ url });
  const started = performance.now();
  for (const [i, body] of bodies.entries()) {
    await sleep(Math.max(0, started + (1000 * i * BACKGROUND_BATCH) / perSecond - performance.now()));
    await client.postBatch("events", body);
  }
  client.close();
}

async function startReceiver(onAlert) {
  const server = createServer((incoming, response) => {
    const parts = [];
    incoming.on("data", (part) => parts.push(part));
    incoming.on("end", () => {
      response.writeHead(204).end();
      onAlert(JSON.parse(Buffer.concat(parts).toString()).data);
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/alerts`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
