/**
 * A state while its automaton is built; and, once all edges are there, what follows for it: how long it waits, and what it may
 * come to. A state has that from those its PROCEED edges lead to, so one pass, targets first, settles all of them.
 */

import { assert } from "../core/assert.ts";
import { gapAfter, type Edge, type Gaps, type NfaState, type StateKind } from "./nfa.ts";

export interface DraftState {
  readonly kind: StateKind;
  readonly name: string;
  readonly stage: number;
  /** How long the state waits by itself, ms. */
  readonly waitMs: number;
  edges: Edge[];
}

/** `stageCount` is the pattern's: a wait is told for each stage that may have taken the last event. */
export function finishStates(drafts: readonly DraftState[], stageCount: number): NfaState[] {
  const order = targetsFirst(drafts);
  const limits = settle<Limit>(drafts, order, ({ kind, waitMs, edges }, targets) => {
    if (kind === "pending") return { gaps: gapsOf(Array.from({ length: stageCount }, () => waitMs)) };
    const lasting = edges.filter(
      ({ action, target }) => action === "TAKE" || (action === "IGNORE" && drafts[target]!.kind === "final"),
    );
    return [...lasting, ...targets].reduce<Limit>(longer, null);
  });
  const mayComplete = leadTo(drafts, order, ({ kind }) => kind === "final" || kind === "pending");
  const mayStop = leadTo(drafts, order, ({ edges }) => edges.some(({ forbids }) => forbids !== null));
  const absenceBeside = standBesideAbsence(drafts, order);
  return drafts.map(({ kind, name, stage, edges, waitMs }, id) => ({
    id,
    kind,
    name,
    stage,
    edges,
    gaps: kind === "normal" || kind === "pending" ? shorter(waitMs, limits[id]!, stageCount) : null,
    mayComplete: kind === "normal" && mayComplete[id]!,
    mayStop: mayStop[id]!,
    absenceBeside: kind === "normal" && absenceBeside[id]!,
  }));
}

/** Null where nothing is limited. */
export function gapsOf(gaps: readonly number[]): Gaps {
  return gaps.every((gap) => gap === Infinity) ? null : gaps;
}

// ---- waits -----------------------------------------------------------------------------------------------------------

/**
 * Till when something can be taken from a state, or from one that it leads to, or an absence may go on that it leads to: a greedy
 * loop gives way to it only with an `until`. Null: nothing ever can, so that time ends nothing.
 */
type Limit = Pick<Edge, "gaps"> | null;

/** A state is over when the last of the edges that could still be followed from it has run out of time. */
function longer(a: Limit, b: Limit): Limit {
  if (a === null || b === null) return a ?? b;
  if (a.gaps === null || b.gaps === null) return { gaps: null };
  const others = b.gaps;
  return { gaps: a.gaps.map((gap, stage) => Math.max(gap, others[stage]!)) };
}

function shorter(waitMs: number, limit: Limit, stageCount: number): Gaps {
  const gaps = limit === null ? null : limit.gaps;
  return gapsOf(Array.from({ length: stageCount }, (_, stage) => Math.min(waitMs, gapAfter(gaps, stage))));
}

// ---- absence ---------------------------------------------------------------------------------------------------------

/**
 * The state, or the one it is the ignoring copy of, leads to a pending state, and what ends that absence ends this state
 * too: each event it took has started an absence, which is still open or has completed.
 */
function standBesideAbsence(drafts: readonly DraftState[], order: readonly number[]): readonly boolean[] {
  const absence = drafts.find(({ kind }) => kind === "pending"); // at the end of the pattern, so there is one at most
  if (absence === undefined) return drafts.map(() => false);
  const start = leadTo(drafts, order, ({ kind }) => kind === "pending");
  const end = leadTo(drafts, order, ({ edges }) => edges.some(({ forbids }) => forbids?.stage === absence.stage));
  const beside = [...start];
  drafts.forEach(({ edges }, id) => {
    if (start[id]!) for (const { action, target } of edges) if (action === "IGNORE") beside[target] = true;
  });
  return beside.map((is, id) => is && end[id]!);
}

// ---- what PROCEED edges lead to --------------------------------------------------------------------------------------

/** For each state: does the test hold for it, or for one that its PROCEED edges lead to? */
function leadTo(
  drafts: readonly DraftState[],
  order: readonly number[],
  test: (draft: DraftState) => boolean,
): readonly boolean[] {
  return settle(drafts, order, (draft, targets: readonly boolean[]) => test(draft) || targets.includes(true));
}

/** Works out each state's value from the state and from the values of those that its PROCEED edges lead to. */
function settle<T>(
  drafts: readonly DraftState[],
  order: readonly number[],
  value: (draft: DraftState, targets: readonly T[]) => T,
): readonly T[] {
  const values: T[] = [];
  for (const id of order) {
    const draft = drafts[id]!;
    values[id] = value(
      draft,
      proceeds(draft).map((target) => values[target]!),
    );
  }
  return values;
}

/** The states' numbers, each after those that its PROCEED edges lead to. */
function targetsFirst(drafts: readonly DraftState[]): readonly number[] {
  const sources = drafts.map((): number[] => []);
  const open = drafts.map((draft, id) => {
    for (const target of proceeds(draft)) sources[target]!.push(id);
    return proceeds(draft).length;
  });
  const order = [...drafts.keys()].filter((id) => open[id] === 0);
  for (const id of order) for (const source of sources[id]!) if (--open[source]! === 0) order.push(source);
  assert(order.length === drafts.length, "a loop takes an event in each pass, so PROCEED edges lead in no circle");
  return order;
}

function proceeds({ edges }: DraftState): number[] {
  return edges.filter(({ action }) => action === "PROCEED").map(({ target }) => target);
}
