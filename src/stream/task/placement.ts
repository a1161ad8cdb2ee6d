/**
 * Where the subtasks of a graph run: all of them here, or some in other threads, each of which has a task of the same graph. What
 * goes from a subtask here to one elsewhere leaves by `wayTo`, and what comes from elsewhere goes in by what `receive` was given.
 */

import type { Input } from "../graph/element.ts";

export interface Placement {
  isHere(place: SubtaskPlace): boolean;
  /** Asked once for each way from a subtask here to one elsewhere. */
  wayTo(channel: ChannelEnds): Input<unknown>;
  /** Told once of each way from a subtask elsewhere to one here. */
  receive(channel: ChannelEnds, input: Input<unknown>): void;
}

/** One of the subtasks of a node. */
export interface SubtaskPlace {
  /** Its id in the graph. */
  readonly node: number;
  readonly subtask: number;
  /** Whether there may be several; the only subtask of an operator stays with the sources and sinks. */
  readonly isDivided: boolean;
}

/** A way from one subtask to another, and which of the reader's edges it is part of. */
export interface ChannelEnds {
  readonly edge: number;
  readonly from: SubtaskPlace;
  readonly to: SubtaskPlace;
}

/** An edge at work: the ways into each of the reader's subtasks, by the subtask that they come from. */
export interface PlacedEdge {
  readonly index: number;
  readonly from: Omit<SubtaskPlace, "subtask">;
  readonly to: Omit<SubtaskPlace, "subtask">;
  readonly entries: readonly ReadonlyMap<number, Input<unknown>>[];
}

/** The same, as it is seen from here: what leads from here to elsewhere ends at the way out. */
export function entriesSeenFrom(placement: Placement, { index, from, to, entries }: PlacedEdge): PlacedEdge["entries"] {
  return entries.map((ways, target) => {
    const toPlace = { ...to, subtask: target };
    const isTargetHere = placement.isHere(toPlace);
    const seen = new Map(ways);
    for (const [origin, input] of ways) {
      const channel = { edge: index, from: { ...from, subtask: origin }, to: toPlace };
      const isOriginHere = placement.isHere(channel.from);
      if (isOriginHere && !isTargetHere) seen.set(origin, placement.wayTo(channel));
      if (!isOriginHere && isTargetHere) placement.receive(channel, input);
    }
    return seen;
  });
}
