/** What the matcher hands out besides the next state, in order of release. The caller makes one and empties it. */

import type { Match, MatchNode } from "./partial-match.ts";

/** A partial match whose time ran out. */
export interface TimedOut {
  readonly matched: MatchNode;
  /** The deadline that passed, epoch milliseconds. */
  readonly deadline: number;
}

/** A match, and the event time at which it was released: with a skip strategy that may be later than it was completed. */
export interface Released {
  readonly match: Match;
  readonly time: number;
}

export interface Harvest {
  readonly matches: Released[];
  readonly timedOut: TimedOut[];
  /** Matches that `orFail` dropped. */
  readonly failed: Match[];
  /** Partial matches dropped at the cap of a key. */
  dropped: number;
  /** New starts that were refused. */
  refused: number;
}

export function emptyHarvest(): Harvest {
  return { matches: [], timedOut: [], failed: [], dropped: 0, refused: 0 };
}
