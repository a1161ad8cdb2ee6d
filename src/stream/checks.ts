/** What a caller can get wrong while building a graph, refused with the place and a way out. */

import { durationText } from "../core/duration.ts";
import { UserError } from "../core/errors.ts";
import { KEY_GROUPS } from "../core/key-group.ts";
import { limits } from "../core/limits.ts";

export interface Argument {
  /** What is being built, and which of its settings: ``the `gap` of session windows``. */
  readonly what: string;
  readonly value: number;
  /** What to try, where there is more to say than how such numbers are written. */
  readonly hint?: string;
}

/** A length of time of at least 1 ms, in whole milliseconds. */
export function checkDuration({ what, value, hint = "a minute is `60_000`" }: Argument): void {
  if (Number.isSafeInteger(value) && value > 0 && value <= limits.durationMsMax) return;
  throw badArgument({ what, expected: "a whole number of milliseconds, at least 1", value, hint });
}

/** A length of time that may be zero. */
export function checkNonNegativeDuration({ what, value, hint = "a minute is `60_000`, none is 0" }: Argument): void {
  if (Number.isSafeInteger(value) && value >= 0 && value <= limits.durationMsMax) return;
  throw badArgument({ what, expected: "a whole number of milliseconds, 0 or more", value, hint });
}

/** A distance in time, either way. */
export function checkSpan({ what, value, hint = "a minute before is `-60_000`" }: Argument): void {
  if (Number.isSafeInteger(value) && Math.abs(value) <= limits.durationMsMax) return;
  throw badArgument({ what, expected: "a whole number of milliseconds", value, hint });
}

/** A count of at least 1. */
export function checkCount({ what, value, hint = "the least is 1" }: Argument): void {
  if (Number.isSafeInteger(value) && value > 0) return;
  throw badArgument({ what, expected: "a whole number, at least 1", value, hint });
}

/** A number of subtasks. */
export function checkParallelism({ what, value }: Argument): void {
  if (Number.isInteger(value) && value >= 1 && value <= KEY_GROUPS) return;
  const expected = `a whole number from 1 to ${KEY_GROUPS}, the number of key groups`;
  throw badArgument({ what, expected, value, hint: "1 does everything in one place" });
}

export function checkSeed({ what, value, hint = "any whole number will do" }: Argument): void {
  if (Number.isSafeInteger(value)) return;
  throw badArgument({ what, expected: "a whole number", value, hint });
}

/** A shift of windows that repeat every `period`: beyond it, it would say the same as a smaller one. */
export function checkOffset({ what, value, period }: Argument & { readonly period: number }): void {
  if (Number.isSafeInteger(value) && Math.abs(value) < period) return;
  throw badArgument({
    what,
    expected: `whole milliseconds, less than the ${durationText(period)} after which windows repeat`,
    value,
    hint: Number.isSafeInteger(value) ? `${value % period} means the same` : "8 hours are `28_800_000`",
  });
}

/** A distance beyond which something is done. */
export function checkThreshold({ what, value, hint = "it is compared with what `delta` gives" }: Argument): void {
  if (Number.isFinite(value) && value > 0) return;
  throw badArgument({ what, expected: "a number greater than 0", value, hint });
}

interface BadArgument {
  readonly what: string;
  readonly expected: string;
  readonly value: unknown;
  readonly hint: string;
}

function badArgument({ what, expected, value, hint }: BadArgument): UserError {
  return new UserError({ code: "bad-argument", message: `${what} is ${String(value)}; expected ${expected}`, hint });
}
