/**
 * A key's state as JSON, and back. What its partial matches share by structure is written once: a table of events, a table of
 * nodes that point into it, and partial matches that point into that (D4).
 */

import { assert } from "../core/assert.ts";
import type { Event } from "../core/event.ts";
import type { Nfa } from "./nfa.ts";
import { MatchNode, PartialMatch, type KeyState } from "./partial-match.ts";
import type { Pending } from "./skip.ts";

export interface KeyStateSnapshot {
  readonly events: readonly Event[];
  readonly nodes: readonly NodeSnapshot[];
  /** Name of the NFA state, which outlives a change of the compiler where a number might not; index of the node. */
  readonly partials: readonly (readonly [state: string, node: number])[];
  readonly held: readonly (readonly [node: number, time: number, offset: number])[];
  /** The cap is hit. */
  readonly capped: boolean;
}

/** Stage, index of the event, index of the node before; -1 for none. A node stands after the one before it. */
type NodeSnapshot = readonly [stage: number, event: number, previous: number];

export function keyStateToSnapshot(state: KeyState, { states }: Nfa): KeyStateSnapshot {
  const table = new Table();
  const partials = state.partials.map(
    (partial) => [states[partial.state]!.name, table.indexOf(partial.matched)] as const,
  );
  const held = state.held.map(
    ({ matched, completed: { time, offset } }) => [table.indexOf(matched), time, offset] as const,
  );
  return { events: table.events(), nodes: table.nodes, partials, held, capped: state.capped };
}

/** Sharing again what was shared. */
export function keyStateFromSnapshot({ events, nodes, partials, held }: KeyStateSnapshot, { states }: Nfa): Pending {
  const restored: MatchNode[] = [];
  for (const [stage, event, previous] of nodes) {
    restored.push(new MatchNode(stage, events[event]!, previous === -1 ? null : restored[previous]!));
  }
  return {
    partials: partials.map(([name, node]) => {
      const state = states.findIndex((each) => each.name === name);
      assert(state >= 0, `a snapshot names the state ${name}, which the automaton does not have`);
      return new PartialMatch(state, restored[node]!);
    }),
    held: held.map(([node, time, offset]) => ({ matched: restored[node]!, completed: { time, offset } })),
  };
}

/** Collects events and nodes. Mutable. */
class Table {
  readonly nodes: NodeSnapshot[] = [];
  readonly #events = new Map<Event, number>();
  readonly #indices = new Map<MatchNode, number>();

  events(): Event[] {
    return [...this.#events.keys()];
  }

  indexOf(last: MatchNode): number {
    const unwritten: MatchNode[] = [];
    for (let node: MatchNode | null = last; node !== null && !this.#indices.has(node); node = node.previous) {
      unwritten.push(node);
    }
    for (const node of unwritten.reverse()) {
      const previous = node.previous === null ? -1 : this.#indices.get(node.previous)!;
      this.#indices.set(node, this.nodes.push([node.stage, this.#event(node.event), previous]) - 1);
    }
    return this.#indices.get(last)!;
  }

  #event(event: Event): number {
    let index = this.#events.get(event);
    if (index === undefined) this.#events.set(event, (index = this.#events.size));
    return index;
  }
}
