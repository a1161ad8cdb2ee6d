/**
 * Runs an automaton for one key at a time: an event or an advance of time in, the key's next state out. A key's state is an
 * immutable value; what is mutable here is scratch, and no call leaves anything in it.
 */

import { compareEvents, type Event } from "../core/event.ts";
import type { EvalContext } from "../expr/types.ts";
import { Exploration } from "./exploration.ts";
import type { Harvest, TimedOut } from "./harvest.ts";
import { gapAfter, type Nfa } from "./nfa.ts";
import {
  compareMatched,
  type KeyState,
  type Match,
  type MatchNode,
  type Moment,
  type PartialMatch,
} from "./partial-match.ts";
import { Scratch } from "./scratch.ts";
import { release, type Pending } from "./skip.ts";
import { Waits } from "./waits.ts";

/**
 * What an event may start: anything; only what it completes at once (a start that would wait for more is refused, and counted);
 * or nothing.
 */
export type Starts = "any" | "complete" | "none";

export class Matcher {
  readonly nfa: Nfa;
  readonly #context: EvalContext;
  readonly #exploration: Exploration;
  readonly #partialsMax: number;
  readonly #hasGaps: boolean;
  readonly #waits: Waits;
  readonly #next = new Scratch<PartialMatch>();
  readonly #completed = new Scratch<MatchNode>();

  /** `context` is the one the automaton's conditions read; `partialMatchesPerKeyMax` drops the oldest beyond it. */
  constructor(
    nfa: Nfa,
    { context, partialMatchesPerKeyMax }: { readonly context: EvalContext; readonly partialMatchesPerKeyMax: number },
  ) {
    this.nfa = nfa;
    this.#context = context;
    this.#exploration = new Exploration(nfa, context);
    this.#partialsMax = partialMatchesPerKeyMax;
    this.#hasGaps = nfa.states.some((state) => state.gaps !== null);
    this.#waits = new Waits(nfa.states);
  }

  /** Processes one event. Time must have been advanced to the event's before; gives the same state when nothing changed. */
  step(state: KeyState, event: Event, harvest: Harvest, starts: Starts = "any"): KeyState {
    const { partials } = state;
    this.#context.event = event;
    this.#context.now = event.time;
    this.#exploration.begin(event);
    if (partials.length === 0 && (starts === "none" || !this.#exploration.mayStart())) return state;
    const next = this.#next;
    const completed = this.#completed;
    next.clear();
    completed.clear();
    for (let i = 0; i < partials.length;) {
      // All partial matches of the same events together: only among them can two branches arrive at the same place.
      const { matched } = partials[i]!;
      for (; i < partials.length && partials[i]!.matched === matched; i++) this.#exploration.explore(partials[i]!);
      this.#exploration.settle(next, completed);
    }
    if (starts !== "none") this.#start(starts, harvest);

    const changed = !sameItems(next, partials);
    if (!changed && completed.size === 0) return state;
    const kept = changed ? this.#withinCap(next, harvest) : partials;
    const moment: Moment = { time: event.time, offset: event.offset };
    return this.#release({ partials: kept, held: state.held }, { moment, capped: state.capped, harvest });
  }

  /** Every event may start a new match. */
  #start(starts: Starts, harvest: Harvest): void {
    const before = this.#next.size;
    this.#exploration.exploreStart();
    this.#exploration.settle(this.#next, this.#completed);
    if (starts === "any" || this.#next.size === before) return;
    this.#next.truncate(before);
    harvest.refused++;
  }

  /** A key's state; partial matches and held matches in their orders. `capped` stays until half of the room is free again. */
  stateOf({ partials, held }: Pending, capped: boolean): KeyState {
    return {
      partials,
      held,
      deadline: this.#deadline(partials),
      capped: capped && partials.length > this.#partialsMax / 2,
    };
  }

  #deadline(partials: readonly PartialMatch[]): number {
    if (partials.length === 0) return Infinity;
    if (!this.#hasGaps) return partials[0]!.matched.first.time + this.nfa.withinMs;
    let least = Infinity;
    for (const partial of partials) least = Math.min(least, this.#deadlineOf(partial));
    return least;
  }

  /** Advances event time to `time`: one deadline after the other, so that nothing depends on how far time jumps at once (S6.5). */
  advance(state: KeyState, time: number, harvest: Harvest): KeyState {
    let current = state;
    // A deadline that never comes has not come at the end of time either.
    while (current.deadline <= time && current.deadline < Infinity) current = this.#expire(current, harvest);
    return current;
  }

  #expire({ partials, held, deadline, capped }: KeyState, harvest: Harvest): KeyState {
    const completed = this.#completed;
    completed.clear();
    const left: PartialMatch[] = [];
    const timedOut: TimedOut[] = [];
    for (let i = 0; i < partials.length;) {
      const { matched } = partials[i]!;
      const leftBefore = left.length;
      let complete = false;
      let waitedFor = -1;
      for (; i < partials.length && partials[i]!.matched === matched; i++) {
        const partial = partials[i]!;
        const { kind, absenceBeside } = this.nfa.states[partial.state]!;
        if (this.#deadlineOf(partial) > deadline) left.push(partial);
        else if (kind === "pending") complete = true;
        else if (!absenceBeside) waitedFor = Math.max(waitedFor, this.#longestWait(partial));
      }
      // A gap that ran out ends the wait for its stage; it is no timeout while the same events wait for a later one (S4.7).
      if (complete) completed.push(matched);
      else if (waitedFor >= 0 && waitedFor > this.#furthestWait(left.slice(leftBefore), deadline)) {
        timedOut.push({ matched, deadline });
      }
    }
    const moment: Moment = { time: deadline, offset: -1 };
    const next = this.#release({ partials: left, held }, { moment, capped, harvest });
    harvest.timedOut.push(...timedOut.sort((a, b) => compareTimedOut(a.matched, b.matched)));
    return next;
  }

  /** Without gaps all that is waited for is over at once. */
  #longestWait({ matched, state }: PartialMatch): number {
    return this.#hasGaps ? this.#waits.longest(state, matched.stage) : this.nfa.states[state]!.stage;
  }

  /** The last stage that is waited for beyond the deadline. */
  #furthestWait(partials: readonly PartialMatch[], deadline: number): number {
    let furthest = -1;
    for (const { matched, state } of partials) {
      const ms = deadline - matched.event.time;
      furthest = Math.max(furthest, this.#waits.beyond(state, { after: matched.stage, ms }));
    }
    return furthest;
  }

  #deadlineOf({ matched, state }: PartialMatch): number {
    const gapMs = gapAfter(this.nfa.states[state]!.gaps, matched.stage);
    return Math.min(matched.first.time + this.nfa.withinMs, matched.event.time + gapMs);
  }

  #withinCap(next: Scratch<PartialMatch>, harvest: Harvest): PartialMatch[] {
    const excess = Math.max(0, next.size - this.#partialsMax);
    harvest.dropped += excess;
    return next.toArray(excess); // partial matches are in the order of their starts: the oldest go
  }

  #release(
    pending: Pending,
    { moment, capped, harvest }: { readonly moment: Moment; readonly capped: boolean; readonly harvest: Harvest },
  ): KeyState {
    const isCapped = capped || harvest.dropped > 0;
    if (this.#completed.size === 0 && pending.held.length === 0) return this.stateOf(pending, isCapped);
    const completed: Match[] = this.#completed.toArray().map((matched) => ({ matched, completed: moment }));
    return this.stateOf(release(this.nfa, pending, { completed, time: moment.time, harvest }), isCapped);
  }
}

function sameItems(a: Scratch<PartialMatch>, b: readonly PartialMatch[]): boolean {
  if (a.size !== b.length) return false;
  for (let i = 0; i < a.size; i++) if (a.at(i) !== b[i]) return false;
  return true;
}

/** By first event, then as rule T breaks ties. */
function compareTimedOut(a: MatchNode, b: MatchNode): number {
  return compareEvents(a.first, b.first) || compareMatched(a, b);
}
