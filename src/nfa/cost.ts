/**
 * What a rule may cost: how the number of partial matches of one key can grow with the key's events, and what ends it.
 *
 * A partial match *lasts* in a state that it can come back to by events passed over or taken. It *forks* where one event lets it
 * go on lasting there and makes another one that lasts too: the event is taken and passed over, or taken by two stages. Then:
 *
 * - where nothing lasts, a partial match is over after as many events as the pattern has: a **strict sequence** is bounded
 * - where something lasts and nothing forks, each event adds at most the one that it starts (or as many as the pattern has
 *   optional beginnings): bounded by the events in the time that a partial match has, which `within` limits, or `gap` if every
 *   lasting state has one and none lies in a loop
 * - where that time has no limit, or something forks, only the **cap** bounds: partial matches beyond it are dropped, oldest
 *   first. Outside of a loop a fork makes n events up to n² partial matches, or a higher power; inside of one, 2ⁿ.
 *
 * Conditions are taken to be independent of each other, so a rule may do better than what is said here, but not worse.
 */

import { limits } from "../core/limits.ts";
import { durationText } from "../core/duration.ts";
import { components, depthFirst } from "./depth-first.ts";
import { readingOrder } from "./graph/reading-order.ts";
import { lastTaken } from "./last-taken.ts";
import { areCompatible, movesOf, type Move } from "./moves.ts";
import type { Nfa } from "./nfa.ts";

export interface Cost {
  /** Of the automaton, those that can be reached. */
  readonly states: number;
  /** Is there anything but the cap that ends the growth of one key's partial matches? */
  readonly bounded: boolean;
  readonly by: "strict sequence" | "within" | "gap" | "cap";
  /** How many one key may hold where nothing else bounds them; null where something does. */
  readonly cap: number | null;
  /** A sentence about it, without its full stop. */
  readonly reason: string;
}

export function costOf(nfa: Nfa): Cost {
  const states = readingOrder(nfa).length;
  const places = new Places(nfa);
  const bounded = (by: Cost["by"], reason: string): Cost => ({ states, bounded: true, by, cap: null, reason });
  const capped = (reason: string): Cost => {
    return { states, bounded: false, by: "cap", cap: limits.partialMatchesPerKeyMax, reason };
  };

  if (places.lasting.length === 0) return bounded("strict sequence", "none outlasts the next few events");
  const fork = places.fork();
  if (fork !== null) return capped(forkText(fork, nfa));
  if (nfa.withinMs < Infinity) {
    return bounded(
      "within",
      `each event starts a few at most, and none lasts longer than ${durationText(nfa.withinMs)}`,
    );
  }
  if (places.lasting.every((state) => places.endsByGap(state))) {
    return bounded("gap", "each event starts a few at most, and the `gap` of each stage ends the wait for it");
  }
  return capped(`without \`within\` a partial match can wait for \`${places.waitedFor()}\` for ever`);
}

/** One event, two ways to go on from a state: `stays` comes back to it, `other` lasts elsewhere, or comes back as well. */
interface Fork {
  readonly stays: Move;
  readonly other: Move;
  readonly isInLoop: boolean;
}

/** The states in which partial matches can be, and what becomes of them there. */
class Places {
  readonly #nfa: Nfa;
  readonly #moves: ReadonlyMap<number, readonly Move[]>;
  readonly #components: ReadonlyMap<number, number>;
  readonly #lastTaken: (state: number) => ReadonlySet<number>;
  /** States that a partial match can come back to. */
  readonly lasting: readonly number[];

  constructor(nfa: Nfa) {
    this.#nfa = nfa;
    this.#moves = movesOf(nfa);
    this.#components = components(nfa.start, (state) => this.#targets(state));
    this.#lastTaken = lastTaken(nfa);
    this.lasting = [...this.#moves.keys()].filter((state) => this.#staying(state).length > 0);
  }

  /** One inside of a loop where there is one: it is the worst that can be. */
  fork(): Fork | null {
    const leadsOn = this.#leadingToLasting();
    let found: Fork | null = null;
    for (const state of this.lasting) {
      for (const stays of this.#staying(state)) {
        for (const other of this.#moves.get(state)!) {
          if (other.taken === stays.taken || !leadsOn.has(other.target)) continue;
          if (!areCompatible(this.#nfa, stays, other)) continue;
          const fork = { stays, other, isInLoop: this.#comesBack(state, other) };
          if (fork.isInLoop) return fork;
          found ??= fork;
        }
      }
    }
    return found;
  }

  /** It lasts only by passing events over, and there is a gap whatever was taken before. */
  endsByGap(state: number): boolean {
    const { gaps } = this.#nfa.states[state]!;
    const isLoop = this.#staying(state).some(({ taken }) => taken !== null);
    return !isLoop && gaps !== null && [...this.#lastTaken(state)].every((stage) => gaps[stage]! < Infinity);
  }

  /** The stage of the first state that no gap ends. */
  waitedFor(): string {
    const state = this.lasting.find((each) => !this.endsByGap(each))!;
    return this.#nfa.stages[this.#nfa.states[state]!.stage]!;
  }

  #staying(state: number): readonly Move[] {
    return this.#moves.get(state)!.filter((move) => this.#comesBack(state, move));
  }

  /** A move that does not leave the states that lead to each other. */
  #comesBack(state: number, { target }: Move): boolean {
    return this.#components.get(target) === this.#components.get(state);
  }

  #leadingToLasting(): ReadonlySet<number> {
    const leading = new Set(this.lasting);
    // What a state leads to is finished before it, but in loops, whose states all last.
    for (const state of depthFirst(this.#nfa.start, (from) => this.#targets(from))) {
      if (this.#targets(state).some((target) => leading.has(target))) leading.add(state);
    }
    return leading;
  }

  #targets(state: number): readonly number[] {
    return this.#moves.get(state)!.map(({ target }) => target);
  }
}

function forkText({ stays, other, isInLoop }: Fork, { stages }: Nfa): string {
  const [taken, alternative] = stays.taken === null ? [other.taken!, null] : [stays.taken, other.taken];
  const otherwise = alternative === null ? "passed over" : `taken by \`${stages[alternative]!}\``;
  const fork = `an event that \`${stages[taken]!}\` takes may also be ${otherwise}`;
  return isInLoop
    ? `in a loop, ${fork}, which can double the partial matches each time`
    : `${fork}, which can add a partial match to each that is there`;
}
