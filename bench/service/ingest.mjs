/** How many events a second the service takes over HTTP: until all are durable, and until the engine has taken them. */

import { spread } from "../statistics.mjs";
import { Client } from "./client.mjs";
import { batches, busyRule, rareRules } from "./events.mjs";
import { withService } from "./process.mjs";

/** The first ones warm the service up, and are not timed. */
const WARM_UP_SHARE = 0.2;

/** A load is `{ size, connections, count, rules }`: batches of `size` events over so many connections, `count` events in all. */
export const LARGE_BATCHES = { size: 1000, connections: 4, count: 1_000_000, rules: busyRule() };

/** Of the events, so many with these rules. */
const RULES = [
  { rules: rareRules(1), share: 1 },
  { rules: rareRules(10), share: 0.5 },
  { rules: rareRules(100), share: 0.2 },
  { rules: busyRule(), share: 1 },
];

const LOADS = [
  LARGE_BATCHES,
  { size: 100, connections: 8, count: 400_000 },
  { size: 1, connections: 32, count: 50_000 },
].flatMap((load) => RULES.map(({ rules, share }) => ({ ...load, rules, count: load.count * share })));

export async function* measureIngest({ quick, runs }) {
  for (const load of LOADS) {
    const { size, connections, rules } = load;
    const work = batches({ ...load, count: quick ? load.count / 10 : load.count });
    const results = [];
    for (let run = 0; run < runs; run++) {
      results.push(await withService(({ url }) => ingest({ url, work, connections, rules })));
    }
    const common = {
      kind: "rate",
      events: results[0].events,
      runs,
      userMicrosPerEvent: spread(results.map(({ user, events }) => (1e6 * user) / events)),
      found: results[0].alerts,
      ...verdict(results, work.matches),
    };
    const name = `Batches of ${size}, ${rules.name}`;
    for (const until of ["durable", "processed"]) {
      const perSecond = spread(results.map((result) => result.events / result[until]));
      yield { ...common, name: `${name}: ${until}`, perSecond };
    }
  }
}

/** Seconds until durable and until processed, and the processor time that the service's process took (Postgres not counted). */
export async function ingest({ url, work: { bodies, matches }, connections, rules }) {
  const client = new Client({ url, connections });
  await client.postRules(rules.text);
  const warmUp = Math.ceil(bodies.length * WARM_UP_SHARE);
  await client.postAll("events", bodies.slice(0, warmUp), connections);
  await client.processed();

  const before = await client.metrics();
  const started = performance.now();
  await client.postAll("events", bodies.slice(warmUp), connections);
  const durable = (performance.now() - started) / 1000;
  await client.processed();
  const processed = (performance.now() - started) / 1000;
  const after = await client.metrics();

  await client.endStream("events");
  await client.processed();
  const alerts = await client.storedAlerts(matches);
  client.close();
  const grown = (name) => after.get(name) - before.get(name);
  return {
    durable,
    processed,
    alerts,
    events: grown("tripline_log_end_offset"),
    user: grown("process_cpu_user_seconds_total"),
  };
}

function verdict(results, matches) {
  const wrong = results.find(({ alerts }) => alerts !== matches);
  if (wrong === undefined) return { checked: true };
  return { checked: false, fault: `${wrong.alerts} alerts are stored; there are ${matches} matches` };
}
