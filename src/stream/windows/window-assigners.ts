/** The windows that come with the library, beside sliding ones and calendar days: tumbling, sessions, and the global one. */

import { durationText } from "../../core/duration.ts";
import { UserError } from "../../core/errors.ts";
import { checkDuration, checkOffset } from "../checks.ts";
import { wordFor } from "../functions/function-checks.ts";
import type { TimeDomain } from "../time/timer-queue.ts";
import { eventTimeTrigger, processingTimeTrigger, type Trigger } from "./trigger.ts";
import { GLOBAL_WINDOW, sincePeriodStart } from "./window.ts";
import type { WindowAssigner } from "./window-assigner.ts";

const TIMES: readonly TimeDomain[] = ["event", "processing"];

export interface TumblingOptions {
  readonly size: number;
  /** Shifts the starts: windows of a day with an offset of 8 h begin at 8 o'clock, UTC. Default: 0. */
  readonly offset?: number;
  /** Default: `event`. */
  readonly time?: TimeDomain;
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

/** A window as long as records of a key come less than `gap` apart (S11.9). UserError `bad-argument`. */
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

export interface GlobalOptions {
  /** What its time to live goes by. Default: `event`. */
  readonly time?: TimeDomain;
}

/** One window for all records of a key. It never closes, so it needs a trigger (S11.10). */
export function globalWindows({ time = "event" }: GlobalOptions = {}): WindowAssigner<unknown> {
  checkTime(time);
  const windows = [GLOBAL_WINDOW];
  return { time, merges: false, defaultTrigger: null, name: `global${timeText(time)}`, assign: () => windows };
}

interface Common {
  readonly time: TimeDomain;
  readonly merges: boolean;
  readonly defaultTrigger: Trigger<unknown>;
}

export function windowsIn(time: TimeDomain): Common {
  checkTime(time);
  return { time, merges: false, defaultTrigger: time === "event" ? eventTimeTrigger() : processingTimeTrigger() };
}

export function offsetText(offset: number): string {
  return offset === 0 ? "" : ` offset ${durationText(offset)}`;
}

export function timeText(time: TimeDomain): string {
  return time === "event" ? "" : " of processing time";
}

/** The compiler refuses another; whoever writes JavaScript would have windows that never fire. */
function checkTime(time: TimeDomain): void {
  if (TIMES.includes(time)) return;
  throw new UserError({
    code: "bad-argument",
    message: `the \`time\` of windows is ${wordFor(time)}; expected "event" or "processing"`,
    hint: "without it, windows go by event time",
  });
}
