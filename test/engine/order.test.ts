/**
 * Arrival is not time: within the bound of its stream an event may come in any order (S1.3, S1.5), again (S2.3), among events
 * of other keys (S2.5), and beside other streams (S1.6). Seeds are in the names; `TRIPLINE_SEED` takes others.
 */

import { describe, expect, test } from "@jest/globals";
import type { JsonObject } from "../../src/core/event.ts";
import { createEngine, type Output } from "../../src/index.ts";
import { generatePatterns } from "../support/oracle/generate.ts";
import { Random } from "../support/oracle/random.ts";
import { filesUnder, read } from "../support/project.ts";
import { toRule, type Vector } from "../vectors/match/to-rule.mjs";

interface TimedEvent extends JsonObject {
  readonly ts: number;
}

/** Events of a stream, in the order of their arrival. */
interface Arrival {
  readonly stream: string;
  readonly event: TimedEvent;
}

const SEED = Number(process.env["TRIPLINE_SEED"] ?? 1);
const LETTERS = ["a", "b", "c"];

/** What comes of the arrivals and the end of their streams. What an alert says of the log's offsets is left out. */
function run(rules: string, arrivals: readonly Arrival[]): unknown[] {
  const engine = createEngine({ rules });
  const streams = new Set(arrivals.map(({ stream }) => stream));
  const outputs = [
    ...arrivals.flatMap(({ stream, event }) => engine.push(stream, event)),
    ...[...streams].flatMap((stream) => engine.watermark(stream, "end")),
  ];
  return outputs.map(withoutOffsets);
}

function withoutOffsets(output: Output): unknown {
  return JSON.parse(JSON.stringify(output, (name, value: unknown) => (name === "offset" ? undefined : value)));
}

function onS(events: readonly TimedEvent[]): Arrival[] {
  return events.map((event) => ({ stream: "s", event }));
}

/** Each event at most `bound` behind the latest before it; those of one time stay side by side, in their order. */
function shuffled(events: readonly TimedEvent[], bound: number, random: Random): TimedEvent[] {
  const arrivals = new Map<number, number>();
  for (const { ts } of events) if (!arrivals.has(ts)) arrivals.set(ts, ts + random.next() * bound);
  return events.toSorted((a, b) => arrivals.get(a.ts)! - arrivals.get(b.ts)!);
}

/** Random letters at random times, each event with an identity of its own. */
function randomEvents(random: Random, length: number): TimedEvent[] {
  let ts = 0;
  return Array.from({ length }, (_, i) => ({ ts: (ts += random.between(0, 2)), i, type: random.pick(LETTERS) }));
}

const patterns = generatePatterns({ seed: SEED, count: 24 });

/** The oracle's patterns over a stream `s` with these clauses, and perhaps more streams. */
function randomRules({ clauses = "", from = "s", streams = "" }): (readonly [name: string, rules: string])[] {
  return patterns.map(({ name, rule }) => {
    const stream = `stream s { time ts  id i  ${clauses} } ${streams}`;
    return [name, rule.replace(/stream s \{[^}]*\}/, stream).replace("from s", `from ${from}`)];
  });
}

describe("events that come out of order, within the bound", () => {
  describe.each(filesUnder("test/vectors/match", ".json"))("%s", (file) => {
    const vectors = JSON.parse(read(file)) as Vector[];
    test.each(vectors.map((vector) => [vector.id, vector] as const))("%s", (_, vector) => {
      const { source, events } = toRule(vector);
      const identified = events.map((event, i): TimedEvent => ({ ...(event as TimedEvent), i }));
      const random = new Random(SEED + events.length);
      const span = (events.at(-1)?.ts ?? 0) - (events[0]?.ts ?? 0);
      const bound = Math.max(1, Math.round(span * random.pick([0.3, 1, 2])));
      const rules = source.replace("time ts", `time ts  id i  watermark bounded ${bound}ms`);
      expect(run(rules, onS(shuffled(identified, bound, random)))).toEqual(run(rules, onS(identified)));
    });
  });

  test.each(randomRules({ clauses: "watermark bounded 7ms" }))(`seed ${SEED}, %s`, (_, rules) => {
    const random = new Random(SEED);
    for (let round = 0; round < 5; round++) {
      const events = randomEvents(random, 30);
      expect(run(rules, onS(shuffled(events, 7, random)))).toEqual(run(rules, onS(events)));
    }
  });
});

describe("events that come again", () => {
  test.each(randomRules({ clauses: "watermark bounded 3ms" }))(`seed ${SEED}, %s`, (_, rules) => {
    const random = new Random(SEED);
    const events = shuffled(randomEvents(random, 40), 3, random);
    const again = events.flatMap((event, i) => [event, ...(random.chance(0.5) ? [events[random.between(0, i)]!] : [])]);
    expect(run(rules, onS(again))).toEqual(run(rules, onS(events)));
  });
});

describe("events of several keys", () => {
  const KEYS = [1, "1", [1, null], { b: 1, a: 2 }];

  test.each(randomRules({ from: "s key by k" }))(`seed ${SEED}, %s`, (_, rules) => {
    const random = new Random(SEED);
    const events = randomEvents(random, 80).map((event) => ({ ...event, k: random.pick(KEYS) }));
    const together = run(rules, onS(events)) as { alert: { key: unknown } }[];
    for (const key of KEYS) {
      const own = together.filter(({ alert }) => JSON.stringify(alert.key) === JSON.stringify(key));
      expect(own).toEqual(run(rules, onS(events.filter(({ k }) => k === key))));
    }
  });
});

describe("events of two streams", () => {
  const rules = randomRules({ from: "s, r", streams: "stream r { time ts  id i }" });

  test.each(rules)(`are merged by time, however far one of them is ahead: seed ${SEED}, %s`, (_, source) => {
    const random = new Random(SEED);
    // Of one time there is one event: whichever came first would go first.
    const events = randomEvents(random, 40).map((event, i): TimedEvent => ({ ...event, ts: 3 * event.ts + i }));
    const inOrder = events.map((event, i): Arrival => ({ stream: i < 2 ? "sr"[i]! : random.pick(["s", "r"]), event }));
    // The first event of each stream opens it: a stream that has had nothing yet holds nothing back.
    const [first, second, ...rest] = inOrder as [Arrival, Arrival, ...Arrival[]];
    const apart = interleaved(rest, random);
    expect(run(source, [first, second, ...apart])).toEqual(run(source, inOrder));
  });

  /** Each stream in its order, one of them ahead for a while, and then the other. */
  function interleaved(arrivals: readonly Arrival[], random: Random): Arrival[] {
    const queues = ["s", "r"].map((stream) => arrivals.filter((arrival) => arrival.stream === stream));
    const result: Arrival[] = [];
    while (result.length < arrivals.length) result.push(...random.pick(queues).splice(0, random.between(1, 8)));
    return result;
  }
});
