/**
 * What a state waits for: its own stage, and those that its PROCEED edges lead to. Each has its own limit, and the state is over
 * when the last of them is.
 */

import { depthFirst } from "./depth-first.ts";
import { gapAfter, type Gaps, type NfaState } from "./nfa.ts";

interface Wait {
  readonly stage: number;
  readonly gaps: Gaps;
}

/** Found when asked for, once for each state. */
export class Waits {
  readonly #states: readonly NfaState[];
  readonly #known = new Map<number, readonly Wait[]>();

  constructor(states: readonly NfaState[]) {
    this.#states = states;
  }

  /** Where the stage `after` took the last event: the stage whose wait lasts longest, the first of several. */
  longest(state: number, after: number): number {
    let longest: Wait | null = null;
    for (const wait of this.#of(state)) {
      const gap = gapAfter(wait.gaps, after);
      const longestGap = longest === null ? -1 : gapAfter(longest.gaps, after);
      if (longest === null || gap > longestGap || (gap === longestGap && wait.stage < longest.stage)) longest = wait;
    }
    return longest === null ? this.#states[state]!.stage : longest.stage;
  }

  /** The last stage that is waited for longer than `ms`. */
  beyond(state: number, { after, ms }: { readonly after: number; readonly ms: number }): number {
    let last = -1;
    for (const { stage, gaps } of this.#of(state)) if (gapAfter(gaps, after) > ms) last = Math.max(last, stage);
    return last;
  }

  #of(state: number): readonly Wait[] {
    let waits = this.#known.get(state);
    if (waits === undefined) this.#known.set(state, (waits = this.#find(state)));
    return waits;
  }

  #find(state: number): readonly Wait[] {
    const reached = depthFirst(state, (id) =>
      this.#states[id]!.edges.filter(({ action }) => action === "PROCEED").map(({ target }) => target),
    );
    return reached.flatMap((id) => {
      const { kind, stage, gaps, edges } = this.#states[id]!;
      if (kind === "pending") return [{ stage, gaps }];
      return edges
        .filter(({ action, target }) => action === "TAKE" || (action === "IGNORE" && this.#ends(target)))
        .map((edge) => ({ stage, gaps: edge.gaps }));
    });
  }

  #ends(state: number): boolean {
    return this.#states[state]!.kind === "final";
  }
}
