/**
 * The rules that are active, and every version number ever given. A put takes effect at one record of the log, for all keys:
 * a changed rule gets the next version, and keeps its keyed state when it matches as before. Mutable; owned by the engine.
 */

import { assert } from "../core/assert.ts";
import type { NamedLists } from "../expr/types.ts";
import type { RuleDefinition } from "../lang/definition.ts";
import { MatchTableReader, type MatchTableWriter } from "../nfa/snapshot.ts";
import type { CapOptions } from "./caps.ts";
import { CepOperator } from "./cep-operator.ts";
import type { CheckedRules } from "./check-rules.ts";
import { compileRule, matchesAlike, type CompiledPatternRule } from "./compiled-rule.ts";
import type { FindingSource } from "./finding.ts";
import type { InputStream } from "./input-stream.ts";
import type { EngineSnapshot } from "./snapshot.ts";
import { RuleInput } from "./rule-input.ts";
import { commonSchema } from "./stream-schema.ts";

export interface ActiveRule {
  readonly name: string;
  readonly version: number;
  readonly compiled: CompiledPatternRule;
  readonly operator: CepOperator;
  readonly input: RuleInput;
  /** Offset of the record that put this version; -1 for rules that the engine was made with. */
  readonly activeFrom: number;
}

export type Change = "created" | "updated" | "unchanged";

export interface RulesPlan {
  readonly rules: readonly { readonly definition: RuleDefinition; readonly version: number; readonly change: Change }[];
  readonly streams: readonly { readonly name: string; readonly change: Change }[];
  readonly changed: boolean;
}

export class RuleRegistry {
  readonly #operatorOptions: { readonly lists: NamedLists; readonly caps: CapOptions };
  readonly #stream: (name: string) => InputStream;
  readonly #rules = new Map<string, ActiveRule>();
  readonly #byOperator = new Map<FindingSource, ActiveRule>();
  /** The last version of every rule there ever was: numbers are not used again, not even after a removal (S9.7). */
  readonly #versions = new Map<string, number>();
  /** By the names of their streams. */
  readonly #inputs = new Map<string, RuleInput>();
  readonly #inputsOfStream = new Map<string, RuleInput[]>();
  /** Text last loaded from a file, by its path. */
  readonly #origins = new Map<string, string>();

  constructor({
    lists,
    caps,
    stream,
  }: {
    readonly lists: NamedLists;
    readonly caps: CapOptions;
    readonly stream: (name: string) => InputStream;
  }) {
    this.#operatorOptions = { lists, caps };
    this.#stream = stream;
  }

  get(name: string): ActiveRule | undefined {
    return this.#rules.get(name);
  }

  all(): Iterable<ActiveRule> {
    return this.#rules.values();
  }

  *definitions(): Iterable<RuleDefinition> {
    for (const { compiled } of this.#rules.values()) yield compiled.definition;
  }

  ruleOf(operator: FindingSource): ActiveRule {
    const rule = this.#byOperator.get(operator);
    assert(rule !== undefined, "an operator belongs to an active rule");
    return rule;
  }

  /** The text last loaded from this file, if any. */
  loadedFrom(origin: string): string | undefined {
    return this.#origins.get(origin);
  }

  inputsOf(stream: string): readonly RuleInput[] {
    return this.#inputsOfStream.get(stream) ?? [];
  }

  plan(checked: CheckedRules, stream: (name: string) => InputStream | undefined): RulesPlan {
    const streams = checked.streams.map((definition) => {
      const known = stream(definition.name);
      const same = known !== undefined && !known.ended && known.definition.source === definition.source;
      return { name: definition.name, change: changeFrom(known !== undefined, same) };
    });
    const rules = checked.rules.map((definition) => {
      const active = this.#rules.get(definition.name);
      const same = active !== undefined && active.compiled.definition.source === definition.source;
      const version = same ? active.version : (this.#versions.get(definition.name) ?? 0) + 1;
      return { definition, version, change: changeFrom(active !== undefined, same) };
    });
    return { rules, streams, changed: [...rules, ...streams].some(({ change }) => change !== "unchanged") };
  }

  /** The plan's streams must be defined already. */
  put(
    plan: RulesPlan,
    { offset, source, origin }: { readonly offset: number; readonly source: string; readonly origin?: string },
  ): void {
    if (origin !== undefined) this.#origins.set(origin, source);
    const news = plan.rules.filter(({ change }) => change !== "unchanged");
    for (const { definition, version } of news) this.#activate(definition, version, offset);
    const redefined = new Set(plan.streams.filter(({ change }) => change === "updated").map(({ name }) => name));
    const put = new Set(news.map(({ definition }) => definition.name));
    // What a stream's schema says decides how expressions read its fields, so its rules are compiled again.
    const affected = [...this.#rules.values()].filter(
      ({ name, compiled }) => !put.has(name) && compiled.definition.streams.some((stream) => redefined.has(stream)),
    );
    for (const { compiled, version, activeFrom } of affected) this.#activate(compiled.definition, version, activeFrom);
  }

  remove(name: string): void {
    const rule = this.#rules.get(name);
    assert(rule !== undefined, "only active rules are removed");
    this.#rules.delete(name);
    this.#byOperator.delete(rule.operator);
    this.#leave(rule.input, name);
  }

  /** Every stream has an input of its own, so that a rule put later sees what still waits for the watermark. */
  watch(stream: string): void {
    this.#input([stream]);
  }

  /** An ended stream begins again: its inputs' time does too. */
  reopen(stream: string): void {
    for (const input of this.inputsOf(stream)) input.reopen();
  }

  snapshot(table: MatchTableWriter): Pick<EngineSnapshot, "inputs" | "rules" | "versions" | "origins"> {
    return {
      // In the order of their names: a restored registry has made them in another order.
      inputs: [...this.#inputs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, input]) => input.snapshot(table)),
      rules: [...this.#rules.values()].map(({ name, version, activeFrom, compiled, operator }) => ({
        source: compiled.definition.source,
        name,
        version,
        activeFrom,
        ...operator.snapshot(table),
      })),
      versions: [...this.#versions],
      origins: [...this.#origins],
    };
  }

  /** Into an empty registry, whose streams are there; the definitions are those of the snapshot's rules, in their order. */
  restore(snapshot: EngineSnapshot, definitions: readonly RuleDefinition[]): void {
    const table = new MatchTableReader(snapshot.matches);
    // All of them before any is restored: a new input takes over what waits in others.
    const inputs = snapshot.inputs.map((input) => ({ input, restored: this.#input(input.streams) }));
    for (const { input, restored } of inputs) restored.restore(input, table);
    for (const [index, rule] of snapshot.rules.entries()) {
      this.#activate(definitions[index]!, rule.version, rule.activeFrom);
      this.#rules.get(rule.name)!.operator.restore(rule, table);
    }
    for (const [name, version] of snapshot.versions) this.#versions.set(name, version);
    for (const [origin, source] of snapshot.origins) this.#origins.set(origin, source);
  }

  #activate(definition: RuleDefinition, version: number, activeFrom: number): void {
    const before = this.#rules.get(definition.name);
    const input = this.#input(definition.streams);
    const schema = commonSchema(definition.streams.map((name) => this.#stream(name).definition));
    assert(definition.kind === "pattern", "window rules have been refused");
    const compiled = compileRule(definition, schema);
    const operator = new CepOperator(compiled, this.#operatorOptions);
    if (before !== undefined) {
      if (matchesAlike(before.compiled.definition, definition)) operator.adopt(before.operator);
      this.#byOperator.delete(before.operator);
      if (before.input !== input) this.#leave(before.input, definition.name);
    }
    const rule: ActiveRule = { name: definition.name, version, compiled, operator, input, activeFrom };
    this.#rules.set(definition.name, rule);
    this.#byOperator.set(operator, rule);
    this.#versions.set(definition.name, version);
    input.operators.set(definition.name, operator);
  }

  #input(names: readonly string[]): RuleInput {
    const signature = inputSignature(names);
    const known = this.#inputs.get(signature);
    if (known !== undefined) return known;
    const input = new RuleInput(names.map((name) => this.#stream(name)));
    for (const name of names) {
      const inputs = this.#inputsOfStream.get(name) ?? [];
      // A new rule sees the events that still wait for the watermark, wherever they wait (S9.5).
      const own = inputs.find(({ streams }) => streams.length === 1);
      for (const event of own?.waiting() ?? []) input.offer(event);
      this.#inputsOfStream.set(name, [...inputs, input]);
    }
    this.#inputs.set(signature, input);
    return input;
  }

  /** An input over several streams is there for its rules, and goes with the last of them. */
  #leave(input: RuleInput, rule: string): void {
    input.operators.delete(rule);
    const names = input.streams.map(({ name }) => name);
    if (input.operators.size > 0 || names.length === 1) return;
    this.#inputs.delete(inputSignature(names));
    for (const name of names) {
      this.#inputsOfStream.set(
        name,
        this.inputsOf(name).filter((other) => other !== input),
      );
    }
  }
}

function inputSignature(streams: readonly string[]): string {
  return JSON.stringify([...streams].sort());
}

function changeFrom(known: boolean, same: boolean): Change {
  if (!known) return "created";
  return same ? "unchanged" : "updated";
}
