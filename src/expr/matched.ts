/**
 * Looking at the events matched so far. They are kept newest first, so the last of a stage is near and its first is
 * far.
 */

import type { Event } from "../core/event.ts";
import type { MatchedEvents } from "./types.ts";

export function lastOf(matched: MatchedEvents | null, stage: number): Event | null {
  for (let at = matched; at !== null; at = at.previous) if (at.stage === stage) return at.event;
  return null;
}

export function firstOf(matched: MatchedEvents | null, stage: number): Event | null {
  let first: Event | null = null;
  for (let at = matched; at !== null; at = at.previous) if (at.stage === stage) first = at.event;
  return first;
}

/** The stage's event at `index` in match order, from 0. */
export function nthOf(matched: MatchedEvents | null, stage: number, index: number): Event | null {
  let toGo = countOf(matched, stage) - index;
  if (toGo <= 0) return null;
  for (let at = matched; at !== null; at = at.previous) {
    if (at.stage === stage && --toGo === 0) return at.event;
  }
  return null;
}

export function countOf(matched: MatchedEvents | null, stage: number): number {
  let count = 0;
  for (let at = matched; at !== null; at = at.previous) if (at.stage === stage) count++;
  return count;
}

/** The stage's events in match order. */
export function eventsOf(matched: MatchedEvents | null, stage: number): Event[] {
  const events: Event[] = [];
  for (let at = matched; at !== null; at = at.previous) if (at.stage === stage) events.push(at.event);
  return events.reverse();
}
