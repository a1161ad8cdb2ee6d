/** Whether memory stays flat: an hour's worth of events at 5,000 a second, sent as fast as they are taken. */

import { seeded } from "../random.mjs";
import { Client } from "./client.mjs";
import { widened } from "./events.mjs";
import { withService } from "./process.mjs";

const PER_MS = 5;
const HOUR_MS = 3_600_000;
const BATCH = 1000;
const CONNECTIONS = 4;
const KEYS = 10_000;
const TYPES = ["a", "b", "c", "d"];
const WITHIN_MS = 60_000;
const START = Date.UTC(2026, 0, 1);
/** When memory is looked at. By the second look all that is to be held is there, and it should be no more at the last. */
const LOOKS = [0.25, 0.5, 0.75, 1];
/** A heap that has not been collected for a while is larger than one that has been. */
const FLAT_WITHIN = 1.25;

/** Each key holds what has begun in the last minute, and few of it come to an end. */
const RULE = `
  stream events { time at  watermark bounded 20s }
  rule rare {
    from events
    key by key
    pattern {
      begin a where type == "a"
      followedBy b where type == "b" and amount == 7
      within ${WITHIN_MS / 1000}s
    }
  }`;

export async function* measureHour({ quick }) {
  const { looks, alerts, expected, events, seconds } = await withService(({ url }) =>
    run({ url, durationMs: quick ? HOUR_MS / 10 : HOUR_MS }),
  );
  const [early, late] = [looks[1], looks.at(-1)];
  const isFlat = late.resident < FLAT_WITHIN * early.resident;
  const megabytes = (label, value) => ({ label, value: value / 1e6, unit: "MB" });
  yield {
    kind: "figure",
    name: `Memory over ${events} events`,
    figures: [
      ...looks.map(({ resident, share }) => megabytes(`resident at ${100 * share} %`, resident)),
      ...looks.map(({ heap, share }) => megabytes(`heap at ${100 * share} %`, heap)),
      { label: "events/s", value: events / seconds, unit: "" },
      { label: "user", value: (1e6 * (late.user - early.user)) / (late.events - early.events), unit: "µs/event" },
    ],
    checked: isFlat && alerts === expected,
    fault: isFlat
      ? alerts === expected
        ? undefined
        : `${alerts} alerts are stored; there are ${expected} matches`
      : "memory grows",
  };
}

async function run({ url, durationMs }) {
  const client = new Client({ url, connections: CONNECTIONS });
  await client.postRules(RULE);
  const source = new Source(durationMs * PER_MS);
  const looks = [];
  const started = performance.now();
  for (const share of LOOKS) {
    await client.postAll("events", source.bodies(share), CONNECTIONS);
    looks.push({ share, ...(await look(client)) });
  }
  await client.processed();
  const seconds = (performance.now() - started) / 1000;
  await client.endStream("events");
  await client.processed();
  const alerts = await client.storedAlerts(source.matches);
  client.close();
  return { looks, alerts, expected: source.matches, events: source.made, seconds };
}

async function look(client) {
  const metrics = await client.metrics();
  return {
    resident: metrics.get("process_resident_memory_bytes"),
    heap: metrics.get("nodejs_heap_size_used_bytes"),
    user: metrics.get("process_cpu_user_seconds_total"),
    events: metrics.get("tripline_log_end_offset"),
  };
}

/** Mutable: makes the events as they are sent, and counts what there is to be found in them. */
class Source {
  #count;
  #random = seeded(1);
  /** By key: event times of its last `a` that no match has taken away. */
  #begun = new Float64Array(KEYS).fill(-Infinity);
  made = 0;
  matches = 0;

  constructor(count) {
    this.#count = count;
  }

  *bodies(share) {
    while (this.made < share * this.#count)
      yield Buffer.from(Array.from({ length: BATCH }, () => this.#line()).join("\n"));
  }

  #line() {
    const i = this.made++;
    const key = Math.floor(this.#random() * KEYS);
    const type = TYPES[Math.floor(this.#random() * TYPES.length)];
    const amount = Math.floor(this.#random() * 1000);
    const at = START + Math.floor(i / PER_MS);
    if (type === "a") this.#begun[key] = at;
    else if (type === "b" && amount === 7 && at - this.#begun[key] < WITHIN_MS) {
      this.matches++;
      this.#begun[key] = -Infinity; // `skip pastLastEvent`
    }
    return JSON.stringify(widened({ at, key: `k${key}`, type, amount, country: "FR" }, i));
  }
}
