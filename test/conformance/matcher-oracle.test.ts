/**
 * The matcher against the oracle, which tries every subsequence: over every stream of six events of three letters (what comes
 * out for the first events never depends on later ones, so shorter streams are covered), and over long random streams.
 * `TRIPLINE_SEED` and `TRIPLINE_PATTERNS` widen the search.
 */

import { describe, expect, test } from "@jest/globals";
import { matcherOf, type StreamMatches } from "../support/match-stream.ts";
import { generatePatterns } from "../support/oracle/generate.ts";
import { oracleMatches, type OracleResult } from "../support/oracle/oracle.ts";
import { Random } from "../support/oracle/random.ts";
import { exhaustiveStreams, type LetterEvent } from "../support/oracle/streams.ts";

const SEED = Number(process.env["TRIPLINE_SEED"] ?? 1);
const COUNT = Number(process.env["TRIPLINE_PATTERNS"] ?? 200);
const LETTERS = ["a", "b", "c"];
const SHORT_LENGTH = 6;
const LONG_LENGTH = 14;
const LONG_STREAMS = 5;

const patterns = generatePatterns({ seed: SEED, count: COUNT });
const shortStreams = exhaustiveStreams(LETTERS, SHORT_LENGTH).filter(({ length }) => length === SHORT_LENGTH);

describe(`${COUNT} patterns of seed ${SEED}`, () => {
  test.each(patterns.map((pattern) => [pattern.name, pattern] as const))("%s", (_, { rule, oracle }) => {
    const matcher = matcherOf(rule);
    for (const events of [...shortStreams, ...longStreams(rule)]) {
      const expected = shown(oracleMatches(oracle, events));
      const found = shown(matcher(events));
      if (JSON.stringify(found) === JSON.stringify(expected)) continue;
      expect({ rule, events: streamText(events), ...found }).toEqual({ rule, events: streamText(events), ...expected });
    }
  });
});

/** Random letters at random times, from the seed and the rule. */
function longStreams(rule: string): LetterEvent[][] {
  const random = new Random(SEED + rule.length);
  return Array.from({ length: LONG_STREAMS }, () => {
    let ts = 0;
    return Array.from({ length: LONG_LENGTH }, () => ({
      ts: (ts += random.between(0, 2)),
      type: random.pick(LETTERS),
    }));
  });
}

/** Timeouts as a set. */
function shown({ matches, timeouts, faults }: StreamMatches | OracleResult): {
  readonly matches: readonly string[];
  readonly timeouts: readonly string[];
  readonly faults: readonly string[];
} {
  const text = (value: unknown): string => JSON.stringify(value);
  const ordered = (match: Readonly<Record<string, readonly number[]>>): unknown =>
    Object.entries(match).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    matches: matches.map(({ match, emittedAt }) => text([ordered(match), emittedAt])),
    timeouts: timeouts.map(({ match, ts }) => text([ordered(match), ts])).sort(),
    faults: faults.map((match) => text(ordered(match))),
  };
}

function streamText(events: readonly LetterEvent[]): string {
  return events.map(({ type, ts }, i) => `${i}:${type}@${ts}`).join(" ");
}
