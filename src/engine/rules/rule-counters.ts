/** What a rule version has counted since it became active. Part of its state, so that a restart does not forget it. */

export interface RuleCounters {
  /** Events that passed `from ... where`. */
  events: number;
  /** Of those, passed by because their key was null or could not be worked out. */
  unkeyed: number;
  /** Of a window rule: firings for which `having` holds. */
  matches: number;
  /** Partial matches whose time ran out. */
  timeouts: number;
  alerts: number;
  /** Alerts held by `suppress`. */
  suppressed: number;
  /** Partial matches dropped at `partialMatchesPerKeyMax`. */
  dropped: number;
  /** Matches, time-outs and firings that became due while the rule was paused, and were dropped when it resumed. */
  droppedWhilePaused: number;
  /** Starts refused at `partialMatchesPerRuleMax`. */
  refused: number;
  /** Matches dropped by `orFail`. */
  skipFailures: number;
  /** Events that came too late for this rule: behind the least watermark of its streams, and of no window that is still there. */
  late: number;
}

export function emptyRuleCounters(): RuleCounters {
  return {
    events: 0,
    unkeyed: 0,
    matches: 0,
    timeouts: 0,
    alerts: 0,
    suppressed: 0,
    dropped: 0,
    droppedWhilePaused: 0,
    refused: 0,
    skipFailures: 0,
    late: 0,
  };
}

export function addCounters(a: RuleCounters, b: RuleCounters): RuleCounters {
  const sums = { ...a };
  for (const name of Object.keys(sums) as (keyof RuleCounters)[]) sums[name] += b[name];
  return sums;
}
