/**
 * What a partial match may wait for next, read off the pattern's text: each way to go on from its last event, with
 * all that this way says about the events in between. One of them is settled on at the first event passed over.
 */

import type { Condition, OracleStage, Skipping } from "./pattern.ts";

/** A place in the text: `stages[index]`, occurring for the `count`th time, within the pass `parent` of a group. */
export interface Place {
  readonly stages: readonly OracleStage[];
  readonly index: number;
  readonly count: number;
  readonly parent: Place | null;
}

export type Goal =
  | { readonly kind: "take"; readonly stage: OracleStage; readonly place: Place }
  /** A `notNext` at the end: the very next event, not being that, completes the match. */
  | { readonly kind: "quiet" }
  /** A `notFollowedBy` at the end: time completes the match; after a `notNext`, only once an event has come. */
  | { readonly kind: "absence"; readonly needsEvent: boolean }
  /** Nothing more is needed: the event just taken completes the match. */
  | { readonly kind: "complete" };

/** What stands on the way to a goal. `First` is about the very next event only. */
interface Way {
  /** Such an event ends the partial match: it is what a `not` stage forbids. */
  readonly stops: readonly Condition[];
  readonly stopsFirst: readonly Condition[];
  /** Such an event can be neither taken nor passed over. */
  readonly bars: readonly Condition[];
  readonly barsFirst: readonly Condition[];
  /** The greedy stage before the goal, which claims its events. */
  readonly claim: Claim | null;
  /** `gap` of a `notNext`. */
  readonly gapFirstMs: number;
  /** Passes of groups begun on this way, of which no event has been taken yet. */
  readonly begun: readonly Place[];
  readonly pastNotNext: boolean;
}

interface Claim {
  readonly where: Condition;
  /** When the very next event is one of these, the loop is over and claims nothing. */
  readonly until: Condition | null;
}

export interface Wait extends Omit<Way, "begun" | "pastNotNext"> {
  readonly goal: Goal;
  readonly skipping: Skipping;
  /** Such an event is not taken, but may be passed over: `until` before a loop has begun. */
  readonly notTaken: Condition | null;
  /** The wait ends when this much time has passed since the last event. */
  readonly gapMs: number;
}

export function keyOfPlace({ index, count, parent }: Place): string {
  return `${parent === null ? "" : `${keyOfPlace(parent)}/`}${index}:${count}`;
}

const STRAIGHT: Way = {
  stops: [],
  stopsFirst: [],
  bars: [],
  barsFirst: [],
  claim: null,
  gapFirstMs: Infinity,
  begun: [],
  pastNotNext: false,
};

const firsts = new WeakMap<readonly OracleStage[], readonly Wait[]>();
const afters = new WeakMap<Place, readonly Wait[]>();

/** What the pattern may begin with. */
export function firstWaits(stages: readonly OracleStage[]): readonly Wait[] {
  return remembered({
    of: stages,
    among: firsts,
    find: () => onward({ stages, index: 0, parent: null, way: STRAIGHT }),
  });
}

/** What may come after the event taken at `place`: the same stage again, or what follows in the text. */
export function waitsAfter(place: Place): readonly Wait[] {
  return remembered({ of: place, among: afters, find: () => [...again(place), ...andOn(place)] });
}

function again(place: Place): Wait[] {
  const stage = place.stages[place.index]!;
  if (place.count >= stage.to) return [];
  const way = { ...STRAIGHT, stops: stopsWithin(place), bars: present(stage.until) };
  return [take({ place: { ...place, count: place.count + 1 }, skipping: innerOf(place), way, notTaken: null })];
}

function andOn(place: Place): Wait[] {
  const { stages, index, count, parent } = place;
  const stage = stages[index]!;
  if (count < stage.from) return [];
  const claim = claimOf(place);
  return onward({ stages, index: index + 1, parent, way: { ...STRAIGHT, claim } });
}

interface Step {
  readonly stages: readonly OracleStage[];
  readonly index: number;
  readonly parent: Place | null;
  readonly way: Way;
  /** What a group hands to the first stage of its body. */
  readonly skipping?: Skipping;
}

function onward(step: Step): Wait[] {
  const { stages, index, parent, way } = step;
  const stage = stages[index];
  if (stage === undefined) return parent === null ? [atTheEnd(way)] : afterPass(parent, way);

  const next = { stages, index: index + 1, parent };
  if (stage.contiguity === "notNext") return onward({ ...next, way: throughNotNext(stage, way) });
  if (stage.contiguity === "notFollowedBy") {
    const guarded = { ...way, stops: [...way.stops, stage.where] };
    return index + 1 === stages.length ? [absence(stage, guarded)] : onward({ ...next, way: guarded });
  }

  const place: Place = { stages, index, count: 1, parent };
  const skipping = step.skipping ?? skippingOf(stage);
  // One waits on for an optional stage, and for what follows it, without the greedy stage's condition: only the very
  // next event is held against it.
  const here = { ...(stage.optional ? claimingFirst(way) : way), pastNotNext: false };
  const waits =
    stage.group !== null
      ? enterPass({ place, skipping, way: here })
      : [take({ place, skipping, way: here, notTaken: stage.until })];
  if (stage.optional) {
    const claim = claimOf(place);
    waits.push(...onward({ ...next, way: { ...here, claim } }));
  }
  return waits;
}

function enterPass({ place, skipping, way }: { place: Place; skipping: Skipping; way: Way }): Wait[] {
  const { group } = place.stages[place.index]!;
  return onward({ stages: group!, index: 0, parent: place, way: { ...way, begun: [...way.begun, place] }, skipping });
}

/** The body of a group is through: another pass, or what follows the group. */
function afterPass(place: Place, way: Way): Wait[] {
  const { stages, index, count, parent } = place;
  const group = stages[index]!;
  const tookNothing = way.begun.includes(place);
  const left = { ...way, begun: way.begun.filter((pass) => pass !== place) };
  const waits: Wait[] = [];
  if (count < group.to && !(tookNothing && group.to === Infinity)) {
    const again = { ...left, stops: [...left.stops, ...stopsWithin(place)] };
    waits.push(...enterPass({ place: { ...place, count: count + 1 }, skipping: innerOf(place), way: again }));
  }
  if (count >= group.from) {
    // A greedy stage at the end of an open-ended group's body claims against the next pass, not what follows the group.
    const out = group.to === Infinity ? claimingFirst(left) : left;
    waits.push(...onward({ stages, index: index + 1, parent, way: out }));
  }
  return waits;
}

interface Take {
  readonly place: Place;
  readonly skipping: Skipping;
  readonly way: Way;
  readonly notTaken: Condition | null;
}

function take({ place, skipping, way, notTaken }: Take): Wait {
  const { begun, pastNotNext: _, ...rest } = way;
  const stage = place.stages[place.index]!;
  const gaps = [stage, ...begun.map((pass) => pass.stages[pass.index]!)].map((limited) => limited.gapMs ?? Infinity);
  return {
    ...rest,
    bars: [...way.bars, ...untilsAround(place)],
    goal: { kind: "take", stage, place },
    skipping,
    notTaken,
    gapMs: Math.min(...gaps),
  };
}

function atTheEnd(way: Way): Wait {
  const { begun: _, pastNotNext, ...rest } = way;
  const goal: Goal = pastNotNext ? { kind: "quiet" } : { kind: "complete" };
  return { ...rest, goal, skipping: "strict", notTaken: null, gapMs: Infinity };
}

function absence(stage: OracleStage, way: Way): Wait {
  const { begun: _, pastNotNext, ...rest } = way;
  const goal: Goal = { kind: "absence", needsEvent: pastNotNext };
  return { ...rest, goal, skipping: "any", notTaken: null, gapMs: stage.gapMs ?? Infinity };
}

function throughNotNext(stage: OracleStage, way: Way): Way {
  const { where } = stage;
  const claimed = claimsFirst(way);
  // What the greedy stage claims never gets as far as the `not`.
  const forbidden: Condition = (event, taken) => where(event, taken) && !claimed.some((is) => is(event, taken));
  const past = claimingFirst(way);
  return {
    ...past,
    stopsFirst: [...way.stopsFirst, forbidden],
    // Unlike with `notFollowedBy`, such an event does not even complete a match.
    barsFirst: [...past.barsFirst, forbidden],
    gapFirstMs: Math.min(way.gapFirstMs, stage.gapMs ?? Infinity),
    pastNotNext: true,
  };
}

/** `times(n)` has nothing to be greedy about. */
function claimOf(place: Place): Claim | null {
  const stage = place.stages[place.index]!;
  if (!stage.greedy || stage.from === stage.to) return null;
  const over = untilsAround(place);
  return {
    where: (event, taken) => stage.where(event, taken) && !over.some((is) => is(event, taken)),
    until: stage.until,
  };
}

function claimingFirst(way: Way): Way {
  return { ...way, barsFirst: [...way.barsFirst, ...claimsFirst(way)], claim: null };
}

function claimsFirst({ claim }: Way): Condition[] {
  if (claim === null) return [];
  return [(event, taken) => claim.where(event, taken) && !(claim.until?.(event, taken) ?? false)];
}

/** `until` of a group holds for all inside it. */
function untilsAround({ parent }: Place): Condition[] {
  if (parent === null) return [];
  return [...present(parent.stages[parent.index]!.until), ...untilsAround(parent)];
}

/** A `notFollowedBy` after a repeated stage or group counts from its first occurrence on. */
function stopsWithin({ stages, index, parent }: Place): Condition[] {
  const following = stages[index + 1];
  if (following !== undefined) return following.contiguity === "notFollowedBy" ? [following.where] : [];
  return parent === null ? [] : stopsWithin(parent);
}

/** The first stage of a group's body is repeated as the group is; its own contiguity does not count. */
function innerOf({ stages, index, parent }: Place): Skipping {
  const stage = stages[index]!;
  return index === 0 && parent !== null && stage.group === null ? parent.stages[parent.index]!.inner : stage.inner;
}

function skippingOf({ contiguity }: OracleStage): Skipping {
  if (contiguity === "followedBy") return "relaxed";
  return contiguity === "followedByAny" ? "any" : "strict";
}

function present<T>(value: T | null): T[] {
  return value === null ? [] : [value];
}

interface Memo<K extends object, V> {
  readonly of: K;
  readonly among: WeakMap<K, V>;
  readonly find: () => V;
}

function remembered<K extends object, V>({ of, among, find }: Memo<K, V>): V {
  const known = among.get(of);
  if (known !== undefined) return known;
  const found = find();
  among.set(of, found);
  return found;
}
