/** Where a stage stands: among its neighbours, and in which pass of which group. What surrounds a stage decides how it waits. */

import type { StageDefinition } from "../lang/definition.ts";

export interface Place {
  readonly stages: readonly StageDefinition[];
  readonly index: number;
  /** Null at the top of the pattern. */
  readonly group: GroupPass | null;
}

export interface GroupPass {
  /** The group's own place. */
  readonly place: Place;
  readonly first: boolean;
}

export type Waiting = "strict" | "relaxed" | "any";

/** Contiguity to what came before; the first stage of a group has the group's: outer for the first pass, inner for later ones. */
export function entryContiguity(place: Place): Waiting {
  const { group } = place;
  if (place.index === 0 && group !== null) {
    return group.first ? entryContiguity(group.place) : stageAt(group.place).inner;
  }
  switch (stageAt(place).contiguity) {
    case "followedBy":
      return "relaxed";
    case "followedByAny":
      return "any";
    case "begin":
    case "next":
    case "notNext":
    case "notFollowedBy":
      return "strict";
  }
}

/** Contiguity between occurrences. A loop at the head of a group has the group's, not its own (as Flink has it, S3.7). */
export function innerContiguity(place: Place): Waiting {
  return place.index === 0 && place.group !== null ? stageAt(place.group.place).inner : stageAt(place).inner;
}

/** The stage after this one, through the end of a group's body. */
function followingStage(place: Place): StageDefinition | null {
  return place.stages[place.index + 1] ?? (place.group === null ? null : followingStage(place.group.place));
}

/** A `notFollowedBy` that a waiting state watches for. */
export interface Watched {
  readonly not: StageDefinition;
  /** Watched for only until this group's pass has its first event; null: until a stage after the `not` takes one. */
  readonly untilPassOf: StageDefinition | null;
  /** Watched for only where the last event was taken in this group, before the `not`; null: anywhere before it. */
  readonly since: StageDefinition | null;
}

/**
 * Before its first occurrence a stage watches for those in force; afterwards, for the one that follows the loop; where its
 * event may be the first of a group's later pass, for the one that follows the group, and for those left from the pass before.
 */
export function notsToWatch(place: Place, occurrence: "first" | "later"): Watched[] {
  if (occurrence === "later") return following(place, null);
  const watched = notsInForce(place);
  for (let around: Place = place; mayBeginPass(around); around = around.group.place) {
    if (around.group.first) continue;
    const group = stageAt(around.group.place);
    return [...watched, ...notsLeft(group), ...following(around.group.place, group)];
  }
  return watched;
}

/** The `notFollowedBy` stages that stand before this one with nothing but optional stages between, into and out of groups. */
export function notsInForce(place: Place): Watched[] {
  const { nots, isPast } = notsBefore(place.stages, place.index);
  return place.group?.first === true && !isPast ? [...nots, ...notsInForce(place.group.place)] : nots;
}

/** Those of a sequence up to there; and whether a stage before them must have taken an event. */
function notsBefore(
  stages: readonly StageDefinition[],
  end: number,
): { readonly nots: Watched[]; readonly isPast: boolean } {
  const nots: Watched[] = [];
  for (let index = end - 1; index >= 0; index--) {
    const before = stages[index]!;
    if (before.contiguity === "notFollowedBy") nots.push({ not: before, untilPassOf: null, since: null });
    else {
      nots.push(...notsLeft(before));
      if (!before.optional) return { nots, isPast: true };
    }
  }
  return { nots, isPast: false };
}

/** Those that are in force still when a pass of the group is over: nothing but optional stages stands behind them. */
function notsLeft(stage: StageDefinition): Watched[] {
  if (stage.group === null) return [];
  return notsBefore(stage.group, stage.group.length).nots.map((watched) => ({
    ...watched,
    since: watched.since ?? stage,
  }));
}

function following(place: Place, untilPassOf: StageDefinition | null): Watched[] {
  const not = followingStage(place);
  return not?.contiguity === "notFollowedBy" ? [{ not, untilPassOf, since: null }] : [];
}

/** Can the stage's event be the first of a pass of its group: is everything before it in the body optional? */
export function mayBeginPass(place: Place): place is Place & { readonly group: GroupPass } {
  return place.group !== null && place.stages.slice(0, place.index).every(({ optional }) => optional);
}

export function stageAt(place: Place): StageDefinition {
  return place.stages[place.index]!;
}
