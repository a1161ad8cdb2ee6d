/** Settings about checkpoints and restarts, as people write them: each is read by itself, null for what is no such thing. */

import type { RestartStrategy } from "../core/restart-strategy.ts";
import { parseDuration } from "./quantities.ts";

export const RECOVERY_SETTINGS = {
  checkpointInterval: {
    variable: "TRIPLINE_CHECKPOINT_INTERVAL",
    value: "10s",
    help: "from the beginning of one checkpoint to that of the next; `off`: none is taken by itself",
  },
  checkpointPause: {
    variable: "TRIPLINE_CHECKPOINT_MIN_PAUSE",
    value: "1s",
    help: "at least so long from the end of one checkpoint to the next",
  },
  checkpointTimeout: {
    variable: "TRIPLINE_CHECKPOINT_TIMEOUT",
    value: "10m",
    help: "a checkpoint that takes longer has failed",
  },
  checkpointFailures: {
    variable: "TRIPLINE_CHECKPOINT_TOLERABLE_FAILURES",
    value: "",
    help: "more failed checkpoints in a row are a failure of the service; any number is tolerated, if empty",
  },
  checkpointsRetained: {
    variable: "TRIPLINE_CHECKPOINTS_RETAINED",
    value: "3",
    help: "how many checkpoints are kept; savepoints are kept until they are removed",
  },
  checkpointMode: {
    variable: "TRIPLINE_CHECKPOINT_MODE",
    value: "exactly-once",
    help: "exactly-once; there is nothing that at-least-once would spare",
  },
  checkpointOnShutdown: {
    variable: "TRIPLINE_CHECKPOINT_ON_SHUTDOWN",
    value: "true",
    help: "whether the service takes a checkpoint when it is told to stop",
  },
  restart: {
    variable: "TRIPLINE_RESTART",
    value: "failure-rate:3:5m:1s",
    help: "what a failing engine does: none, fixed-delay:ATTEMPTS:DELAY, failure-rate:FAILURES:INTERVAL:DELAY, exponential:FIRST:MAX",
  },
  poison: {
    variable: "TRIPLINE_POISON_RECORDS",
    value: "stop",
    help: "what becomes of a record that the engine fails on again and again: stop, or set-aside",
  },
} as const;

export const EXPECTED = {
  interval: "a duration such as 10s or 5m, or off",
  duration: "a duration such as 10s or 5m",
  failures: "a whole number",
  retained: "a whole number from 1 to 1000",
  mode: "exactly-once: an alert leaves at once, under an id that a replay computes again, and waits for no checkpoint, so at-least-once would be no faster",
  yes: "true or false",
  restart: "none, fixed-delay:3:10s, failure-rate:3:5m:1s or exponential:1s:1m",
  poison: "stop or set-aside",
};

/** `off` is no interval. */
export function parseInterval(text: string): { readonly ms: number | null } | null {
  if (text === "off") return { ms: null };
  const ms = parseDuration(text);
  return ms === null || ms === 0 ? null : { ms };
}

export function parseCount(text: string, { from, to }: { readonly from: number; readonly to: number }): number | null {
  const count = Number(text);
  return /^\d{1,9}$/.test(text) && count >= from && count <= to ? count : null;
}

export function parseYes(text: string): boolean | null {
  if (/^(?:true|1|yes)$/i.test(text)) return true;
  return /^(?:false|0|no)$/i.test(text) ? false : null;
}

export function parseMode(text: string): "exactly-once" | null {
  return text === "exactly-once" ? text : null;
}

export function parsePoison(text: string): "stop" | "set-aside" | null {
  return text === "stop" || text === "set-aside" ? text : null;
}

export function parseRestart(text: string): RestartStrategy | null {
  const [kind, ...values] = text.split(":");
  const count = parseCount(values[0] ?? "", { from: 1, to: 1_000_000 });
  const [first, second, third] = values.map(parseDuration);
  if (kind === "none" && values.length === 0) return { kind };
  if (kind === "fixed-delay" && values.length === 2 && count !== null && isGiven(second)) {
    return { kind: "fixedDelay", attempts: count, delayMs: second };
  }
  if (kind === "failure-rate" && values.length === 3 && count !== null && isGiven(second) && isGiven(third)) {
    return { kind: "failureRate", failuresMax: count, intervalMs: second, delayMs: third };
  }
  if (kind === "exponential" && values.length === 2 && isGiven(first) && isGiven(second) && first <= second) {
    return { kind: "exponential", initialMs: first, maxMs: second, resetMs: 10 * second };
  }
  return null;
}

function isGiven(ms: number | null | undefined): ms is number {
  return typeof ms === "number";
}
