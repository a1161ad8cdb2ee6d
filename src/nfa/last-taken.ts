/** Which stages can have taken the last event when a partial match is in a state: gaps depend on it. */

import type { Nfa } from "./nfa.ts";

/** By state; none for those that cannot be reached. */
export function lastTaken(nfa: Nfa): (state: number) => ReadonlySet<number> {
  const stages = nfa.states.map(() => new Set<number>());
  const changed = [nfa.start];
  const seen = new Set(changed);
  for (let state = changed.pop(); state !== undefined; state = changed.pop()) {
    for (const { action, target } of nfa.states[state]!.edges) {
      const last = stages[target]!;
      const before = last.size;
      if (action === "TAKE") last.add(nfa.states[state]!.stage);
      else for (const stage of stages[state]!) last.add(stage);
      if (last.size === before && seen.has(target)) continue;
      seen.add(target);
      changed.push(target);
    }
  }
  return (state) => stages[state]!;
}
