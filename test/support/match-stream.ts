/** A pattern's matcher alone, for comparisons over many streams: compiled once, run over each as a conformance run is. */

import { compileMatching } from "../../src/engine/rules/compiled-rule.ts";
import { newContext } from "../../src/engine/rules/eval-context.ts";
import type { Event, JsonObject } from "../../src/core/event.ts";
import { emptyHarvest, type Harvest } from "../../src/nfa/harvest.ts";
import { Matcher } from "../../src/nfa/matcher.ts";
import { EMPTY_KEY_STATE, eventsInOrder, type MatchNode } from "../../src/nfa/partial-match.ts";
import { patternRule } from "./pattern-rule.ts";

export interface StreamMatches {
  readonly matches: readonly { readonly match: Stages; readonly emittedAt: { event: number } | { time: number } }[];
  readonly timeouts: readonly { readonly match: Stages; readonly ts: number }[];
  readonly faults: readonly Stages[];
}

/** Stage name → indices of the events it took. */
export type Stages = Readonly<Record<string, readonly number[]>>;

/** The matcher of the one rule in `source`, as a function of a stream. */
export function matcherOf(source: string): (events: readonly { readonly ts: number }[]) => StreamMatches {
  const nfa = compileMatching(patternRule(source), null);
  const matcher = new Matcher(nfa, {
    context: newContext({ has: () => false }),
    partialMatchesPerKeyMax: Number.MAX_SAFE_INTEGER,
  });
  const stagesOf = (matched: MatchNode): Stages => {
    const stages: Record<string, number[]> = {};
    for (const { stage, event } of eventsInOrder(matched)) (stages[nfa.stages[stage]!] ??= []).push(event.offset);
    return stages;
  };
  return (events) => {
    const found = { matches: [], timeouts: [], faults: [] } as {
      -readonly [K in keyof StreamMatches]: StreamMatches[K][number][];
    };
    const collect = ({ matches, timedOut, failed }: Harvest, emittedAt: { event: number } | { time: number }): void => {
      for (const { match } of matches) found.matches.push({ match: stagesOf(match.matched), emittedAt });
      for (const { matched, deadline } of timedOut) found.timeouts.push({ match: stagesOf(matched), ts: deadline });
      for (const { matched } of failed) found.faults.push(stagesOf(matched));
    };
    let state = EMPTY_KEY_STATE;
    events.forEach((data, offset) => {
      const event: Event = {
        stream: "s",
        offset,
        id: null,
        ordinal: offset,
        time: data.ts,
        data: data as unknown as JsonObject,
      };
      const advanced = emptyHarvest();
      state = matcher.advance(state, data.ts, advanced);
      collect(advanced, { time: data.ts });
      const stepped = emptyHarvest();
      state = matcher.step(state, event, stepped);
      collect(stepped, { event: offset });
    });
    return found;
  };
}
