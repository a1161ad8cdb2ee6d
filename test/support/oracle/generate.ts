/**
 * Patterns of every construct, from a seed, each as the oracle's picture and as rule text: small enough to match
 * something in a handful of events, and chosen so that every two constructs meet.
 */

import { refusals } from "./accept.ts";
import { everyPair, pairsIn } from "./constructs.ts";
import { drawPattern, LETTERS } from "./draw.ts";
import { openQuestions } from "./open-questions.ts";
import { oracleMatches } from "./oracle.ts";
import type { OraclePattern } from "./pattern.ts";
import { Random } from "./random.ts";
import { ruleText } from "./rule-text.ts";
import { exhaustiveStreams } from "./streams.ts";
import type { VectorPattern } from "./vector.ts";
import { patternOf } from "./vector.ts";

export interface GeneratedPattern {
  /** The rule's name: `pattern_1`, ... */
  readonly name: string;
  readonly json: VectorPattern;
  readonly oracle: OraclePattern;
  readonly rule: string;
}

export interface Generation {
  readonly seed: number;
  readonly count: number;
  /** Whether patterns may rest on an open question (see `open-questions.ts`). */
  readonly open?: boolean;
}

/** How often two constructs should meet. */
export const MEETINGS_WANTED = 3;

/** So many are drawn for each one that is kept. */
const CANDIDATES = 48;

/** The same seed and count give the same patterns, everywhere. */
export function generatePatterns({ seed, count, open = false }: Generation): GeneratedPattern[] {
  const random = new Random(seed);
  const wanted = new Map(everyPair().map((pair) => [pair, MEETINGS_WANTED]));
  const drawn = new Set<string>();
  return Array.from({ length: count }, (_, i) => {
    const json = pickWanted({ random, open, wanted, drawn });
    drawn.add(JSON.stringify(json));
    for (const pair of pairsIn(json)) wanted.set(pair, (wanted.get(pair) ?? 0) - 1);
    const name = `pattern_${i + 1}`;
    return { name, json, oracle: patternOf(json), rule: ruleText(json, name) };
  });
}

interface Choice {
  readonly random: Random;
  readonly open: boolean;
  readonly wanted: ReadonlyMap<string, number>;
  readonly drawn: ReadonlySet<string>;
}

/** Of several new ones that can match, the one with most of the pairs that are still wanted. */
function pickWanted({ random, open, wanted, drawn }: Choice): VectorPattern {
  for (;;) {
    const candidates = Array.from({ length: CANDIDATES }, () => drawAccepted(random, open)).map((pattern) => ({
      pattern,
      worth: pairsIn(pattern).filter((pair) => wanted.get(pair)! > 0).length,
    }));
    const best = candidates
      .toSorted((a, b) => b.worth - a.worth)
      .find(({ pattern }) => !drawn.has(JSON.stringify(pattern)) && canMatch(pattern));
    if (best !== undefined) return best.pattern;
  }
}

function drawAccepted(random: Random, open: boolean): VectorPattern {
  for (;;) {
    const pattern = drawPattern(random);
    if (refusals(pattern).length === 0 && (open || openQuestions(pattern).length === 0)) return pattern;
  }
}

/** A fifth of the streams of six events, spread evenly: enough to see that a pattern is not vain. */
const TRIALS = exhaustiveStreams(LETTERS, 6).filter(({ length }, i) => length === 6 && i % 5 === 0);

function canMatch(json: VectorPattern): boolean {
  const pattern = patternOf(json);
  return TRIALS.some((stream) => oracleMatches(pattern, stream).matches.length > 0);
}
