/** What the rule-change oracle works on: a log of events, watermarks and changes of rules, in a structured form of its own. */

export interface RuleLog {
  /** How far events may be out of order. */
  readonly boundMs: number;
  readonly records: readonly LogItem[];
}

export type LogItem =
  | { readonly kind: "event"; readonly time: number; readonly key: string; readonly type: EventType }
  | { readonly kind: "watermark"; readonly time: number | "end" }
  | { readonly kind: "change"; readonly rule: string; readonly to: Change };

export type EventType = "failed" | "opened" | "closed" | "other";

export type Change =
  /** With `drain`, a version that is replaced by one that matches otherwise finishes what it has begun. */
  | { readonly kind: "put"; readonly rule: SimpleRule; readonly drain: boolean }
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  | { readonly kind: "remove" };

/** By key. */
export type SimpleRule = {
  readonly withinMs: number;
  /** Changes what an alert says, and nothing else. */
  readonly note: number;
} &
  /** So many events `failed` in less than `withinMs`, each in one alert at most. */
  (
    | { readonly kind: "failures"; readonly count: number }
    /** `opened`, and not `closed` for `withinMs`. */
    | { readonly kind: "absence" }
  );

/** The text of the rule language. */
export function simpleRuleText(name: string, rule: SimpleRule): string {
  const stages =
    rule.kind === "failures"
      ? `begin f where type == "failed" times(${rule.count})`
      : `begin f where type == "opened"  notFollowedBy c where type == "closed"`;
  const { withinMs, note } = rule;
  return `rule ${name} { from s  key by key  pattern { ${stages}  within ${withinMs}ms } emit { note = ${note} } }`;
}
