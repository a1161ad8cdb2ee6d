/** The windows that come with the library: tumbling, sliding, sessions, and the global one. Aligned to the epoch. */

import { durationText } from "../core/duration.ts";
import { UserError } from "../core/errors.ts";
import { checkDuration, checkOffset } from "./checks.ts";
import type { TimeDomain } from "./timer-queue.ts";
import { eventTimeTrigger, processingTimeTrigger, type Trigger } from "./trigger.ts";
import { GLOBAL_WINDOW, sincePeriodStart, type WindowAssigner } from "./window.ts";

export interface TumblingOptions {
  readonly size: number;
  /** Shifts the starts: windows of a day with an offset of 8 h begin at 8 o'clock, UTC. Default: 0. */
  readonly offset?: number;
  /** Default: `event`. */
  readonly time?: TimeDomain;
}

export interface SlidingOptions extends TumblingOptions {
  /** From one start to the next; at most the size, so that no record falls between windows. */
  readonly every: number;
}

export interface SessionOptions<T> {
  /** So much silence ends a session; it may depend on the record. */
  readonly gap: number | ((value: T) => number);
  /** Default: `event`. */
  readonly time?: TimeDomain;
}

/** Windows side by side: each record is in one. UserError `bad-argument`. */
export function tumblingWindows({ size, offset = 0, time = "event" }: TumblingOptions): WindowAssigner<unknown> {
  checkDuration({ what: "the `size` of tumbling windows", value: size });
  checkOffset({ what: "the `offset` of tumbling windows", value: offset, period: size });
  return {
    ...windowsIn(time),
    name: `tumbling ${durationText(size)}${offsetText(offset)}${timeText(time)}`,
    assign(_, at) {
      const start = at - sincePeriodStart(at, { period: size, offset });
      return [{ start, end: start + size }];
    },
  };
}

/** Windows that overlap: each record is in all that it falls into. UserError `bad-argument`. */
export function slidingWindows({ size, every, offset = 0, time = "event" }: SlidingOptions): WindowAssigner<unknown> {
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
  return {
    ...windowsIn(time),
    name: `sliding ${durationText(size)} every ${durationText(every)}${offsetText(offset)}${timeText(time)}`,
    assign(_, at) {
      const windows = [];
      const last = at - sincePeriodStart(at, { period: every, offset });
      for (let start = last; start > at - size; start -= every) windows.push({ start, end: start + size });
      return windows;
    },
  };
}

/** A window as long as records of a key come at most `gap` apart. UserError `bad-argument`. */
export function sessionWindows<T>({ gap, time = "event" }: SessionOptions<T>): WindowAssigner<T> {
  const what = "the `gap` of session windows";
  if (typeof gap === "number") checkDuration({ what, value: gap });
  return {
    ...windowsIn(time),
    merges: true,
    name: `session ${typeof gap === "number" ? durationText(gap) : "of a gap by record"}${timeText(time)}`,
    assign(value, at) {
      if (typeof gap === "number") return [{ start: at, end: at + gap }];
      const own = gap(value);
      checkDuration({ what: `${what}, for a record at ${at},`, value: own });
      return [{ start: at, end: at + own }];
    },
  };
}

/** One window for all records of a key. It never closes, so it needs a trigger. */
export function globalWindows(): WindowAssigner<unknown> {
  const windows = [GLOBAL_WINDOW];
  return { time: "event", merges: false, defaultTrigger: null, name: "global", assign: () => windows };
}

interface Common {
  readonly time: TimeDomain;
  readonly merges: boolean;
  readonly defaultTrigger: Trigger<unknown>;
}

export function windowsIn(time: TimeDomain): Common {
  return { time, merges: false, defaultTrigger: time === "event" ? eventTimeTrigger() : processingTimeTrigger() };
}

function offsetText(offset: number): string {
  return offset === 0 ? "" : ` offset ${durationText(offset)}`;
}

function timeText(time: TimeDomain): string {
  return time === "event" ? "" : " of processing time";
}
