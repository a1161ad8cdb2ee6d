/**
 * The rule-change oracle: which alerts a log must give whose rules come, change, pause, drain and go. A rule is what it is from
 * its record on, for every key at once; what waits for the watermark then is met by the rule as it is when it is released.
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

/** In the order in which they must come: by record, then by time, then by rule, then by key; then those of older versions. */
export function ruleChangeOracle({ boundMs, records }: RuleLog): OracleAlert[] {
  const rules: Rules = { active: new Map(), draining: [], versions: new Map() };
  const alerts: OracleAlert[] = [];
  for (const { during, what } of timelineOf({ items: records, boundMs })) {
    const found: Omit<OracleAlert, "during">[] = [];
    const all = [...rules.draining, ...rules.active.values()];
    const running = all.filter(({ isPaused }) => !isPaused);
    if (what.kind === "time") {
      for (const rule of all) rule.now = what.time;
      for (const rule of running) rule.pass(what.time, found);
    } else if (what.kind === "change") {
      const { rule, to } = records[during] as LogItem & { kind: "change" };
      change(rules, rule, to);
    } else if (!what.isLate) {
      for (const rule of running) rule.take(what.item, records[what.item] as EventItem, found);
    }
    alerts.push(...found.map((alert) => ({ during, ...alert })));
  }
  return alerts.sort(inOrder);
}

type EventItem = LogItem & { readonly kind: "event" };

interface Rules {
  readonly active: Map<string, RuleRun>;
  /** Replaced versions that finish what they have begun. */
  draining: readonly RuleRun[];
  /** The last of each rule there ever was. */
  readonly versions: Map<string, number>;
}

function change(rules: Rules, name: string, to: Change): void {
  const { active, versions } = rules;
  const before = active.get(name);
  switch (to.kind) {
    case "put": {
      if (before !== undefined && JSON.stringify(before.rule) === JSON.stringify(to.rule)) return;
      const version = (versions.get(name) ?? 0) + 1;
      versions.set(name, version);
      active.set(name, new RuleRun({ name, version, rule: to.rule, before }));
      if (to.drain && before !== undefined && !matchAlike(before.rule, to.rule)) {
        before.isDraining = true;
        rules.draining = [...rules.draining, before];
      }
      return;
    }
    case "pause":
      before!.isPaused = true;
      return;
    case "resume":
      before!.resume();
      return;
    case "remove":
      active.delete(name);
      rules.draining = rules.draining.filter((rule) => rule.name !== name);
      return;
  }
}

function matchAlike(a: SimpleRule, b: SimpleRule): boolean {
  return JSON.stringify({ ...a, note: 0 }) === JSON.stringify({ ...b, note: 0 });
}

/** An event that may still become an alert. */
interface Taken {
  readonly item: number;
  readonly time: number;
  /** Not where the version drains already. */
  readonly mayStart: boolean;
}

class RuleRun {
  readonly name: string;
  readonly rule: SimpleRule;
  isPaused: boolean;
  isDraining = false;
  now: number;
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
    this.name = name;
    this.#version = version;
    this.rule = rule;
    const isAlike = before !== undefined && matchAlike(before.rule, rule);
    this.#takenByKey = isAlike ? before.#takenByKey : new Map<string, Taken[]>();
    this.isPaused = before?.isPaused ?? false;
    this.now = before?.now ?? -Infinity;
  }

  take(item: number, { time, key, type }: EventItem, found: Omit<OracleAlert, "during">[]): void {
    const { rule } = this;
    this.#expire(time, found, key);
    const taken = this.#takenByKey.get(key) ?? [];
    const mayStart = !this.isDraining;
    if (rule.kind === "absence") {
      if (type === "opened" && mayStart) this.#takenByKey.set(key, [...taken, { item, time, mayStart }]);
      if (type === "closed") this.#takenByKey.delete(key);
      return;
    }
    if (type !== "failed") return;
    const recent = [...taken, { item, time, mayStart }].filter((other) => time - other.time < rule.withinMs);
    if (recent.length < rule.count) this.#takenByKey.set(key, recent);
    else {
      this.#takenByKey.delete(key);
      if (recent[0]!.mayStart) found.push(this.#alert({ key, at: time, taken: recent }));
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
    return { rule: this.name, version: this.#version, key, at, events, note: this.rule.note };
  }
}

/** The order of alerts, with one among versions of a rule, so that they can be compared. */
export function inOrder(a: OracleAlert, b: OracleAlert): number {
  return (
    a.during - b.during || a.at - b.at || compare(a.rule, b.rule) || compare(a.key, b.key) || a.version - b.version
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
