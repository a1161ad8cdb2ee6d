/** Which stages can have taken the last event when a partial match is in a state: gaps depend on it. */

import { depthFirst } from "./depth-first.ts";
import type { Nfa } from "./nfa.ts";

/** By state; none for those that cannot be reached. */
export function lastTaken({ states, start }: Nfa): (state: number) => ReadonlySet<number> {
  const stages = states.map(() => new Set<number>());
  for (const from of depthFirst(start, (state) => states[state]!.edges.map(({ target }) => target))) {
    const { stage, edges } = states[from]!;
    const left = edges.filter(({ action }) => action === "TAKE").map(({ target }) => target);
    for (let state = left.pop(); state !== undefined; state = left.pop()) {
      if (stages[state]!.has(stage)) continue;
      stages[state]!.add(stage);
      for (const { action, target } of states[state]!.edges) if (action !== "TAKE") left.push(target);
    }
  }
  return (state) => stages[state]!;
}
