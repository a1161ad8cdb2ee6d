/** What a rule holds for one key, in words: how far each partial match has come and what it waits for, and what its windows hold. */

import type { Json } from "../../core/event.ts";
import { BEGINNING_OF_TIME, END_OF_TIME, formatTime, timeFromSnapshot } from "../../core/time.ts";
import type { NamedLists } from "../../expr/types.ts";
import { describeNfa, type GraphState } from "../../nfa/graph/graph.ts";
import { wordingOf, type Wording } from "../../nfa/graph/wording.ts";
import { gapAfter, type Edge, type Nfa, type NfaState } from "../../nfa/nfa.ts";
import { eventsInOrder, type MatchNode, type PartialMatch } from "../../nfa/partial-match.ts";
import { keyStateFromSnapshot, type KeyStateSnapshot } from "../../nfa/snapshot.ts";
import type { KeySnapshot } from "../../stream/task/snapshot.ts";
import type { CompiledRule, CompiledPatternRule, CompiledWindowRule } from "./compiled-rule.ts";
import { newContext } from "./eval-context.ts";
import { quoteEvents } from "./quotation.ts";
import type { ConditionView, KeyView, PartialMatchView, WaitView, WindowView } from "../service/service-types.ts";
import { contentsOf } from "./window-branch.ts";

/** `snapshot` is of the operator that keeps the rule's keys; null when it has nothing of this one. */
export function keyView(
  rule: CompiledRule,
  { snapshot, lists }: { readonly snapshot: KeySnapshot | null; readonly lists: NamedLists },
): Pick<KeyView, "partialMatches" | "windows"> {
  if (snapshot === null) return { partialMatches: [], windows: [] };
  return rule.kind === "pattern"
    ? { partialMatches: partialMatches(rule, snapshot), windows: [] }
    : { partialMatches: [], windows: windows(rule, { snapshot, lists }) };
}

/** The values that a key in an address may mean: the text itself, and what it is the JSON of. */
export function keysOf(text: string): readonly Json[] {
  try {
    return [text, JSON.parse(text) as Json];
  } catch {
    return [text];
  }
}

function partialMatches({ nfa }: CompiledPatternRule, { own }: KeySnapshot): PartialMatchView[] {
  const { partials } = keyStateFromSnapshot(own as unknown as KeyStateSnapshot, nfa);
  const words = { meanings: new Map(describeNfa(nfa).states.map((state) => [state.name, state])), ...wordingOf(nfa) };
  const byEvents = new Map<MatchNode, PartialMatch[]>();
  for (const partial of partials) byEvents.set(partial.matched, [...(byEvents.get(partial.matched) ?? []), partial]);
  return [...byEvents].map(([matched, places]) => {
    const { events, omitted } = quoteEvents(eventsInOrder(matched), nfa.stages);
    return {
      events,
      ...(omitted > 0 && { eventsOmitted: omitted }),
      firstEventAt: formatTime(matched.first.time),
      lastEventAt: formatTime(matched.event.time),
      timesOutAt: timeOrNull(matched.first.time + nfa.withinMs),
      waits: places.map((partial) => wait(partial, nfa, words)),
    };
  });
}

interface Words extends Wording {
  readonly meanings: ReadonlyMap<string, GraphState>;
}

function wait({ state: id, matched }: PartialMatch, nfa: Nfa, words: Words): WaitView {
  const state = nfa.states[id]!;
  const { name, stage, meaning } = words.meanings.get(state.name)!;
  const edges = edgesAt(state, matched, nfa);
  const inWords = ({ guard }: Edge): ConditionView => ({
    label: words.label(guard),
    condition: words.condition(guard),
  });
  return {
    state: name,
    stage,
    meaning,
    until: timeOrNull(matched.event.time + gapAfter(state.gaps, matched.stage)),
    movesOnWith: edges.filter(({ action }) => action === "TAKE").map(inWords),
    givenUpWith: edges.filter(({ forbids }) => forbids !== null).map(inWords),
  };
}

/** Those of the state, and of the states that the same event is tried at after it; prohibitions that are not in force are none. */
function edgesAt(start: NfaState, { stage }: MatchNode, nfa: Nfa): Edge[] {
  const reached = new Set([start]);
  for (const { edges } of reached) {
    for (const { action, target, forbids } of edges) {
      if (action === "PROCEED" && forbids === null) reached.add(nfa.states[target]!);
    }
  }
  const inForce = ({ forbids }: Edge): boolean => forbids === null || forbids.after === null || forbids.after[stage]!;
  return [...reached].flatMap(({ edges }) => edges).filter(inForce);
}

function windows(
  rule: CompiledWindowRule,
  { snapshot, lists }: { readonly snapshot: KeySnapshot; readonly lists: NamedLists },
): WindowView[] {
  const { key, windows: cells = [], sliding } = snapshot;
  const held = [
    ...cells.map(({ start, end, contents }) => {
      return { start: timeFromSnapshot(start), end: timeFromSnapshot(end), contents };
    }),
    ...(sliding?.panes ?? []),
  ];
  return held
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, contents }): WindowView => {
      const bounds = { start: timeOrNull(start), end: timeOrNull(end), isPane: sliding !== undefined };
      if (contents === undefined) return bounds;
      if (rule.definition.window.evict !== null) return { ...bounds, events: (contents as readonly Json[]).length };
      const { folds, last } = contentsOf(rule, contents);
      const window = { key, results: rule.aggregates.getResults(folds), start, end };
      // Of its own: what is looked at here must not count as a fault of the rule.
      const context = { ...newContext(lists), window, now: last };
      return {
        ...bounds,
        emit: Object.fromEntries(rule.emit.map(({ name, value }) => [name, value(context)])),
        having: rule.having === null || rule.having(context),
      };
    });
}

function timeOrNull(time: number): string | null {
  return time === END_OF_TIME || time === BEGINNING_OF_TIME ? null : formatTime(time);
}
