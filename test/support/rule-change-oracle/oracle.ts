/**
 * The rule-change oracle: which alerts a log must give whose rules come, change, pause and go. A rule is what it is from its
 * record on, for every key at once; what waits for the watermark then is met by the rule as it is when it is released.
 */

import { timelineOf } from "../timeline.ts";
import type { Change, LogItem, RuleLog, SimpleRule } from "./log.ts";

export interface OracleAlert {
  /** The record that brought it about. */
  readonly during: number;
  readonly rule: string;
  readonly version: number;
  readonly key: string;
  readonly at: number;
  /** The events it took, as records. */
  readonly events: readonly number[];
  readonly note: number;
}

/** In the order in which they must come: by record, then by time, then by rule, then by key. */
export function ruleChangeOracle({ boundMs, records }: RuleLog): OracleAlert[] {
  const rules = new Map<string, RuleRun>();
  const versions = new Map<string, number>();
  const alerts: OracleAlert[] = [];
  for (const { during, what } of timelineOf({ items: records, boundMs })) {
    const found: Omit<OracleAlert, "during">[] = [];
    const running = [...rules.values()].filter(({ isPaused }) => !isPaused);
    if (what.kind === "time") {
      for (const rule of rules.values()) rule.now = what.time;
      for (const rule of running) rule.pass(what.time, found);
    } else if (what.kind === "change") {
      const { rule, to } = records[during] as LogItem & { kind: "change" };
      change({ rules, versions }, rule, to);
    } else if (!what.isLate) {
      for (const rule of running) rule.take(what.item, records[what.item] as EventItem, found);
    }
    alerts.push(...found.map((alert) => ({ during, ...alert })));
  }
  return alerts.sort((a, b) => a.during - b.during || a.at - b.at || compare(a.rule, b.rule) || compare(a.key, b.key));
}

type EventItem = LogItem & { readonly kind: "event" };

interface Rules {
  readonly rules: Map<string, RuleRun>;
  /** The last of each rule there ever was. */
  readonly versions: Map<string, number>;
}

function change({ rules, versions }: Rules, name: string, to: Change): void {
  const before = rules.get(name);
  switch (to.kind) {
    case "put": {
      if (before !== undefined && JSON.stringify(before.rule) === JSON.stringify(to.rule)) return;
      const version = (versions.get(name) ?? 0) + 1;
      versions.set(name, version);
      rules.set(name, new RuleRun({ name, version, rule: to.rule, before }));
      return;
    }
    case "pause":
      if (before !== undefined) before.isPaused = true;
      return;
    case "resume":
      before?.resume();
      return;
    case "remove":
      rules.delete(name);
      return;
  }
}

/** An event that may still become an alert. */
interface Taken {
  readonly item: number;
  readonly time: number;
}

class RuleRun {
  readonly rule: SimpleRule;
  isPaused = false;
  now = -Infinity;
  readonly #name: string;
  readonly #version: number;
  readonly #takenByKey: Map<string, Taken[]>;

  constructor({
    name,
    version,
    rule,
    before,
  }: {
    readonly name: string;
    readonly version: number;
    readonly rule: SimpleRule;
    readonly before: RuleRun | undefined;
  }) {
    this.#name = name;
    this.#version = version;
    this.rule = rule;
    const matching = (any: SimpleRule): string => JSON.stringify({ ...any, note: 0 });
    const isAlike = before !== undefined && matching(before.rule) === matching(rule);
    this.#takenByKey = isAlike ? before.#takenByKey : new Map<string, Taken[]>();
    this.isPaused = before?.isPaused ?? false;
    this.now = before?.now ?? -Infinity;
  }

  take(item: number, { time, key, type }: EventItem, found: Omit<OracleAlert, "during">[]): void {
    const { rule } = this;
    this.#expire(time, found, key);
    const taken = this.#takenByKey.get(key) ?? [];
    if (rule.kind === "absence") {
      if (type === "opened") this.#takenByKey.set(key, [...taken, { item, time }]);
      if (type === "closed") this.#takenByKey.delete(key);
      return;
    }
    if (type !== "failed") return;
    const recent = [...taken, { item, time }].filter((other) => time - other.time < rule.withinMs);
    if (recent.length < rule.count) this.#takenByKey.set(key, recent);
    else {
      this.#takenByKey.delete(key);
      found.push(this.#alert({ key, at: time, taken: recent }));
    }
  }

  /** Deadlines up to `time` pass, for every key. */
  pass(time: number, found: Omit<OracleAlert, "during">[]): void {
    for (const key of this.#takenByKey.keys()) this.#expire(time, found, key);
  }

  /** Time stood still; what it would have ended is gone. */
  resume(): void {
    this.isPaused = false;
    this.pass(this.now, []);
  }

  #expire(time: number, found: Omit<OracleAlert, "during">[], key: string): void {
    if (this.rule.kind !== "absence") return;
    const taken = this.#takenByKey.get(key) ?? [];
    const deadlineOf = ({ time: start }: Taken): number => start + this.rule.withinMs;
    for (const each of taken) {
      if (deadlineOf(each) <= time) found.push(this.#alert({ key, at: deadlineOf(each), taken: [each] }));
    }
    const left = taken.filter((each) => deadlineOf(each) > time);
    if (left.length === 0) this.#takenByKey.delete(key);
    else this.#takenByKey.set(key, left);
  }

  #alert({ key, at, taken }: { key: string; at: number; taken: readonly Taken[] }): Omit<OracleAlert, "during"> {
    const events = taken.map(({ item }) => item);
    return { rule: this.#name, version: this.#version, key, at, events, note: this.rule.note };
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
