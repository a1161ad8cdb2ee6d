/** Builds the states and edges of an automaton. Mutable, and alive only while one pattern is compiled. */

import { finishStates, type DraftState } from "./draft-state.ts";
import type { Condition, Edge, Gaps, Guard, NfaState, Prohibition, StateKind } from "./nfa.ts";

/** A guard that can never hold: such an edge is left out. */
export const NEVER = null;

/** Both guards; `NEVER` when they contradict each other. */
export function both(a: Guard | typeof NEVER, b: Guard | typeof NEVER): Guard | typeof NEVER {
  if (a === NEVER || b === NEVER) return NEVER;
  const literals = [...a];
  for (const literal of b) {
    const same = literals.find((l) => l.condition === literal.condition);
    if (same === undefined) literals.push(literal);
    else if (same.negated !== literal.negated) return NEVER;
  }
  return literals;
}

export class NfaBuilder {
  readonly #states: DraftState[] = [];
  readonly #conditions: Condition[] = [];
  readonly #stageCount: number;
  readonly #named = new Map<string, number>();

  readonly final: number;
  readonly stop: number;

  constructor(stageCount: number) {
    this.#stageCount = stageCount;
    this.final = this.state("final", "end", -1);
    this.stop = this.state("stop", "stop", -1);
  }

  state(kind: StateKind, name: string, stage: number, waitMs = Infinity): number {
    const before = this.#named.get(name) ?? 0;
    this.#named.set(name, before + 1);
    this.#states.push({ kind, name: before === 0 ? name : `${name}:${before}`, stage, waitMs, edges: [] });
    return this.#states.length - 1;
  }

  isFinal(state: number): boolean {
    return state === this.final;
  }

  condition(condition: Condition): number {
    this.#conditions.push(condition);
    return this.#conditions.length - 1;
  }

  /** The negation of a whole guard, as a guard of one literal. */
  not(guard: Guard): Guard | typeof NEVER {
    if (guard.length === 0) return NEVER;
    if (guard.length === 1) return [{ condition: guard[0]!.condition, negated: !guard[0]!.negated }];
    const parts = guard.map((literal) => ({ ...literal, test: this.#conditions[literal.condition]!.test }));
    return [
      {
        condition: this.condition({
          test: (context) => parts.every((part) => part.test(context) !== part.negated),
          iterative: guard.some((literal) => this.#conditions[literal.condition]!.iterative),
          source: { kind: "all", guard },
        }),
        negated: true,
      },
    ];
  }

  take(from: number, target: number, guard: Guard | typeof NEVER, gaps: Gaps): void {
    this.#edge(from, { action: "TAKE", target, guard, gaps, forbids: null });
  }

  ignore(from: number, target: number, guard: Guard | typeof NEVER): void {
    this.#edge(from, { action: "IGNORE", target, guard, gaps: null, forbids: null });
  }

  proceed(from: number, target: number, guard: Guard | typeof NEVER = []): void {
    this.#edge(from, { action: "PROCEED", target, guard, gaps: null, forbids: null });
  }

  /** An edge to the stop state, taken by an event that must not come. */
  forbid(from: number, guard: Guard, forbids: Prohibition): void {
    this.#edge(from, { action: "PROCEED", target: this.stop, guard, gaps: null, forbids });
  }

  /** Adds a guard to every edge that leaves the state. */
  constrain(state: number, guard: Guard | typeof NEVER): void {
    const draft = this.#states[state]!;
    draft.edges = draft.edges.flatMap((edge) => {
      const tightened = both(edge.guard, guard);
      return tightened === NEVER ? [] : [{ ...edge, guard: tightened }];
    });
  }

  /** A second state with the same edges; those to itself lead to the copy. */
  copy(state: number): number {
    const original = this.#states[state]!;
    const copy = this.state(original.kind, original.name.replace(/:\d+$/, ""), original.stage, original.waitMs);
    this.#states[copy]!.edges = original.edges.map((edge) =>
      edge.target === state ? { ...edge, target: copy } : edge,
    );
    return copy;
  }

  finish(): { readonly states: readonly NfaState[]; readonly conditions: readonly Condition[] } {
    return { states: finishStates(this.#states, this.#stageCount), conditions: this.#conditions };
  }

  #edge(from: number, edge: Omit<Edge, "guard"> & { readonly guard: Guard | typeof NEVER }): void {
    if (edge.guard !== NEVER) this.#states[from]!.edges.push({ ...edge, guard: edge.guard });
  }
}
