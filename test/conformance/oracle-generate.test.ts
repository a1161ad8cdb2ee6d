/** The generated patterns cover the language pair by pair, follow from their seed, and match something. */

import { describe, expect, test } from "@jest/globals";
import { refusals } from "../support/oracle/accept.ts";
import { everyPair, pairsIn } from "../support/oracle/constructs.ts";
import { generatePatterns, MEETINGS_WANTED } from "../support/oracle/generate.ts";
import { oracleMatches } from "../support/oracle/oracle.ts";
import { exhaustiveStreams } from "../support/oracle/streams.ts";

const SEED = 1;
const patterns = generatePatterns({ seed: SEED, count: 200 });

describe(`200 patterns of seed ${SEED}`, () => {
  test("have every two constructs together at least three times", () => {
    const met = new Map(everyPair().map((pair) => [pair, 0]));
    for (const { json } of patterns) for (const pair of pairsIn(json)) met.set(pair, met.get(pair)! + 1);
    expect([...met].filter(([, times]) => times < MEETINGS_WANTED)).toEqual([]);
  });

  test("are accepted, differ from each other, and follow from the seed", () => {
    expect(patterns.filter(({ json }) => refusals(json).length > 0)).toEqual([]);
    expect(new Set(patterns.map(({ json }) => JSON.stringify(json))).size).toBe(patterns.length);
    const again = generatePatterns({ seed: SEED, count: 10 }).map(({ rule }) => rule);
    expect(again).toEqual(patterns.slice(0, 10).map(({ rule }) => rule));
  });

  test("yield for the beginning of a stream what they yield for it alone", () => {
    const whole = exhaustiveStreams(["a", "b", "c"], 5).filter(({ length }) => length === 5);
    for (const [i, { oracle, rule }] of patterns.entries()) {
      const stream = whole[(i * 97) % whole.length]!;
      const later = oracleMatches(oracle, stream);
      for (let length = 0; length < stream.length; length++) {
        const { matches, timeouts } = oracleMatches(oracle, stream.slice(0, length));
        expect({ rule, matches: later.matches.slice(0, matches.length) }).toEqual({ rule, matches });
        expect({ rule, timeouts: later.timeouts.slice(0, timeouts.length) }).toEqual({ rule, timeouts });
      }
    }
  });
});

test("there are 1,093 streams of up to six events over three letters", () => {
  const streams = exhaustiveStreams(["a", "b", "c"], 6);
  expect(streams.length).toBe(1_093);
  expect(new Set(streams.map((stream) => stream.map(({ type }) => type).join(""))).size).toBe(1_093);
});
