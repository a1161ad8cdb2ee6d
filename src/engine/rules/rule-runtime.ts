/** A rule version at work: what its operators and its alerts share. Mutable: it counts, and points at the event at hand. */

import type { Json } from "../../core/event.ts";
import type { EvalContext, NamedLists } from "../../expr/types.ts";
import type { CapOptions } from "./caps.ts";
import type { CompiledRule } from "./compiled-rule.ts";
import { newContext } from "./eval-context.ts";
import type { Shard } from "../shards/shard.ts";
import { emptyRuleCounters, type RuleCounters } from "./rule-counters.ts";

export interface RuleSurroundings {
  readonly lists: NamedLists;
  readonly caps: CapOptions;
  readonly shard: Shard;
}

export class RuleRuntime<R extends CompiledRule = CompiledRule> {
  /** Its part of the job, by name. */
  readonly branch: string;
  readonly caps: CapOptions;
  readonly shard: Shard;
  readonly counters: RuleCounters = emptyRuleCounters();
  /** What all its expressions read, so that faults are counted in one place. */
  readonly context: EvalContext;
  /** Of the event that the rule is looking at: its gate works it out, and the operator behind it is keyed by it. */
  key: Json = null;
  /** Whether it is an event that the rule is looking at; false while time goes on. */
  isTakingEvent = false;
  /** How often the time of its streams has begun anew: windows of the same bounds are others then. */
  generation = 0;
  /** Nothing passes its gate. */
  isPaused = false;
  /** Only what was open before goes on to its end: nothing new is started. */
  isDraining = false;
  /** What becomes due is dropped in silence: it did while the rule was paused. */
  isCatchingUp = false;
  #rule: R;
  #version: number;

  constructor({
    rule,
    version,
    branch,
    surroundings: { lists, caps, shard },
  }: {
    readonly rule: R;
    readonly version: number;
    readonly branch: string;
    readonly surroundings: RuleSurroundings;
  }) {
    this.#rule = rule;
    this.#version = version;
    this.branch = branch;
    this.caps = caps;
    this.shard = shard;
    this.context = newContext(lists);
  }

  get rule(): R {
    return this.#rule;
  }

  get version(): number {
    return this.#version;
  }

  /** The same matching, said otherwise or over another schema: state goes on under it, counts begin anew. */
  replace(rule: R, version: number): void {
    this.#rule = rule;
    this.#version = version;
    Object.assign(this.counters, emptyRuleCounters());
    this.context.faults = 0;
  }
}
