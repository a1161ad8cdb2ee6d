/**
 * The engine against the pattern oracle: several keys, streams and partitions, events out of order and late, watermarks that
 * jump, and restores in between. A key's events come to what the oracle finds in them alone, in the order of their times
 * (S1.2 to S1.8, S2.5, S9.8).
 * `TRIPLINE_SEED` and `TRIPLINE_PATTERNS` widen the search.
 */

import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { createEngine, type EngineSnapshot, type Output, type TriplineEngine } from "../../src/index.ts";
import { generatePatterns, type GeneratedPattern } from "../support/oracle/generate.ts";
import { oracleMatches, type OracleMatch } from "../support/oracle/oracle.ts";
import { Random } from "../support/oracle/random.ts";
import { timelineOf } from "../support/timeline.ts";

const SEED = Number(process.env["TRIPLINE_SEED"] ?? 1);
const COUNT = Number(process.env["TRIPLINE_PATTERNS"] ?? 30);
const STREAMS = 5;
const KEYS = ["x", "y", 1] as const;

type Item =
  | {
      readonly kind: "event";
      readonly time: number;
      readonly stream: string;
      readonly partition: string;
      readonly key: string | number;
      readonly type: string;
    }
  | { readonly kind: "watermark"; readonly time: number; readonly stream: string };

interface KeyedStream {
  readonly boundMs: number;
  /** One or two. */
  readonly streams: readonly string[];
  readonly items: readonly Item[];
}

interface Seen {
  /** By key, in the order in which they came; events are items of the stream. */
  readonly matches: Readonly<Record<string, readonly OracleMatch[]>>;
  /** By key, as a set. */
  readonly timeouts: Readonly<Record<string, readonly string[]>>;
  readonly late: readonly number[];
}

const patterns = generatePatterns({ seed: SEED, count: COUNT });

describe(`${COUNT} patterns of seed ${SEED}`, () => {
  test.each(patterns.map((pattern) => [pattern.name, pattern] as const))("%s", (_, pattern) => {
    const random = new Random(SEED + pattern.rule.length);
    for (let i = 0; i < STREAMS; i++) {
      const stream = randomStream(random);
      const [found, expected] = [engine(pattern, stream, random), oracle(pattern, stream)];
      if (isDeepStrictEqual(found, expected)) continue;
      const told = `${ruleTextOf(pattern, stream)}\n${stream.items.map(itemText).join(" ")}`;
      expect({ told, ...found }).toEqual({ told, ...expected });
    }
  });
});

/** Ends with watermarks behind every deadline. */
function randomStream(random: Random): KeyedStream {
  const boundMs = random.pick([0, 2, 5]);
  const streams = random.pick([["s"], ["s"], ["s", "r"]]);
  const partitions = random.pick([[""], [""], ["", "p"]]);
  let newest = random.between(10, 20); // the oracle knows no time before 0
  const items = Array.from({ length: 30 }, (): Item => {
    newest += random.between(0, 1);
    const stream = random.pick(streams);
    if (random.chance(0.05)) return { kind: "watermark", time: newest + random.between(-2, 3), stream };
    const time = newest - (random.chance(0.5) ? 0 : random.between(0, boundMs + 1));
    const partition = random.pick(partitions);
    return {
      kind: "event",
      time,
      stream,
      partition,
      key: random.pick(KEYS),
      type: random.pick(["a", "b", "c"]),
    };
  });
  const ends = streams.map((stream): Item => ({ kind: "watermark", time: newest + 1000, stream }));
  return { boundMs, streams, items: [...items, ...ends] };
}

function oracle(pattern: GeneratedPattern, { items, boundMs }: KeyedStream): Seen {
  const released = timelineOf({ items, boundMs }).flatMap(({ what }) => (what.kind === "event" ? [what] : []));
  const seen = { matches: {}, timeouts: {}, late: [] } as {
    matches: Record<string, OracleMatch[]>;
    timeouts: Record<string, string[]>;
    late: number[];
  };
  for (const { item, isLate } of released) if (isLate) seen.late.push(item);
  for (const key of KEYS) {
    const own = released.filter(({ item, isLate }) => !isLate && (items[item] as { key: unknown }).key === key);
    const events = own.map(({ item }) => ({ ts: items[item]!.time, type: (items[item] as { type: string }).type }));
    // Time goes on after the last event: to one more, of which only the advance of time counts.
    const { matches, timeouts } = oracleMatches(pattern.oracle, [...events, { ts: items.at(-1)!.time, type: "none" }]);
    const inStream = (match: OracleMatch): OracleMatch =>
      mapStages(match, (events) => events.map((event) => own[event]!.item));
    const before = matches.filter(({ emittedAt }) => !("event" in emittedAt) || emittedAt.event < events.length);
    if (before.length > 0) seen.matches[JSON.stringify(key)] = before.map(({ match }) => inStream(match));
    if (timeouts.length > 0) {
      seen.timeouts[JSON.stringify(key)] = timeouts.map(({ match, ts }) => timeoutText(inStream(match), ts)).toSorted();
    }
  }
  return seen;
}

function engine(pattern: GeneratedPattern, stream: KeyedStream, random: Random): Seen {
  const rules = ruleTextOf(pattern, stream);
  let engine = createEngine({ rules });
  const matches: Record<string, OracleMatch[]> = {};
  const timeouts: Record<string, string[]> = {};
  const late: number[] = [];
  for (const item of stream.items) {
    if (random.chance(0.1)) {
      engine = createEngine({ rules, snapshot: JSON.parse(JSON.stringify(engine.snapshot())) as EngineSnapshot });
    }
    for (const output of perform(engine, item)) {
      if (output.kind === "late") {
        late.push(output.offset);
        continue;
      }
      const { kind, key, events, at } = output.alert;
      const match = mapStages(events, (taken) => taken.map(({ offset }) => offset));
      if (kind === "timeout") (timeouts[JSON.stringify(key)] ??= []).push(timeoutText(match, Date.parse(at)));
      else (matches[JSON.stringify(key)] ??= []).push(match);
    }
  }
  for (const ofKey of Object.values(timeouts)) ofKey.sort();
  return { matches, timeouts, late };
}

/** Every item is one record, so a record's offset is its index. */
function perform(engine: TriplineEngine, item: Item): Output[] {
  const { kind, stream, time } = item;
  if (kind === "watermark") return engine.watermark(stream, time);
  const { key, type, partition } = item;
  return engine.push(stream, { ts: time, key, type }, partition === "" ? {} : { partition });
}

function ruleTextOf({ rule }: GeneratedPattern, { boundMs, streams }: KeyedStream): string {
  const blocks = streams.map((name) => `stream ${name} { time ts  watermark bounded ${boundMs}ms }\n`).join("");
  return rule.replace("stream s { time ts }\n", blocks).replace("from s", `from ${streams.join(", ")}  key by key`);
}

/** Stages in the order of their names. */
function mapStages<T>(
  match: Readonly<Record<string, readonly T[]>>,
  map: (taken: readonly T[]) => readonly number[],
): OracleMatch {
  const stages = Object.keys(match).toSorted();
  return Object.fromEntries(stages.map((stage) => [stage, map(match[stage]!)]));
}

function timeoutText(match: OracleMatch, ts: number): string {
  return `${JSON.stringify(match)} at ${ts}`;
}

function itemText(item: Item, index: number): string {
  if (item.kind === "watermark") return `${index}:${item.stream}>${item.time}`;
  return `${index}:${item.stream}${item.partition}.${item.key}.${item.type}@${item.time}`;
}
