/** Builds the states and edges of an automaton. Mutable, and alive only while one pattern is compiled. */

import { assert } from "../core/assert.ts";
import {
  gapAfter,
  type Condition,
  type Edge,
  type Gaps,
  type Guard,
  type NfaState,
  type Prohibition,
  type StateKind,
} from "./nfa.ts";

interface DraftState {
  readonly kind: StateKind;
  readonly name: string;
  readonly stage: number;
  /** How long the state waits by itself, ms. */
  readonly waitMs: number;
  edges: Edge[];
}

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
    const states = this.#states.map((draft, id) => ({
      id,
      kind: draft.kind,
      name: draft.name,
      stage: draft.stage,
      edges: draft.edges,
      gaps: draft.kind === "normal" || draft.kind === "pending" ? this.#gaps(id) : null,
      mayComplete: this.#leadsTo(id, ["final", "pending"]),
      absenceBeside: draft.kind === "normal" && this.#besideAbsence(id),
    }));
    return { states, conditions: this.#conditions };
  }

  #edge(from: number, edge: Omit<Edge, "guard"> & { readonly guard: Guard | typeof NEVER }): void {
    if (edge.guard !== NEVER) this.#states[from]!.edges.push({ ...edge, guard: edge.guard });
  }

  /** The states that PROCEED edges lead to, the state itself first. */
  #closure(state: number): number[] {
    const reached = [state];
    for (let i = 0; i < reached.length; i++) {
      for (const edge of this.#states[reached[i]!]!.edges) {
        if (edge.action === "PROCEED" && !reached.includes(edge.target)) reached.push(edge.target);
      }
      assert(reached.length <= this.#states.length, "PROCEED closure is finite");
    }
    return reached;
  }

  #leadsTo(state: number, kinds: readonly StateKind[]): boolean {
    return this.#closure(state)
      .slice(1)
      .some((reached) => kinds.includes(this.#states[reached]!.kind));
  }

  /** A state is over when the last of the edges that could still be followed from it has run out of time. */
  #gaps(state: number): Gaps {
    const { kind, waitMs } = this.#states[state]!;
    const after = (stage: number): number => {
      if (kind === "pending") return waitMs;
      const edges = this.#closure(state).flatMap((reached) => this.#states[reached]!.edges);
      const lasting = edges.filter(
        ({ action, target }) => action === "TAKE" || (action === "IGNORE" && target === this.final),
      );
      // With no such edge left (its guard contradicted itself) time does not end the wait either.
      const longest = lasting.length === 0 ? Infinity : Math.max(...lasting.map(({ gaps }) => gapAfter(gaps, stage)));
      return Math.min(waitMs, longest);
    };
    return gapsOf(Array.from({ length: this.#stageCount }, (_, stage) => after(stage)));
  }

  /**
   * The state, or the one it is the ignoring copy of, leads to a pending state, and what ends that absence ends this state
   * too: each event it took has started an absence, which is still open or has completed.
   */
  #besideAbsence(state: number): boolean {
    const ignoresInto = (id: number): boolean =>
      this.#states[id]!.edges.some(({ action, target }) => action === "IGNORE" && target === state);
    const leads = [state, ...[...this.#states.keys()].filter(ignoresInto)];
    const pending = leads.flatMap((id) => this.#closure(id)).find((id) => this.#states[id]!.kind === "pending");
    return (
      pending !== undefined &&
      this.#closure(state).some((id) =>
        this.#states[id]!.edges.some(({ forbids }) => forbids?.stage === this.#states[pending]!.stage),
      )
    );
  }
}

/** Null where nothing is limited. */
export function gapsOf(gaps: readonly number[]): Gaps {
  return gaps.every((gap) => gap === Infinity) ? null : gaps;
}
