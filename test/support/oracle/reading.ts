/**
 * All that can come of one start: every way to give events from it on to stages is tried, and judged wait by wait.
 * Starts do not know of each other; what the skip strategy makes of them comes later.
 */

import { takingStages, type Condition, type OracleEvent, type OraclePattern, type Taken } from "./pattern.ts";
import type { Place, Wait } from "./wait.ts";
import { firstWaits, keyOfPlace, waitsAfter } from "./wait.ts";

/** An event, by its index, in the stage that took it. */
export interface Take {
  readonly stage: string;
  readonly event: number;
}

/**
 * Time is advanced to event k from moment 2k on, deadline by deadline; event k is processed at moment 2k + 1. Moments are
 * only ever compared.
 */
export type Moment = number;

export const advanceTo = (event: number): Moment => 2 * event;
export const processingOf = (event: number): Moment => 2 * event + 1;

/** Larger than any time here. */
const TIME_MAX = 1_000_000;
/** The moment at which time, on its way to the event, passes `ts`. */
const deadlineMoment = (event: number, ts: number): Moment => advanceTo(event) + ts / TIME_MAX;

export interface Completion {
  readonly takes: readonly Take[];
  readonly at: Moment;
}

export interface Timeout extends Completion {
  /** When time was up: the start plus `within`, or the last event plus `gap`, whichever is earlier. */
  readonly ts: number;
}

export interface Reading {
  readonly completions: readonly Completion[];
  readonly timeouts: readonly Timeout[];
  /** From this moment on nothing of this start is left; infinite when something outlives the events. */
  readonly liveUntil: Moment;
}

export interface World {
  readonly pattern: OraclePattern;
  readonly events: readonly OracleEvent[];
}

export function readFrom(start: number, world: World): Reading {
  return new Reader(start, world).read();
}

/** How a wait ended: by an event (taken, forbidden, or not to be passed over), by time, in an absence, or not at all. */
interface End {
  readonly by: "event" | "time" | "absence" | "nothing";
  readonly at: Moment;
  /** When time was up. */
  readonly ts: number;
  readonly of: Wait;
}

interface PartialMatch {
  readonly takes: readonly Take[];
  /** How each of its waits ended. */
  readonly ends: readonly End[];
}

/** An event, seen by a partial match that has taken `takes`, and for which `first` was the very next event. */
interface Sight {
  readonly takes: readonly Take[];
  readonly first: number;
  readonly event: number;
}

/** Mutable: it collects what it finds on the way. */
class Reader {
  private readonly start: number;
  private readonly pattern: OraclePattern;
  private readonly events: readonly OracleEvent[];
  private readonly completions: Completion[] = [];
  private readonly partials: PartialMatch[] = [];
  private readonly opened = new Set<string>();

  constructor(start: number, { pattern, events }: World) {
    this.start = start;
    this.pattern = pattern;
    this.events = events;
  }

  read(): Reading {
    const sight = { takes: [], first: this.start, event: this.start };
    for (const wait of firstWaits(this.pattern.stages)) {
      if (this.mayTake(wait, sight)) this.take(wait, sight, false);
    }
    return {
      completions: this.completions,
      timeouts: this.partials.flatMap((partial) =>
        timeoutsOf(
          partial,
          this.partials.filter(({ takes }) => keyOf(takes) === keyOf(partial.takes)),
          this.pattern,
        ),
      ),
      liveUntil: Math.max(-1, ...this.partials.flatMap(({ ends }) => ends.map((end) => end.at))),
    };
  }

  private take(wait: Wait, sight: Sight, stopped: boolean): void {
    if (wait.goal.kind !== "take") return;
    const takes = [...sight.takes, { stage: wait.goal.stage.name!, event: sight.event }];
    const next = waitsAfter(wait.goal.place);
    if (next.some((end) => end.goal.kind === "complete" && this.reachesEnd(end, sight))) {
      this.completions.push({ takes, at: processingOf(sight.event) });
    }
    // An event that completes a match may be forbidden; one that only continues it may not.
    if (!stopped) this.open(takes, wait.goal.place);
  }

  /** Each wait of the partial match is followed to its end, once, however it got to its place in the text. */
  private open(takes: readonly Take[], place: Place): void {
    const waits = waitsAfter(place).filter(({ goal }) => goal.kind !== "complete");
    const key = `${keyOf(takes)} ${keyOfPlace(place)}`;
    if (waits.length === 0 || this.opened.has(key)) return;
    this.opened.add(key);
    this.partials.push({ takes, ends: waits.map((wait) => this.follow(wait, takes, waits)) });
  }

  private follow(wait: Wait, takes: readonly Take[], all: readonly Wait[]): End {
    const first = takes.at(-1)!.event + 1;
    for (let event = first; event < this.events.length; event++) {
      const sight = { takes, first, event };
      const end = this.timeUp(wait, sight);
      if (end !== null) {
        if (end.by === "absence") this.completions.push({ takes, at: end.at });
        return end;
      }
      // Until an event has been passed over the partial match is still one, and is stopped as one.
      const stopped = this.stops(event === first ? all : [wait], sight);
      if (this.mayTake(wait, sight)) this.take(wait, sight, stopped);
      if (wait.goal.kind === "quiet" && !stopped && !this.bars(wait, sight)) {
        this.completions.push({ takes, at: processingOf(event) });
      }
      if (stopped || !this.maySkip(wait, sight))
        return { by: "event", at: processingOf(event), ts: Infinity, of: wait };
    }
    return { by: "nothing", at: Infinity, ts: Infinity, of: wait };
  }

  /** Has the wait run out of time, now that time is advanced to the event? */
  private timeUp(wait: Wait, { takes, first, event }: Sight): End | null {
    const now = this.events[event]!.ts;
    const last = this.events[takes.at(-1)!.event]!.ts;
    const gapMs = event === first ? Math.min(wait.gapMs, wait.gapFirstMs) : wait.gapMs;
    const withinTs = this.events[this.start]!.ts + (this.pattern.withinMs ?? Infinity);
    const isAbsent = wait.goal.kind === "absence" && !(wait.goal.needsEvent && event === first);
    const ts = Math.min(last + gapMs, withinTs);
    return now < ts ? null : { by: isAbsent ? "absence" : "time", at: deadlineMoment(event, ts), ts, of: wait };
  }

  private mayTake(wait: Wait, sight: Sight): boolean {
    if (wait.goal.kind !== "take" || this.bars(wait, sight)) return false;
    const { notTaken, goal } = wait;
    return !(notTaken !== null && this.holds(notTaken, sight)) && this.holds(goal.stage.where, sight);
  }

  private maySkip(wait: Wait, sight: Sight): boolean {
    if (wait.skipping === "strict" || this.bars(wait, sight)) return false;
    return wait.skipping === "any" || wait.goal.kind !== "take" || !this.holds(wait.goal.stage.where, sight);
  }

  /** What leads past optional stages to the end is asked about the very event that was taken. */
  private reachesEnd(wait: Wait, sight: Sight): boolean {
    return !this.someHolds(wait.stopsFirst, sight) && !this.someHolds(wait.barsFirst, sight);
  }

  private stops(waits: readonly Wait[], sight: Sight): boolean {
    const isFirst = sight.event === sight.first;
    return waits.some(
      (wait) => this.someHolds(wait.stops, sight) || (isFirst && this.someHolds(wait.stopsFirst, sight)),
    );
  }

  private bars({ bars, barsFirst, claim }: Wait, sight: Sight): boolean {
    if (this.someHolds(bars, sight)) return true;
    if (sight.event === sight.first && this.someHolds(barsFirst, sight)) return true;
    if (claim === null || !this.holds(claim.where, sight)) return false;
    return claim.until === null || !this.holds(claim.until, { ...sight, event: sight.first });
  }

  private someHolds(conditions: readonly Condition[], sight: Sight): boolean {
    return conditions.some((condition) => this.holds(condition, sight));
  }

  private holds(condition: Condition, { takes, event }: Sight): boolean {
    const taken: Taken = (stage) =>
      takes.filter((take) => take.stage === stage).map((take) => this.events[take.event]!);
    return condition(this.events[event]!, taken);
  }
}

/**
 * What timed out of one partial match. Until an event has been passed over it waits for all at once, and is over when the last
 * of these waits is. After that each wait is on its own: one that ran out of time is a timeout, unless the same events still
 * wait for that stage or a later one. What completes in an absence, or still may, is no timeout.
 */
function timeoutsOf(
  { takes, ends }: PartialMatch,
  sameEvents: readonly PartialMatch[],
  { stages }: OraclePattern,
): Timeout[] {
  const names = takingStages(stages);
  const rank = ({ of: { goal } }: End): number => (goal.kind === "take" ? names.indexOf(goal.stage.name!) : Infinity);
  const passedOver = processingOf(takes.at(-1)!.event + 1);
  const timed = ends.filter(({ by }) => by === "time");
  const atOnce = timed.filter(({ at }) => at < passedOver).toSorted((a, b) => b.at - a.at);
  const later = timed.filter(({ at }) => at > passedOver);
  const all = sameEvents.flatMap((partial) => partial.ends);
  const absence = all.find(({ of }) => of.goal.kind === "absence");
  return [...(atOnce.length === ends.length ? atOnce.slice(0, 1) : []), ...later]
    .filter((end) => !all.some((other) => other.at > end.at && rank(other) >= rank(end)))
    .filter(({ at }) => absence === undefined || (absence.by !== "absence" && absence.at <= at))
    .map(({ at, ts }) => ({ takes, at, ts }));
}

export function keyOf(takes: readonly Take[]): string {
  return takes.map(({ stage, event }) => `${stage}@${event}`).join(" ");
}
