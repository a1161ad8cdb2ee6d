/**
 * A heap of timers: the earliest first, those of one time by the order of their scopes. Times lie beside the timers, so that
 * a comparison reads no object unless they are equal; each timer knows its place, so that it can be taken out from wherever
 * it is. Mutable.
 */

/** Whoever has timers: a key, or a window of a key. */
export interface TimerScope {
  readonly group: number;
  /** When the key came, among the operator's keys. */
  readonly keyOrdinal: number;
  /** When the scope came, among the key's. */
  readonly ordinal: number;
  /** What is set; the queues' to write. */
  eventTimers: LiveTimers;
  processingTimers: LiveTimers;
}

/** By timestamp; or only the timer, since nearly all scopes have one at most, and a map costs four times as much as that. */
export type LiveTimers = Timer | Map<number, Timer> | null;

export class Timer {
  readonly scope: TimerScope;
  /** The heap's to write. */
  place = 0;

  constructor(scope: TimerScope) {
    this.scope = scope;
  }
}

/** Four children to a parent make half as many levels as two, and their times lie in one cache line. */
const CHILDREN = 4;

export class TimerHeap {
  readonly #times: number[] = [];
  readonly #timers: Timer[] = [];

  get size(): number {
    return this.#timers.length;
  }

  /** Of a heap that is not empty. */
  get first(): Timer {
    return this.#timers[0]!;
  }

  /** When it fires; of a heap that is not empty. */
  get firstTime(): number {
    return this.#times[0]!;
  }

  timeOf({ place }: Timer): number {
    return this.#times[place]!;
  }

  add(timer: Timer, at: number): void {
    timer.place = this.#timers.length;
    this.#times.push(at);
    this.#timers.push(timer);
    this.#rise(timer.place);
  }

  remove({ place }: Timer): void {
    const last = this.#timers.length - 1;
    this.#swap(place, last);
    this.#times.pop();
    this.#timers.pop();
    if (place !== last) this.#settle(place);
  }

  move(timer: Timer, at: number): void {
    this.#times[timer.place] = at;
    this.#settle(timer.place);
  }

  #settle(place: number): void {
    this.#sink(place);
    this.#rise(place);
  }

  #rise(from: number): void {
    let place = from;
    while (place > 0) {
      const parent = Math.floor((place - 1) / CHILDREN);
      if (!this.#isBefore(place, parent)) return;
      this.#swap(place, parent);
      place = parent;
    }
  }

  #sink(from: number): void {
    let place = from;
    for (;;) {
      let least = place;
      const children = CHILDREN * place + 1;
      const end = Math.min(children + CHILDREN, this.#timers.length);
      for (let child = children; child < end; child++) if (this.#isBefore(child, least)) least = child;
      if (least === place) return;
      this.#swap(place, least);
      place = least;
    }
  }

  #isBefore(place: number, other: number): boolean {
    const apart = this.#times[place]! - this.#times[other]!;
    return apart < 0 || (apart === 0 && compareScopes(this.#timers[place]!.scope, this.#timers[other]!.scope) < 0);
  }

  #swap(place: number, other: number): void {
    const [at, timer] = [this.#times[place]!, this.#timers[place]!];
    this.#put(place, { at: this.#times[other]!, timer: this.#timers[other]! });
    this.#put(other, { at, timer });
  }

  #put(place: number, { at, timer }: { at: number; timer: Timer }): void {
    this.#times[place] = at;
    this.#timers[place] = timer;
    timer.place = place;
  }
}

function compareScopes(a: TimerScope, b: TimerScope): number {
  return a.group - b.group || a.keyOrdinal - b.keyOrdinal || a.ordinal - b.ordinal;
}
