/**
 * What it brings to share keyed work among threads, where each event is dear: one worker and two, one after the other in each run;
 * and whether the service still answers while it is busy.
 */

import { spread } from "../statistics.mjs";
import { anyEvents, anyMatches, anyRule } from "../workloads/any-sequence.mjs";
import { Client } from "./client.mjs";
import { widened } from "./events.mjs";
import { askHealth, healthFigures } from "./health.mjs";
import { withService } from "./process.mjs";
import { busiestSince, threadTimes } from "./thread-times.mjs";

const WORKERS = [1, 2];
const BATCH = 1000;
/** Events come in order, and none waits for an earlier one. */
const CONNECTIONS = 1;
const COUNT = 60_000;
const KEYS = 64;
/** Two rules over all events, which look for the same. */
const RULES = ["any", "any_too"];
/** Five events of six mean something, and there are some hundreds of partial matches of each key at every moment. */
const SHAPE = { keys: KEYS, stages: 6, withinMs: 53 * KEYS, perWindow: 8, lastPerWindow: 0.005 };

export async function* measureParallelism({ quick, runs }) {
  const work = workOf(quick ? COUNT / 5 : COUNT);
  const results = WORKERS.map(() => []);
  for (let run = 0; run < runs; run++) {
    for (const [i, workers] of WORKERS.entries()) {
      const settings = ["--parallelism", String(workers)];
      results[i].push(await withService((service) => measured(service, work), { settings }));
    }
  }
  for (const [i, workers] of WORKERS.entries()) {
    const wrong = results[i].find(({ alerts }) => alerts !== work.matches);
    yield {
      kind: "rate",
      name: `Dear rules, ${workers} ${workers === 1 ? "worker" : "workers"}: processed`,
      events: work.count,
      perSecond: spread(results[i].map(({ seconds }) => work.count / seconds)),
      runs,
      userMicrosPerEvent: spread(results[i].map(({ user }) => (1e6 * user) / work.count)),
      found: results[i][0].alerts,
      checked: wrong === undefined,
      fault: wrong === undefined ? undefined : `${wrong.alerts} alerts are stored; there are ${work.matches} matches`,
    };
  }
  const [one, two] = results.map((each) => spread(each.map(({ seconds }) => seconds)).median);
  const busiest = results.map((each) => spread(each.map(({ busiestMs }) => busiestMs ?? 0)).median);
  yield {
    kind: "figure",
    name: "Two workers, and /healthz while busy",
    figures: [
      { label: "as fast as one", value: one / two, unit: "times" },
      // What the clock would say if each thread had a core to itself.
      ...(busiest.includes(0)
        ? []
        : [{ label: "by the busiest thread", value: busiest[0] / busiest[1], unit: "times" }]),
      ...WORKERS.flatMap((workers, i) =>
        healthFigures(
          `${workers} at work:`,
          results[i].flatMap(({ health }) => health),
        ),
      ),
    ],
  };
}

function workOf(count) {
  const events = anyEvents({ count, ...SHAPE });
  const lines = events.map((event, i) => JSON.stringify(widened(event, i)));
  const bodies = [];
  for (let from = 0; from < count; from += BATCH) bodies.push(Buffer.from(lines.slice(from, from + BATCH).join("\n")));
  let matches = 0;
  for (const _ of anyMatches(events, SHAPE)) matches++;
  return { count, bodies, matches: matches * RULES.length };
}

async function measured({ url, pid }, { bodies, matches }) {
  const client = new Client({ url, connections: CONNECTIONS });
  const [first, ...others] = RULES;
  await client.postRules(anyRule(SHAPE, { name: first }));
  for (const name of others) await client.postRules(anyRule(SHAPE, { name, stream: "" }));
  const before = await client.metrics();
  const threads = threadTimes(pid);
  const health = askHealth(url);
  const started = performance.now();
  await client.postAll("events", bodies, CONNECTIONS);
  await client.endStream("events");
  await client.processed();
  const seconds = (performance.now() - started) / 1000;
  const busiestMs = busiestSince(threads, pid);
  const took = await health.stop();
  const after = await client.metrics();
  const alerts = await client.storedAlerts(matches);
  client.close();
  const user = after.get("process_cpu_user_seconds_total") - before.get("process_cpu_user_seconds_total");
  return { seconds, user, alerts, busiestMs, health: took };
}
