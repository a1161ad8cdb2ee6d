/**
 * What one event can do to a partial match, whatever the event is: from a state through PROCEED edges to every TAKE and IGNORE
 * edge whose guards do not contradict each other. Reasoning about a pattern before it has seen any event rests on these.
 */

import { both, NEVER } from "./builder.ts";
import type { Guard, Nfa } from "./nfa.ts";

export interface Move {
  /** The stage that takes the event; null: it is passed over. */
  readonly taken: number | null;
  readonly target: number;
  readonly guard: Guard;
}

/**
 * States under guards that are told apart from one state. There may be as many as subsets of the conditions on the way; beyond
 * this a way counts as free, so that more moves are found than there are, and none is missed.
 */
const PLACES_MAX = 1000;

/** The moves of every state in which a partial match can be, the start state's included; not those that complete a match. */
export function movesOf(nfa: Nfa): ReadonlyMap<number, readonly Move[]> {
  const moves = new Map<number, readonly Move[]>();
  const left = [nfa.start];
  for (let state = left.pop(); state !== undefined; state = left.pop()) {
    if (moves.has(state)) continue;
    const found = movesFrom(nfa, state);
    moves.set(state, found);
    left.push(...found.map(({ target }) => target));
  }
  return moves;
}

/** Can one event make both moves? Conditions are taken to be independent of each other. */
export function areCompatible(nfa: Nfa, a: Move, b: Move): boolean {
  return canHold(nfa, both(a.guard, b.guard));
}

function movesFrom(nfa: Nfa, from: number): Move[] {
  const moves: Move[] = [];
  const seen = new Set<string>();
  const left: { readonly state: number; readonly guard: Guard }[] = [{ state: from, guard: [] }];
  for (let place = left.pop(); place !== undefined; place = left.pop()) {
    const under = seen.size < PLACES_MAX ? place.guard : [];
    const key = JSON.stringify([place.state, under]);
    if (seen.has(key)) continue;
    seen.add(key);
    const { stage, edges } = nfa.states[place.state]!;
    for (const { action, target, guard } of edges) {
      const { kind } = nfa.states[target]!;
      if (kind === "final" || kind === "stop") continue;
      const all = both(under, guard);
      if (all === NEVER || !canHold(nfa, all)) continue;
      if (action === "PROCEED") left.push({ state: target, guard: all });
      else if (action === "TAKE" || from !== nfa.start) {
        moves.push({ taken: action === "TAKE" ? stage : null, target, guard: all });
      }
    }
  }
  return moves;
}

function canHold(nfa: Nfa, guard: Guard | typeof NEVER): boolean {
  if (guard === NEVER) return false;
  const holds = (part: Guard[number]): boolean =>
    guard.some(({ condition, negated }) => condition === part.condition && negated === part.negated);
  return guard.every(({ condition, negated }) => {
    const { source } = nfa.conditions[condition]!;
    return source.kind !== "all" || !negated || !source.guard.every(holds);
  });
}
