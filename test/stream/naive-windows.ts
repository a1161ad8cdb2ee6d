/**
 * Windows by key as one would work them out by hand: every record and timer in plain lists, looked through whole each time. It
 * shares nothing with the library but its words, so that what the two agree on is likely to be so.
 */

import type { TimeDomain, TriggerResult, Window } from "../../src/stream/index.ts";

export interface Reading {
  readonly key: string;
  readonly at: number;
  readonly value: number;
}

/** One window of one key; `memory` is its trigger's. */
export interface NaiveWindow<M> {
  readonly time: TimeDomain;
  start: number;
  end: number;
  readings: readonly Reading[];
  memory: M;
  readonly timers: Readonly<Record<TimeDomain, Set<number>>>;
  firings: number;
  newest: number;
  /** The timer that clears it away. */
  dueAt: number;
}

export interface Times {
  readonly watermark: number;
  readonly processingTime: number;
}

export interface NaiveTrigger<M> {
  fresh(): M;
  onElement(reading: Reading, window: NaiveWindow<M>, times: Times): TriggerResult;
  onTime(timer: { domain: TimeDomain; at: number }, window: NaiveWindow<M>, times: Times): TriggerResult;
  onMerge?(window: NaiveWindow<M>, merged: readonly NaiveWindow<M>[], times: Times): void;
}

export interface NaiveSettings<M> {
  readonly time: TimeDomain;
  readonly windowsOf: (at: number, reading: Reading) => readonly Window[];
  readonly trigger: NaiveTrigger<M>;
  readonly merges?: boolean;
  readonly lateness?: number;
  readonly timeToLive?: number;
  readonly evictBefore?: (readings: readonly Reading[]) => readonly Reading[];
  readonly evictAfter?: (readings: readonly Reading[]) => readonly Reading[];
}

interface Key<M> {
  windows: NaiveWindow<M>[];
  firings: number;
}

export class NaiveWindows<M> {
  readonly #settings: NaiveSettings<M>;
  readonly #keys = new Map<string, Key<M>>();
  #watermark = -Infinity;
  #processingTime = 0;
  #told: string[] = [];

  constructor(settings: NaiveSettings<M>) {
    this.#settings = settings;
  }

  /** What has been fired since the last look. */
  told(): string[] {
    const told = this.#told;
    this.#told = [];
    return told;
  }

  record(reading: Reading): void {
    const { time, windowsOf, trigger } = this.#settings;
    const key = this.#keys.get(reading.key) ?? { windows: [], firings: 0 };
    this.#keys.set(reading.key, key);
    const at = time === "event" ? reading.at : this.#processingTime;
    let isInTime = false;
    for (const { start, end } of windowsOf(at, reading)) {
      const window = this.#window(reading.key, { start, end });
      if (window === null) continue;
      isInTime = true;
      window.readings = [...window.readings, reading];
      window.newest = Math.max(window.newest, at);
      this.#react(trigger.onElement(reading, window, this.#times), { key: reading.key, window });
      if (this.#settings.timeToLive === undefined) window.dueAt = this.#endOf(window);
      else if (window.dueAt === Infinity) window.dueAt = window.newest + this.#settings.timeToLive;
      if (window.dueAt !== Infinity) window.timers[time].add(window.dueAt);
      this.#forgetIfBlank(key, window);
    }
    if (!isInTime) this.#told.push(`${reading.key} late ${reading.value}`);
  }

  watermark(watermark: number): void {
    if (watermark <= this.#watermark) return;
    this.#watermark = watermark;
    this.#fire("event", this.#watermark);
  }

  processingTime(now: number): void {
    if (now <= this.#processingTime) return;
    this.#processingTime = now;
    this.#fire("processing", this.#processingTime);
  }

  get #times(): Times {
    return { watermark: this.#watermark, processingTime: this.#processingTime };
  }

  /** One timer after the other, of each key: the earliest; of those of one time that of the window which came first. */
  #fire(domain: TimeDomain, until: number): void {
    const { time, trigger, timeToLive } = this.#settings;
    for (const [key, of] of this.#keys) {
      for (;;) {
        const due = of.windows.flatMap((window) => [...window.timers[domain]].map((at) => ({ at, window })));
        const [first] = due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (first === undefined) break;
        const { at, window } = first;
        window.timers[domain].delete(at);
        this.#react(trigger.onTime({ domain, at }, window, this.#times), { key, window });
        if (domain !== time || at !== window.dueAt) this.#forgetIfBlank(of, window);
        else if (timeToLive !== undefined && window.newest + timeToLive > at) {
          window.dueAt = window.newest + timeToLive;
          window.timers[time].add(window.dueAt);
          this.#forgetIfBlank(of, window);
        } else {
          of.windows = of.windows.filter((one) => one !== window);
        }
      }
    }
  }

  #react(result: TriggerResult, { key, window }: { key: string; window: NaiveWindow<M> }): void {
    const { evictBefore = (all) => all, evictAfter = (all) => all, merges = false } = this.#settings;
    if (result.startsWith("FIRE") && window.readings.length > 0) {
      const seen = evictBefore(window.readings);
      window.readings = evictAfter(seen);
      const values = seen.map(({ value }) => value).join(" ");
      const firings = `${++this.#keys.get(key)!.firings}${merges ? "" : `/${++window.firings}`}`;
      this.#told.push(`${key} [${window.start},${window.end}) ${firings}: ${values}`);
    }
    if (result.endsWith("PURGE")) window.readings = [];
  }

  /** A window without an end of which nothing is known any more is as if it had never been. */
  #forgetIfBlank(key: Key<M>, window: NaiveWindow<M>): void {
    const { event, processing } = window.timers;
    const ownTimer = window.timers[window.time].has(window.dueAt) ? 1 : 0;
    const isFresh = JSON.stringify(window.memory) === JSON.stringify(this.#settings.trigger.fresh());
    const isBlank =
      window.readings.length === 0 && window.firings === 0 && isFresh && event.size + processing.size === ownTimer;
    if (isBlank && window.end === Infinity) key.windows = key.windows.filter((one) => one !== window);
  }

  #endOf({ end }: Window): number {
    const { time, lateness = 0 } = this.#settings;
    return time === "event" ? end - 1 + lateness : end;
  }

  #isOver(window: Window): boolean {
    return this.#settings.time === "event" && this.#endOf(window) <= this.#watermark;
  }

  #window(key: string, { start, end }: Window): NaiveWindow<M> | null {
    const of = this.#keys.get(key)!;
    const { merges = false, trigger } = this.#settings;
    const met = of.windows.filter((one) =>
      merges ? one.start < end && one.end > start : one.start === start && one.end === end,
    );
    const [first, ...others] = met.sort((a, b) => a.start - b.start);
    if (first === undefined) {
      if (this.#isOver({ start, end })) return null;
      const timers = { event: new Set<number>(), processing: new Set<number>() };
      const fresh = {
        time: this.#settings.time,
        timers,
        readings: [],
        memory: trigger.fresh(),
        firings: 0,
        newest: -Infinity,
        dueAt: Infinity,
      };
      of.windows.push({ start, end, ...fresh });
      return of.windows.at(-1)!;
    }
    const whole = [...met, { start, end }];
    const merged = { start: Math.min(...whole.map((of) => of.start)), end: Math.max(...whole.map((of) => of.end)) };
    if (others.length === 0 && merged.start === first.start && merged.end === first.end) return first;
    of.windows = of.windows.filter((one) => !others.includes(one));
    Object.assign(first, merged, { readings: met.flatMap(({ readings }) => readings) });
    for (const timers of Object.values(first.timers)) timers.clear();
    trigger.onMerge!(first, others, this.#times);
    return first;
  }
}
