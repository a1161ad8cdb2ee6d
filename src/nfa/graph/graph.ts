/** The automaton as data for people: the states that can be reached, in the order of the pattern, and their edges in words. */

import { durationText } from "../../core/duration.ts";
import { lastTaken } from "../last-taken.ts";
import type { Action, Edge, Gaps, Nfa, NfaState, StateKind } from "../nfa.ts";
import { meaningsOf } from "./meaning.ts";
import { readingOrder } from "./reading-order.ts";
import { wordingOf, type NamedCondition } from "./wording.ts";

export interface NfaGraph {
  /** As the rule has it; null: no match is too long. */
  readonly within: string | null;
  readonly skip: string;
  readonly states: readonly GraphState[];
  /** By the state they leave, in the order of `states`. */
  readonly edges: readonly GraphEdge[];
  /** What the names in `GraphEdge.label` stand for. */
  readonly conditions: readonly NamedCondition[];
}

export interface GraphState {
  /** Its own: the stage's name, `name:1`, `name:2`, ... for its further states. */
  readonly name: string;
  readonly kind: StateKind;
  /** The stage it waits for; null for the final and the stop state. */
  readonly stage: string | null;
  readonly start: boolean;
  /** What it is there for: `waits for the 2nd failed`. */
  readonly meaning: string;
  /** The same, as short as can be: `2nd`. */
  readonly note: string;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly action: Action;
  /** In the rule language; `true` where nothing is asked. */
  readonly condition: string;
  /** The condition by the names of its parts: `failed`, `not failed`. */
  readonly label: string;
  /** How soon after the event before. */
  readonly gap?: string;
  /** Edges to the stop state: the stage that must not come. */
  readonly forbiddenBy?: string;
}

export function describeNfa(nfa: Nfa): NfaGraph {
  const order = readingOrder(nfa);
  const wording = wordingOf(nfa);
  const meanings = meaningsOf(nfa, order);
  const before = lastTaken(nfa);
  const describeEdge = (from: NfaState, { action, target, guard, gaps, forbids }: Edge): GraphEdge => {
    const gap = gapText(gaps, before(from.id), nfa.stages);
    return {
      from: from.name,
      to: nfa.states[target]!.name,
      action,
      condition: wording.condition(guard),
      label: wording.label(guard),
      ...(gap === null ? {} : { gap }),
      ...(forbids === null ? {} : { forbiddenBy: nfa.stages[forbids.stage]! }),
    };
  };
  return {
    within: nfa.withinMs === Infinity ? null : durationText(nfa.withinMs),
    skip: skipText(nfa),
    states: order.map((id): GraphState => {
      const { name, kind, stage } = nfa.states[id]!;
      return { name, kind, stage: nfa.stages[stage] ?? null, start: id === nfa.start, ...meanings.get(id)! };
    }),
    edges: order.map((id) => nfa.states[id]!).flatMap((state) => state.edges.map((edge) => describeEdge(state, edge))),
    conditions: wording.conditions,
  };
}

function skipText({ skip }: Nfa): string {
  if (!("stage" in skip)) return skip.kind;
  return `${skip.kind}(${skip.stage})${skip.orFail ? " orFail" : ""}`;
}

/** `30s`; where it depends on what came before, `30s after a or b`. Null: any time. */
function gapText(gaps: Gaps, before: ReadonlySet<number>, stages: readonly string[]): string | null {
  if (gaps === null) return null;
  const after = new Map<number, string[]>();
  for (const stage of [...before].sort((a, b) => a - b)) {
    const ms = gaps[stage]!;
    after.set(ms, [...(after.get(ms) ?? []), stages[stage]!]);
  }
  const limited = [...after].filter(([ms]) => ms < Infinity);
  if (limited.length === 0) return null;
  if (after.size === 1) return durationText(limited[0]![0]);
  return limited.map(([ms, names]) => `${durationText(ms)} after ${names.join(" or ")}`).join(", ");
}
