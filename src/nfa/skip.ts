/** After-match skip strategies (S5.3): which completed matches are released, and what each release takes away. */

import { compareEvents, type Event } from "../core/event.ts";
import { assert } from "../core/assert.ts";
import type { Harvest } from "./harvest.ts";
import type { Nfa } from "./nfa.ts";
import { compareMatches, type KeyState, type Match, type MatchNode, type PartialMatch } from "./partial-match.ts";

/** What a key waits for, and what waits in it. */
export type Pending = Pick<KeyState, "partials" | "held">;

/**
 * Releases what may be released at `time`. With a skip strategy a match waits for every partial match that started
 * earlier, since that one's match might take it away (S5.2); without one nothing waits.
 */
export function release(
  nfa: Nfa,
  pending: Pending,
  {
    completed,
    time,
    harvest,
  }: { readonly completed: readonly Match[]; readonly time: number; readonly harvest: Harvest },
): Pending {
  let held: readonly Match[] =
    completed.length === 0 ? pending.held : [...pending.held, ...completed].sort(compareMatches);
  if (nfa.skip.kind === "none") {
    for (const match of held) harvest.matches.push({ match, time });
    return { partials: pending.partials, held: [] };
  }
  let { partials } = pending;
  while (held.length > 0 && !startsEarlier(partials, held[0]!)) {
    const match = held[0]!;
    held = held.slice(1);
    if (failsToSkip(nfa, match)) {
      harvest.failed.push(match);
      continue;
    }
    harvest.matches.push({ match, time });
    const taken = takenAway(nfa, match.matched);
    partials = partials.filter((partial) => !taken(partial.matched.first));
    held = held.filter((other) => !taken(other.matched.first));
  }
  return { partials, held };
}

/** Partial matches are in the order of their first events, so the first one decides. */
function startsEarlier(partials: readonly PartialMatch[], match: Match): boolean {
  return partials.length > 0 && compareEvents(partials[0]!.matched.first, match.matched.first) < 0;
}

/** `toFirst(x) orFail` and a match without `x` (S5.4). */
function failsToSkip({ skip, stages }: Nfa, { matched }: Match): boolean {
  return (skip.kind === "toFirst" || skip.kind === "toLast") && skip.orFail && target(skip, stages, matched) === null;
}

/** Which starts a released match takes away. */
function takenAway({ skip, stages }: Nfa, matched: MatchNode): (start: Event) => boolean {
  switch (skip.kind) {
    case "none":
      return () => false;
    case "toNext":
      return (start) => compareEvents(start, matched.first) <= 0;
    case "pastLastEvent":
      return (start) => compareEvents(start, matched.event) <= 0;
    case "toFirst":
    case "toLast": {
      const event = target(skip, stages, matched);
      return event === null ? () => false : (start) => compareEvents(start, event) < 0;
    }
  }
}

function target(
  skip: { readonly kind: "toFirst" | "toLast"; readonly stage: string },
  stages: readonly string[],
  matched: MatchNode,
): Event | null {
  const stage = stages.indexOf(skip.stage);
  assert(stage >= 0, "a skip strategy names a stage of its pattern");
  let event: Event | null = null;
  for (let node: MatchNode | null = matched; node !== null; node = node.previous) {
    if (node.stage !== stage) continue;
    event = node.event;
    if (skip.kind === "toLast") break;
  }
  return event;
}
