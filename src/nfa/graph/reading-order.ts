/**
 * The states that can be reached, in the order of the pattern: the start state first, what a loop holds before what comes
 * after it, each ignoring copy behind its state, the final and the stop state last.
 */

import type { Edge, Nfa } from "../nfa.ts";
import { depthFirst } from "../depth-first.ts";

export function readingOrder(nfa: Nfa): readonly number[] {
  const copies = ignoringCopies(nfa);
  const isCopy = new Set([...copies.values()].flat());
  const successors = (state: number): number[] =>
    [state, ...(copies.get(state) ?? [])]
      .flatMap((id) => nfa.states[id]!.edges)
      .filter(({ target }) => !isCopy.has(target) && nfa.states[target]!.kind !== "stop")
      .map(({ target }) => target);
  const rank = (state: number): number => (nfa.states[state]!.kind === "final" ? Infinity : nfa.states[state]!.stage);
  // What is finished first comes last: a depth-first search that leaves loops before it goes through them.
  const finished = depthFirst(nfa.start, (state) => successors(state).sort((a, b) => rank(a) - rank(b)));
  const order = finished.reverse().flatMap((state) => [state, ...(copies.get(state) ?? [])]);
  const all = [...new Set(order)];
  const stop = all.flatMap((state) => nfa.states[state]!.edges).find(({ target }) => isStop(nfa, target));
  return stop === undefined ? all : [...all, stop.target];
}

function isStop(nfa: Nfa, state: number): boolean {
  return nfa.states[state]!.kind === "stop";
}

/** States that nothing but IGNORE edges lead to, by the states that they are the copies of. */
function ignoringCopies(nfa: Nfa): ReadonlyMap<number, readonly number[]> {
  const entered = new Set(
    nfa.states.flatMap(({ id, edges }) => edges.filter((edge) => edge.action !== "IGNORE").map(targetUnless(id))),
  );
  const copies = new Map<number, number[]>();
  for (const { id, edges } of nfa.states) {
    for (const { action, target } of edges) {
      const isCopy = action === "IGNORE" && target !== id && !entered.has(target) && target !== nfa.start;
      if (isCopy && nfa.states[target]!.kind === "normal") copies.set(id, [...(copies.get(id) ?? []), target]);
    }
  }
  return copies;
}

/** A loop at a state is no way to it. */
function targetUnless(state: number): (edge: Edge) => number {
  return ({ target }) => (target === state ? -1 : target);
}
