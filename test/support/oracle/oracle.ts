/**
 * The oracle: what a pattern matches in a stream, found by trying everything. It is written from the semantics alone,
 * shares nothing with the automaton, and is what the automaton is compared with.
 */

import { ruleT } from "./order.ts";
import type { OracleEvent, OraclePattern, OracleSkip } from "./pattern.ts";
import { takingStages } from "./pattern.ts";
import type { Completion, Moment, Reading, Take } from "./reading.ts";
import { advanceTo, keyOf, processingOf, readFrom } from "./reading.ts";

/** Indices of the events taken, by the stage that took them; stages that took none are left out. */
export type OracleMatch = Readonly<Record<string, readonly number[]>>;

/** While an event was processed, or when time was advanced to `time`, before the event of that time. */
export type EmittedAt = { readonly event: number } | { readonly time: number };

export interface OracleResult {
  /** In the order of emission. */
  readonly matches: readonly { readonly match: OracleMatch; readonly emittedAt: EmittedAt }[];
  /** Timed-out partial matches; the order within one advance is rule T's. */
  readonly timeouts: readonly { readonly match: OracleMatch; readonly ts: number }[];
  /** Matches dropped for want of the stage to skip to, under `orFail`. */
  readonly faults: readonly OracleMatch[];
}

/**
 * For each event in turn, time is advanced to its `ts`, then it is processed; nothing is advanced after the last.
 * Events are all of one key, by rising `ts`. What comes out for the first events does not depend on later ones.
 */
export function oracleMatches(pattern: OraclePattern, events: readonly OracleEvent[]): OracleResult {
  const readings = events.map((_, start) => readFrom(start, { pattern, events }));
  const order = ruleT(takingStages(pattern.stages));
  const emission = new Emission({ readings, skip: pattern.skip, order });
  for (const event of events.keys()) {
    for (const moment of emission.momentsBetween(advanceTo(event), processingOf(event))) {
      emission.at(moment, { time: events[event]!.ts });
    }
    emission.at(processingOf(event), { event });
  }
  return emission;
}

/** Mutable: the matches held back, the starts pruned, and what has been emitted. */
class Emission implements OracleResult {
  readonly matches: { match: OracleMatch; emittedAt: EmittedAt }[] = [];
  readonly timeouts: { match: OracleMatch; ts: number }[] = [];
  readonly faults: OracleMatch[] = [];
  private readonly readings: readonly Reading[];
  private readonly skip: OracleSkip;
  private readonly order: (a: Completion, b: Completion) => number;
  private readonly pruned = new Set<number>();
  private held: Completion[] = [];

  constructor(given: {
    readonly readings: readonly Reading[];
    readonly skip: OracleSkip;
    readonly order: (a: Completion, b: Completion) => number;
  }) {
    this.readings = given.readings;
    this.skip = given.skip;
    this.order = given.order;
  }

  /** When something is over on the way from one moment to another, in order. */
  momentsBetween(from: Moment, to: Moment): Moment[] {
    const all = this.readings.flatMap(({ completions, timeouts, liveUntil }) => [
      ...[...completions, ...timeouts].map(({ at }) => at),
      liveUntil,
    ]);
    return [...new Set(all.filter((moment) => from <= moment && moment < to))].sort((a, b) => a - b);
  }

  at(moment: Moment, emittedAt: EmittedAt): void {
    const unpruned = this.readings.filter((_, start) => !this.pruned.has(start));
    const timeouts = unpruned.flatMap((reading) => reading.timeouts.filter(({ at }) => at === moment));
    const distinctTimeouts = new Map(timeouts.map((timeout) => [`${keyOf(timeout.takes)} ${timeout.ts}`, timeout]));
    for (const { takes, ts } of [...distinctTimeouts.values()].sort(this.order)) {
      this.timeouts.push({ match: matchOf(takes), ts });
    }

    const completed = unpruned.flatMap((reading) => reading.completions.filter(({ at }) => at === moment));
    const distinct = new Map(completed.map((match) => [keyOf(match.takes), match]));
    this.held = [...this.held, ...distinct.values()].sort(this.order);
    for (let next = this.held[0]; next !== undefined && !this.isHeldBack(next, moment); next = this.held[0]) {
      this.held.shift();
      this.release(next, emittedAt);
    }
  }

  /** With a skip strategy, a match waits for every earlier start of which something is left. */
  private isHeldBack({ takes }: Completion, moment: Moment): boolean {
    if (this.skip.kind === "none") return false;
    const earlier = this.readings.slice(0, takes[0]!.event);
    return earlier.some((reading, start) => !this.pruned.has(start) && isLive(reading, { start, moment }));
  }

  private release({ takes }: Completion, emittedAt: EmittedAt): void {
    const { skip } = this;
    const from = resumeAt(skip, takes);
    if (from === null && (skip.kind === "toFirst" || skip.kind === "toLast") && skip.orFail) {
      this.faults.push(matchOf(takes));
      return;
    }
    for (const start of this.readings.keys()) if (start < (from ?? 0)) this.pruned.add(start);
    this.held = this.held.filter((match) => !this.pruned.has(match.takes[0]!.event));
    this.matches.push({ match: matchOf(takes), emittedAt });
  }
}

function isLive({ liveUntil }: Reading, { start, moment }: { start: number; moment: Moment }): boolean {
  return processingOf(start) <= moment && moment < liveUntil;
}

/** Starts before this event are given up; null when the stage to skip to took nothing. */
function resumeAt(skip: OracleSkip, takes: readonly Take[]): number | null {
  switch (skip.kind) {
    case "none":
      return 0;
    case "toNext":
      return takes[0]!.event + 1;
    case "pastLastEvent":
      return takes.at(-1)!.event + 1;
    case "toFirst":
      return takes.find(({ stage }) => stage === skip.stage)?.event ?? null;
    case "toLast":
      return takes.findLast(({ stage }) => stage === skip.stage)?.event ?? null;
  }
}

function matchOf(takes: readonly Take[]): OracleMatch {
  const match: Record<string, number[]> = {};
  for (const { stage, event } of takes) (match[stage] ??= []).push(event);
  return match;
}
