/**
 * The rules that are active, and every version there ever was. A put takes effect at one record of the log, for all keys: a
 * changed rule gets the next version, and keeps its keyed state when it matches as before. Mutable; owned by the engine.
 */

import { assert } from "../../core/assert.ts";
import type { RuleDefinition } from "../../lang/definition.ts";
import type { CheckedRules } from "./check-rules.ts";
import { compileRule, matchesAlike, type CompiledRule } from "./compiled-rule.ts";
import { drainMs } from "./drain.ts";
import type { InputStream } from "../input-stream.ts";
import type { Job } from "../job.ts";
import type { OnChange } from "../log/log-record.ts";
import { branchName } from "./rule-branch.ts";
import { RuleRuntime, type RuleSurroundings } from "./rule-runtime.ts";
import type { RuleVersion } from "./rule-version.ts";
import type { BranchSnapshot, EngineSnapshot } from "../checkpoint/snapshot.ts";
import { commonSchema } from "../service/stream-schema.ts";

export interface ActiveRule {
  readonly name: string;
  readonly runtime: RuleRuntime;
  /** Offset of the record that put this version; -1 for rules that the engine was made with. */
  readonly activeFrom: number;
  /** Its part of the job; a version that matches as the one before goes on with that one's. */
  readonly branch: string;
}

/** A version that has been replaced, and is let finish what it had begun. */
interface DrainingRule {
  readonly runtime: RuleRuntime;
  readonly branch: string;
  /** Event time after which nothing of it is left. */
  readonly until: number;
}

export type Change = "created" | "updated" | "unchanged";

export interface RulesPlan {
  readonly rules: readonly { readonly definition: RuleDefinition; readonly version: number; readonly change: Change }[];
  readonly streams: readonly { readonly name: string; readonly change: Change }[];
  readonly changed: boolean;
}

/** A record that puts rules, or what stands for one. */
interface Put {
  readonly offset: number;
  readonly source: string;
  readonly origin?: string;
  readonly onChange?: OnChange;
}

export class RuleRegistry {
  readonly #job: Job;
  readonly #surroundings: RuleSurroundings;
  readonly #stream: (name: string) => InputStream;
  readonly #rules = new Map<string, ActiveRule>();
  #draining: readonly DrainingRule[] = [];
  /** Every version of every rule there ever was: numbers are not used again, not even after a removal (S9.7). */
  readonly #versions = new Map<string, RuleVersion[]>();
  /** Text last loaded from a file, by its path. */
  readonly #origins = new Map<string, string>();

  constructor({
    job,
    surroundings,
    stream,
  }: {
    readonly job: Job;
    readonly surroundings: RuleSurroundings;
    readonly stream: (name: string) => InputStream;
  }) {
    this.#job = job;
    this.#surroundings = surroundings;
    this.#stream = stream;
  }

  get(name: string): ActiveRule | undefined {
    return this.#rules.get(name);
  }

  all(): Iterable<ActiveRule> {
    return this.#rules.values();
  }

  *definitions(): Iterable<RuleDefinition> {
    for (const { runtime } of this.#rules.values()) yield runtime.rule.definition;
  }

  /** Every version ever active, the first one first; none for a name that no rule ever had. */
  versions(name: string): readonly RuleVersion[] {
    return this.#versions.get(name) ?? [];
  }

  /** The text last loaded from this file, if any. */
  loadedFrom(origin: string): string | undefined {
    return this.#origins.get(origin);
  }

  plan(checked: CheckedRules, stream: (name: string) => InputStream | undefined): RulesPlan {
    const streams = checked.streams.map((definition) => {
      const known = stream(definition.name);
      const same = known !== undefined && !known.ended && known.definition.source === definition.source;
      return { name: definition.name, change: changeFrom(known !== undefined, same) };
    });
    const rules = checked.rules.map((definition) => {
      const active = this.#rules.get(definition.name);
      const same = active !== undefined && active.runtime.rule.definition.source === definition.source;
      const version = same ? active.runtime.version : (this.versions(definition.name).at(-1)?.version ?? 0) + 1;
      return { definition, version, change: changeFrom(active !== undefined, same) };
    });
    return { rules, streams, changed: [...rules, ...streams].some(({ change }) => change !== "unchanged") };
  }

  /** The plan's streams must be defined already. */
  put(plan: RulesPlan, { offset, source, origin, onChange = "drop" }: Put): void {
    if (origin !== undefined) this.#origins.set(origin, source);
    const news = plan.rules.filter(({ change }) => change !== "unchanged");
    for (const { definition, version } of news) {
      this.#remember(definition, { version, offset });
      this.#activate(definition, { version, activeFrom: offset, onChange });
    }
    const redefined = new Set(plan.streams.filter(({ change }) => change === "updated").map(({ name }) => name));
    const put = new Set(news.map(({ definition }) => definition.name));
    // What a stream's schema says decides how expressions read its fields, so its rules are compiled again.
    for (const { name, runtime, branch } of this.#rules.values()) {
      const { definition } = runtime.rule;
      if (put.has(name) || !definition.streams.some((stream) => redefined.has(stream))) continue;
      this.#job.branch(branch).replace(this.#compiled(definition), runtime.version);
    }
    this.#job.update();
  }

  remove(name: string, offset: number): void {
    const rule = this.#active(name);
    this.#rules.delete(name);
    this.#job.removeBranch(rule.branch);
    for (const { runtime, branch } of this.#draining) if (nameOf(runtime) === name) this.#job.removeBranch(branch);
    this.#draining = this.#draining.filter(({ runtime }) => nameOf(runtime) !== name);
    this.#endVersion(name, offset);
    this.#job.update();
  }

  pause(name: string): void {
    this.#job.branch(this.#active(name).branch).gate.pause();
  }

  resume(name: string): void {
    this.#job.branch(this.#active(name).branch).gate.resume();
  }

  /** Time has gone on: replaced versions that have nothing left go. */
  tidy(): void {
    if (this.#draining.length === 0) return;
    const isOver = ({ branch, until }: DrainingRule): boolean => this.#job.branch(branch).input.watermark >= until;
    const over = this.#draining.filter(isOver);
    if (over.length === 0) return;
    for (const { branch } of over) this.#job.removeBranch(branch);
    this.#draining = this.#draining.filter((rule) => !over.includes(rule));
    this.#job.update();
  }

  /** The next version of each rule comes after those of another registry, which are remembered as having ended. */
  countFrom(other: RuleRegistry): void {
    for (const [name, versions] of other.#versions) {
      const own = this.versions(name);
      const last = own.at(-1)?.version ?? 0;
      const later = versions.filter(({ version }) => version > last);
      if (later.length > 0) this.#versions.set(name, [...own, ...later.map(ended)]);
    }
  }

  snapshot(): Pick<EngineSnapshot, "rules" | "draining" | "versions" | "origins"> {
    return {
      rules: [...this.#rules.values()].map(({ activeFrom, branch, runtime }) => ({
        activeFrom,
        isPaused: runtime.isPaused,
        ...branchSnapshot(branch, runtime),
      })),
      draining: this.#draining.map(({ until, branch, runtime }) => ({ until, ...branchSnapshot(branch, runtime) })),
      versions: [...this.#versions],
      origins: [...this.#origins],
    };
  }

  /** Into an empty registry, whose streams are there. `definitionOf` reads a block's text. What is in the job comes with it. */
  restore(snapshot: EngineSnapshot, definitionOf: (source: string) => RuleDefinition): void {
    const restored = (saved: BranchSnapshot): RuleRuntime => {
      const definition = definitionOf(saved.source);
      const runtime = new RuleRuntime({
        rule: this.#compiled(definition),
        version: saved.version,
        branch: saved.branch,
        surroundings: this.#surroundings,
      });
      Object.assign(runtime.counters, saved.counters);
      runtime.context.faults = saved.faults;
      runtime.generation = saved.generation ?? 0;
      this.#job.addBranch(saved.branch, { streams: definition.streams, runtime });
      return runtime;
    };
    for (const rule of snapshot.rules) {
      const { activeFrom, isPaused, branch } = rule;
      const runtime = restored(rule);
      runtime.isPaused = isPaused;
      this.#rules.set(nameOf(runtime), { name: nameOf(runtime), runtime, activeFrom, branch });
    }
    this.#draining = snapshot.draining.map((rule) => {
      const runtime = restored(rule);
      runtime.isDraining = true;
      return { runtime, branch: rule.branch, until: rule.until };
    });
    for (const [name, versions] of snapshot.versions) this.#versions.set(name, [...versions]);
    for (const [origin, source] of snapshot.origins) this.#origins.set(origin, source);
  }

  #active(name: string): ActiveRule {
    const rule = this.#rules.get(name);
    assert(rule !== undefined, "only active rules are changed");
    return rule;
  }

  #activate(
    definition: RuleDefinition,
    {
      version,
      activeFrom,
      onChange,
    }: { readonly version: number; readonly activeFrom: number; readonly onChange: OnChange },
  ): void {
    const { name } = definition;
    const before = this.#rules.get(name);
    const compiled = this.#compiled(definition);
    if (before !== undefined && matchesAlike(before.runtime.rule.definition, definition)) {
      this.#job.branch(before.branch).replace(compiled, version);
      this.#rules.set(name, { ...before, activeFrom });
      return;
    }
    if (before !== undefined) this.#retire(before, onChange);
    const branch = branchName(name, version);
    const runtime = new RuleRuntime({ rule: compiled, version, branch, surroundings: this.#surroundings });
    this.#job.addBranch(branch, { streams: definition.streams, runtime });
    runtime.isPaused = before?.runtime.isPaused ?? false;
    this.#rules.set(name, { name, runtime, activeFrom, branch });
  }

  #retire({ runtime, branch }: ActiveRule, onChange: OnChange): void {
    // The time of a paused rule stands still: it would drain for ever.
    const ms = onChange === "drain" && !runtime.isPaused ? drainMs(runtime.rule.definition) : null;
    const { watermark } = this.#job.branch(branch).input;
    if (ms === null || watermark === -Infinity) {
      this.#job.removeBranch(branch);
      return;
    }
    runtime.isDraining = true;
    // The newest event that it can have seen is one millisecond beyond the watermark.
    this.#draining = [...this.#draining, { runtime, branch, until: watermark + 1 + ms }];
  }

  #compiled(definition: RuleDefinition): CompiledRule {
    return compileRule(definition, commonSchema(definition.streams.map((name) => this.#stream(name).definition)));
  }

  #remember({ name, source }: RuleDefinition, { version, offset }: { version: number; offset: number }): void {
    this.#endVersion(name, offset);
    this.#versions.set(name, [...this.versions(name), { version, source, activeFrom: offset, activeTo: null }]);
  }

  #endVersion(name: string, offset: number): void {
    const versions = this.versions(name).map((each) => (each.activeTo === null ? { ...each, activeTo: offset } : each));
    if (versions.length > 0) this.#versions.set(name, versions);
  }
}

function ended(version: RuleVersion): RuleVersion {
  return { ...version, activeTo: version.activeTo ?? version.activeFrom };
}

function nameOf({ rule }: RuleRuntime): string {
  return rule.definition.name;
}

function branchSnapshot(branch: string, runtime: RuleRuntime): BranchSnapshot {
  const { rule, version, generation, counters, context } = runtime;
  const { name, source } = rule.definition;
  const begun = generation === 0 ? {} : { generation };
  return { name, branch, source, version, ...begun, counters: { ...counters }, faults: context.faults };
}

function changeFrom(known: boolean, same: boolean): Change {
  if (!known) return "created";
  return same ? "unchanged" : "updated";
}
