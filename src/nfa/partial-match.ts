/**
 * Partial matches and matches: persistent values that share their events by structure (D4). A TAKE allocates one node;
 * branches of one start share the nodes they have in common.
 */

import { compareEvents, type Event } from "../core/event.ts";
import type { MatchedEvents } from "../expr/types.ts";

/** One event taken by one stage, and all that was taken before it. */
export class MatchNode implements MatchedEvents {
  readonly stage: number;
  readonly event: Event;
  readonly previous: MatchNode | null;
  /** The first event of the match: where its time starts, and what skip strategies go by. */
  readonly first: Event;
  /** Number of events. */
  readonly length: number;

  constructor(stage: number, event: Event, previous: MatchNode | null) {
    this.stage = stage;
    this.event = event;
    this.previous = previous;
    this.first = previous === null ? event : previous.first;
    this.length = previous === null ? 1 : previous.length + 1;
  }
}

/** Some events taken, and the state that waits for the next. */
export class PartialMatch {
  readonly state: number;
  readonly matched: MatchNode;

  constructor(state: number, matched: MatchNode) {
    this.state = state;
    this.matched = matched;
  }
}

/** The moment something completed: at an event, or, with `offset` -1, when time advanced (which comes before the events of that time). */
export interface Moment {
  readonly time: number;
  readonly offset: number;
}

export interface Match {
  readonly matched: MatchNode;
  readonly completed: Moment;
}

/** Everything one key holds: an immutable value, replaced on write, so that a checkpoint can read it while records go on (D3). */
export interface KeyState {
  /** By first event; partial matches of the same events stand side by side. */
  readonly partials: readonly PartialMatch[];
  /** Matches that wait for earlier starts (S5.2), in the order of rule T. */
  readonly held: readonly Match[];
  /** The earliest time at which something here runs out, epoch milliseconds; `Infinity` for never. Follows from `partials`. */
  readonly deadline: number;
  /** The cap on partial matches is hit, and there has not been room since. */
  readonly capped: boolean;
}

export const EMPTY_KEY_STATE: KeyState = { partials: [], held: [], deadline: Infinity, capped: false };

export function isEmpty(state: KeyState): boolean {
  return state.partials.length === 0 && state.held.length === 0;
}

/** The events of a match in order, oldest first. */
export function eventsInOrder(matched: MatchNode): MatchNode[] {
  const nodes: MatchNode[] = [];
  for (let node: MatchNode | null = matched; node !== null; node = node.previous) nodes.push(node);
  return nodes.reverse();
}

/** Rule T (S5.1): the order in which matches that may be released at one moment are released. */
export function compareMatches(a: Match, b: Match): number {
  return (
    compareEvents(a.matched.first, b.matched.first) ||
    a.completed.time - b.completed.time ||
    a.completed.offset - b.completed.offset ||
    compareMatched(a.matched, b.matched)
  );
}

/** Rule T's tie-break: more events first, then earlier events first, then earlier stages first. */
export function compareMatched(a: MatchNode, b: MatchNode): number {
  if (a === b) return 0;
  if (a.length !== b.length) return b.length - a.length;
  const [left, right] = [eventsInOrder(a), eventsInOrder(b)];
  let byStage = 0;
  for (let i = 0; i < left.length; i++) {
    const byEvent = compareEvents(left[i]!.event, right[i]!.event);
    if (byEvent !== 0) return byEvent;
    if (byStage === 0) byStage = left[i]!.stage - right[i]!.stage;
  }
  return byStage;
}
