/**
 * The window oracle: every firing of a window rule over a stream, worked out plainly. It keeps all events that a window
 * holds and works everything out of them; what windows, triggers and lateness mean is Flink's WindowOperator.
 */

import { aggregated, type AggregateValue } from "./aggregates.ts";
import { boundsAt } from "./bounds.ts";
import { timelineOf } from "../timeline.ts";
import type { StreamItem, WindowRule, World } from "./world.ts";

export interface Firing {
  /** The item of the stream that brought it about. */
  readonly during: number;
  /** The deadline that passed, or the time of the event that came. */
  readonly at: number;
  readonly key: string | number;
  readonly start: number;
  readonly end: number;
  /** At the window's end, or after it. */
  readonly isOver: boolean;
  /** 1 for the first of a window with these bounds. */
  readonly number: number;
  /** The events, as items of the stream, in the order in which the window took them. */
  readonly events: readonly number[];
  readonly values: readonly AggregateValue[];
  /** What `having` says of it. */
  readonly holds: boolean;
}

export interface OracleRun {
  readonly firings: readonly Firing[];
  /** The events that no window took, as items of the stream. */
  readonly late: readonly number[];
}

export function windowOracle({ rule, boundMs, stream }: World): OracleRun {
  const run = new Run(rule, stream);
  for (const { during, what } of timelineOf({ items: stream, boundMs })) {
    run.during = during;
    if (what.kind === "time") run.pass(what.time);
    else if (what.kind === "event") run.take(what.item);
  }
  return { firings: run.firings, late: run.late };
}

type EventItem = StreamItem & { readonly kind: "event" };

/** A window that is there. */
interface Open {
  readonly key: string | number;
  readonly start: number;
  readonly end: number;
  events: number[];
  /** Since the last firing by count. */
  seen: number;
  /** When `everyTime` fires next; null: no event has set it. */
  next: number | null;
  /** Its end has passed. */
  closed: boolean;
  firings: number;
}

class Run {
  during = 0;
  readonly firings: Firing[] = [];
  readonly late: number[] = [];
  readonly #rule: WindowRule;
  readonly #stream: readonly StreamItem[];
  #open: Open[] = [];
  #now = -Infinity;

  constructor(rule: WindowRule, stream: readonly StreamItem[]) {
    this.#rule = rule;
    this.#stream = stream;
  }

  take(item: number): void {
    const { key, time } = this.#stream[item] as EventItem;
    if (key === null) return;
    const windows = boundsAt(this.#rule.assigner, time).flatMap((bounds) => this.#windowOf({ key, ...bounds }) ?? []);
    if (windows.length === 0) this.late.push(item);
    for (const window of windows) {
      window.events.push(item);
      if (this.#firesOnEvent(window, time)) this.#fire(window, time);
    }
  }

  /** All deadlines up to `time`, the earliest first. */
  pass(time: number): void {
    if (time <= this.#now) return;
    this.#now = time;
    for (;;) {
      const due = this.#open
        .flatMap((window) => deadlinesOf(window, this.#rule))
        .filter(({ at }) => at <= time && at < Infinity);
      if (due.length === 0) return;
      const { window, what, at } = due.reduce((first, other) => (other.at < first.at ? other : first));
      switch (what) {
        case "next":
          // A window without an end would fire for ever: it waits for another event.
          window.next = window.end === Infinity ? null : at + (this.#rule.trigger as EveryTime).ms;
          this.#fire(window, at);
          break;
        case "close":
          window.closed = true;
          if (firesAtEnd(this.#rule)) this.#fire(window, at);
          break;
        case "clear":
          this.#open = this.#open.filter((other) => other !== window);
          break;
      }
    }
  }

  /** Undefined when it is gone already. */
  #windowOf({ key, start, end }: Pick<Open, "key" | "start" | "end">): Open | undefined {
    const ofKey = this.#open.filter((window) => window.key === key);
    if (this.#rule.assigner.kind !== "session") {
      const known = ofKey.find((window) => window.start === start && window.end === end);
      if (known !== undefined) return known;
    } else {
      // Events less than the gap apart are of one session, and so are sessions that an event has brought together.
      const met = ofKey.filter((window) => window.start < end && start < window.end).sort((a, b) => a.start - b.start);
      if (met.length > 0) return this.#merged({ key, start, end }, met);
    }
    if (end - 1 + this.#rule.latenessMs <= this.#now) return undefined;
    const window = { key, start, end, events: [], seen: 0, next: null, closed: end - 1 <= this.#now, firings: 0 };
    this.#open.push(window);
    return window;
  }

  #merged(added: Pick<Open, "key" | "start" | "end">, met: readonly Open[]): Open {
    const end = Math.max(added.end, ...met.map((window) => window.end));
    const nexts = met.flatMap(({ next }) => next ?? []);
    const merged = {
      key: added.key,
      start: Math.min(added.start, ...met.map((window) => window.start)),
      end,
      events: met.flatMap((window) => window.events),
      seen: met.reduce((sum, window) => sum + window.seen, 0),
      next: nexts.length === 0 ? null : Math.min(...nexts),
      closed: end - 1 <= this.#now,
      firings: 0,
    };
    const [same] = met.filter((window) => window.start === merged.start && window.end === merged.end);
    if (same !== undefined) merged.firings = same.firings;
    this.#open = [...this.#open.filter((window) => !met.includes(window)), merged];
    return merged;
  }

  #firesOnEvent(window: Open, time: number): boolean {
    const { assigner, trigger } = this.#rule;
    const count = (every: number): boolean => {
      window.seen++;
      if (window.seen < every) return false;
      window.seen = 0;
      return true;
    };
    if (assigner.kind === "count") return count(assigner.every ?? assigner.size);
    switch (trigger.kind) {
      case "onEvent":
        return true;
      case "everyCount":
        return count(trigger.count);
      case "onClose":
        return window.closed;
      case "everyTime":
        if (!window.closed) window.next ??= (Math.floor(time / trigger.ms) + 1) * trigger.ms;
        return window.closed;
    }
  }

  #fire(window: Open, at: number): void {
    if (window.events.length === 0) return;
    const { aggregates, having, purging, assigner } = this.#rule;
    const kept = this.#kept(window.events);
    const rows = kept.map((item) => (this.#stream[item] as EventItem).data);
    const values = aggregates.map((aggregate) => aggregated(aggregate, rows));
    const tested = having === null ? null : values[having.aggregate];
    this.firings.push({
      during: this.during,
      at,
      key: window.key,
      start: window.start,
      end: window.end,
      isOver: window.closed,
      number: ++window.firings,
      events: kept,
      values,
      holds: having === null || (typeof tested === "number" && tested >= having.atLeast),
    });
    const isEmptied = purging || (assigner.kind === "count" && assigner.every === null);
    window.events = isEmptied ? [] : [...kept];
  }

  #kept(events: readonly number[]): readonly number[] {
    const { assigner, keep } = this.#rule;
    if (assigner.kind === "count" && assigner.every !== null) return events.slice(-assigner.size);
    if (keep === null) return events;
    if (keep.kind === "count") return events.slice(-keep.count);
    const timeOf = (item: number): number => (this.#stream[item] as EventItem).time;
    const newest = Math.max(...events.map(timeOf));
    return events.filter((item) => timeOf(item) > newest - keep.ms);
  }
}

type EveryTime = WindowRule["trigger"] & { readonly kind: "everyTime" };

function firesAtEnd({ trigger }: WindowRule): boolean {
  return trigger.kind === "onClose" || trigger.kind === "everyTime";
}

interface Deadline {
  readonly window: Open;
  readonly what: "next" | "close" | "clear";
  readonly at: number;
}

/** At one time in this order. */
function deadlinesOf(window: Open, { latenessMs }: WindowRule): Deadline[] {
  const close = window.end - 1;
  const deadlines: Deadline[] = [];
  if (window.next !== null && window.next < close && !window.closed) {
    deadlines.push({ window, what: "next", at: window.next });
  }
  if (window.closed) deadlines.push({ window, what: "clear", at: close + latenessMs });
  else deadlines.push({ window, what: "close", at: close });
  return deadlines;
}
