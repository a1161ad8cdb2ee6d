/**
 * Partial matches as data, and back. What they share by structure is written once: a table of events, a table of nodes that
 * point into it, and key states that point into that (D4).
 */

import { assert } from "../core/assert.ts";
import type { Event } from "../core/event.ts";
import type { Nfa } from "./nfa.ts";
import type { Pending } from "./skip.ts";
import { MatchNode, PartialMatch, type KeyState } from "./partial-match.ts";

/** Stage, index of the event, index of the node before; -1 for none. A node stands after the one before it. */
export type NodeSnapshot = readonly [stage: number, event: number, previous: number];

export interface MatchTable {
  readonly events: readonly Event[];
  readonly nodes: readonly NodeSnapshot[];
}

export interface KeyStateSnapshot {
  /** Name of the NFA state, which outlives a change of the compiler where a number might not; index of the node. */
  readonly partials: readonly (readonly [state: string, node: number])[];
  readonly held: readonly (readonly [node: number, time: number, offset: number])[];
  /** Present where the cap is hit. */
  readonly capped?: true;
}

/** Collects the tables while states are written. Mutable. */
export class MatchTableWriter {
  readonly #events = new Map<Event, number>();
  readonly #nodes = new Map<MatchNode, number>();
  readonly #rows: NodeSnapshot[] = [];

  write(state: KeyState, { states }: Nfa): KeyStateSnapshot {
    return {
      partials: state.partials.map((partial) => [states[partial.state]!.name, this.#node(partial.matched)]),
      held: state.held.map(({ matched, completed: { time, offset } }) => [this.#node(matched), time, offset]),
      ...(state.capped ? { capped: true } : {}),
    };
  }

  table(): MatchTable {
    return { events: [...this.#events.keys()], nodes: this.#rows };
  }

  #node(last: MatchNode): number {
    const unwritten: MatchNode[] = [];
    for (let node: MatchNode | null = last; node !== null && !this.#nodes.has(node); node = node.previous)
      unwritten.push(node);
    for (const node of unwritten.reverse()) {
      const previous = node.previous === null ? -1 : this.#nodes.get(node.previous)!;
      this.#nodes.set(node, this.#rows.push([node.stage, this.event(node.event), previous]) - 1);
    }
    return this.#nodes.get(last)!;
  }

  /** Index of the event in the table. */
  event(event: Event): number {
    let index = this.#events.get(event);
    if (index === undefined) this.#events.set(event, (index = this.#events.size));
    return index;
  }
}

/** Gives back the states, sharing again what they shared. */
export class MatchTableReader {
  readonly #events: readonly Event[];
  readonly #nodes: MatchNode[] = [];

  constructor({ events, nodes }: MatchTable) {
    this.#events = events;
    for (const [stage, event, previous] of nodes) {
      this.#nodes.push(new MatchNode(stage, events[event]!, previous === -1 ? null : this.#nodes[previous]!));
    }
  }

  event(index: number): Event {
    return this.#events[index]!;
  }

  read({ partials, held }: KeyStateSnapshot, { states }: Nfa): Pending {
    return {
      partials: partials.map(([name, node]) => {
        const state = states.findIndex((each) => each.name === name);
        assert(state >= 0, `a snapshot names the state ${name}, which the automaton does not have`);
        return new PartialMatch(state, this.#nodes[node]!);
      }),
      held: held.map(([node, time, offset]) => ({ matched: this.#nodes[node]!, completed: { time, offset } })),
    };
  }
}
