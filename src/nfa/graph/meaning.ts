/** What a state is there for, in words: which occurrence of its stage it waits for, or what must stay away and for how long. */

import { unreachable } from "../../core/assert.ts";
import { stageNames, type StageDefinition } from "../../lang/definition.ts";
import { durationText } from "../../core/duration.ts";
import type { Nfa, NfaState } from "../nfa.ts";

export interface Meaning {
  readonly meaning: string;
  /** The same, as short as can be. */
  readonly note: string;
}

export function meaningsOf(nfa: Nfa, states: readonly number[]): ReadonlyMap<number, Meaning> {
  const repeated = new Map(
    repeatedStages(nfa.pattern.stages).map((name) => {
      const stage = nfa.stages.indexOf(name);
      return [stage, placesOf(stage, nfa, states)];
    }),
  );
  return new Map(states.map((id) => [id, meaningOf(nfa.states[id]!, nfa, repeated.get(nfa.states[id]!.stage))]));
}

/** Names of the stages that may take more than one event of a match. */
function repeatedStages(stages: readonly StageDefinition[]): string[] {
  return stages.flatMap((stage) => {
    if (isRepeated(stage)) return stageNames([stage]);
    return stage.group === null ? [] : repeatedStages(stage.group);
  });
}

function isRepeated({ quantifier }: StageDefinition): boolean {
  return quantifier.kind === "loop" || quantifier.to > 1;
}

function meaningOf(state: NfaState, nfa: Nfa, places: Places | undefined): Meaning {
  switch (state.kind) {
    case "final":
      return { meaning: "the match is complete", note: "match" };
    case "stop":
      return { meaning: "the partial match is given up", note: "given up" };
    case "pending":
      return absence(state, nfa);
    case "normal":
      return waitingFor(state, nfa.stages[state.stage]!, places);
    default:
      return unreachable(state.kind);
  }
}

function waitingFor(state: NfaState, stage: string, places: Places | undefined): Meaning {
  if (state.edges.every(({ action }) => action !== "TAKE")) {
    const isNegative = state.edges.some(({ forbids }) => forbids !== null);
    return isNegative
      ? { meaning: `the next event must not be ${stage}`, note: "not next" }
      : { meaning: "a pass of the group is over, and another may begin", note: "again" };
  }
  if (places === undefined) return { meaning: `waits for ${stage}`, note: "" };
  const { least, orLater } = places(state.id);
  const nth = ordinal(least);
  return orLater
    ? { meaning: `waits for the ${nth} ${stage} or a later one`, note: `${nth} on` }
    : { meaning: `waits for the ${nth} ${stage}`, note: nth };
}

/** A trailing absence: it lasts for its own gap where it has one, else for what is left of `within`. */
function absence({ gaps, stage }: NfaState, { stages, withinMs }: Nfa): Meaning {
  const [name, gapMs] = [stages[stage]!, gaps === null ? Infinity : Math.min(...gaps)];
  return gapMs === Infinity
    ? { meaning: `complete when the ${durationText(withinMs)} are over without ${name}`, note: "none to the end" }
    : {
        meaning: `complete when ${durationText(gapMs)} are over without ${name}`,
        note: `none for ${durationText(gapMs)}`,
      };
}

/** Which occurrence of the stage comes next in a state, by the shortest way to it. */
type Places = (state: number) => { readonly least: number; readonly orLater: boolean };

function placesOf(stage: number, nfa: Nfa, states: readonly number[]): Places {
  const steps = states.flatMap((from) =>
    nfa.states[from]!.edges.map(({ action, target }) => ({
      from,
      target,
      taken: action === "TAKE" && nfa.states[from]!.stage === stage ? 1 : 0,
    })),
  );
  const least = nfa.states.map(() => Infinity);
  const orLater = nfa.states.map(() => false);
  least[nfa.start] = 1;
  // The steps stand in the pattern's order, so that few rounds are needed.
  for (let changed = true; changed;) {
    changed = false;
    for (const { from, target, taken } of steps) {
      const [reached, before] = [least[from]! + taken, least[target]!];
      const isLater = orLater[from]! || (before < Infinity && reached !== before);
      if (reached === Infinity || (reached >= before && (!isLater || orLater[target]!))) continue;
      least[target] = Math.min(before, reached);
      orLater[target] ||= isLater;
      changed = true;
    }
  }
  return (state) => ({ least: least[state]!, orLater: orLater[state]! });
}

/** `1st`, `2nd`, `3rd`, `4th`, `11th`. */
function ordinal(n: number): string {
  const isTeen = n % 100 >= 11 && n % 100 <= 13;
  return `${n}${isTeen ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th")}`;
}
