/**
 * Sliding windows, and the panes that their edges cut time into: the pieces that each window has as a whole or not at all,
 * at most two for each `every` (Krishnamurthy, Wu, Franklin: On-the-fly sharing for streamed aggregation, 2006).
 */

import { durationText } from "../../core/duration.ts";
import { UserError } from "../../core/errors.ts";
import { BEGINNING_OF_TIME } from "../../core/time.ts";
import { checkDuration, checkOffset } from "../checks.ts";
import type { TimeDomain } from "../time/timer-queue.ts";
import { offsetText, timeText, windowsIn, type TumblingOptions } from "./window-assigners.ts";
import { sincePeriodStart, type Window } from "./window.ts";
import type { WindowAssigner } from "./window-assigner.ts";

export interface SlidingOptions extends TumblingOptions {
  /** From one start to the next; at most the size, so that no record falls between windows. */
  readonly every: number;
}

/** Windows that overlap: each record is in all that it falls into. UserError `bad-argument`. */
export function slidingWindows(options: SlidingOptions): WindowAssigner<unknown> {
  const { size, every, offset = 0 } = options;
  checkDuration({ what: "the `size` of sliding windows", value: size });
  checkDuration({ what: "the `every` of sliding windows", value: every });
  if (every > size) {
    throw new UserError({
      code: "bad-argument",
      message: `the \`every\` of sliding windows, ${durationText(every)}, is longer than their \`size\`, ${durationText(size)}`,
      hint: "records between two windows would be in none: make `every` at most `size`, or take tumbling windows",
    });
  }
  checkOffset({ what: "the `offset` of sliding windows", value: offset, period: every });
  return new SlidingWindows(options);
}

/** A class, so that an assigner which is made by changing one is none: it may have other windows, and other panes. */
export class SlidingWindows implements WindowAssigner<unknown> {
  readonly name: string;
  readonly time: TimeDomain;
  readonly merges = false;
  readonly defaultTrigger;
  readonly size: number;
  readonly every: number;
  /** The latest first. */
  readonly assign = (_: unknown, at: number): readonly Window[] => {
    const windows: Window[] = [];
    for (let end = this.lastEnd(at); end > at; end -= this.every) windows.push(this.windowTo(end));
    return windows;
  };
  readonly #offset: number;

  constructor({ size, every, offset = 0, time = "event" }: SlidingOptions) {
    this.name = `sliding ${durationText(size)} every ${durationText(every)}${offsetText(offset)}${timeText(time)}`;
    this.time = time;
    this.defaultTrigger = windowsIn(time).defaultTrigger;
    this.size = size;
    this.every = every;
    this.#offset = offset;
  }

  /** In how many a record is, at most. */
  get overlap(): number {
    return Math.ceil(this.size / this.every);
  }

  windowTo(end: number): Window {
    return { start: end - this.size, end };
  }

  /** The end of the first window that a time is in, or could be: the first end after it. */
  firstEnd(at: number): number {
    if (at === BEGINNING_OF_TIME) return at;
    return at + this.every - sincePeriodStart(at, { period: this.every, offset: this.#offset + this.size });
  }

  lastEnd(at: number): number {
    return at + this.size - sincePeriodStart(at, { period: this.every, offset: this.#offset });
  }

  isEnd(at: number): boolean {
    return this.firstEnd(at - 1) === at;
  }

  /** From the last edge of a window up to the next. */
  paneAt(at: number): Window {
    return {
      start: Math.max(this.lastEnd(at) - this.size, this.firstEnd(at) - this.every),
      end: Math.min(this.lastEnd(at) - this.size + this.every, this.firstEnd(at)),
    };
  }
}
