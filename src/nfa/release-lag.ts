/** How far the last event of what comes out may lie behind the time at which it does. */

import type { Nfa, NfaState } from "./nfa.ts";

/** In ms; `Infinity` where something may wait for ever. */
export function releaseLagMs({ states, withinMs, skip }: Pick<Nfa, "states" | "withinMs" | "skip">): number {
  if (withinMs < Infinity) return withinMs;
  // A match is held by partial matches that began before it (S5.2), and those have no end of their own.
  if (skip.kind !== "none" && mayWait(states)) return Infinity;
  // A match comes out with its last event; a timeout, or an absence, when its gap has run out.
  let longest = 0;
  for (const { gaps } of states) for (const gap of gaps ?? []) if (gap < Infinity) longest = Math.max(longest, gap);
  return longest;
}

/** Can anything be a partial match, or is every event a match by itself? */
function mayWait(states: readonly NfaState[]): boolean {
  return states.some(({ edges }) =>
    edges.some(({ action, target }) => action === "TAKE" && states[target]!.kind !== "final"),
  );
}
