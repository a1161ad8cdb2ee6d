/** A rule's part of the job's graph: a gate behind its input, and behind that what the rule looks for, by key. */

import { assert } from "../../core/assert.ts";
import type { Event } from "../../core/event.ts";
import type { DataStream } from "../../stream/streams/data-stream.ts";
import { CepOperator } from "./cep-operator.ts";
import type { CompiledPatternRule, CompiledRule, CompiledWindowRule } from "./compiled-rule.ts";
import type { Finding } from "./finding.ts";
import { LATE, RuleGate, type IsTimeDue } from "./rule-gate.ts";
import type { RuleInput } from "./rule-input.ts";
import type { RuleRuntime } from "./rule-runtime.ts";
import { windowBranch } from "./window-branch.ts";

/** Where findings go, and events that a rule could not take any more. */
export interface BranchOutputs {
  readonly found: (finding: Finding) => void;
  readonly late: (event: Event) => void;
}

/** Of the version that it began with: one that matches alike goes on in it. */
export function branchName(rule: string, version: number): string {
  return `rule ${rule} v${version}`;
}

export class RuleBranch {
  readonly name: string;
  readonly input: RuleInput;
  readonly runtime: RuleRuntime;
  readonly #gated: DataStream<Event>;
  /** Of windows their library knows. */
  readonly #isTimeDue: IsTimeDue = (watermark) => this.#cep?.isTimeDue(watermark) ?? true;
  #gate: RuleGate | null = null;
  #cep: CepOperator | null = null;

  /** `name` is unique among the branches of a job; operators are named after it, so that snapshots find their state. */
  constructor(
    name: string,
    {
      input,
      runtime,
      outputs,
    }: { readonly input: RuleInput; readonly runtime: RuleRuntime; readonly outputs: BranchOutputs },
  ) {
    this.name = name;
    this.input = input;
    this.runtime = runtime;
    this.#gated = input.events.transform<Event>({
      kind: "gate",
      name: `${name}: gate`,
      does: "events of its business",
      create: (setup) => (this.#gate = new RuleGate(setup, { runtime, isTimeDue: this.#isTimeDue })),
    });
    this.#gated.sideOutput(LATE).sinkTo(outputs.late).named(`${name}: late by time`);
    if (isPattern(runtime)) {
      this.#gated
        .keyBy(() => runtime.key)
        .transform<Finding>({
          kind: "pattern",
          name,
          does: `pattern of ${runtime.rule.nfa.states.length} states`,
          create: (setup) => (this.#cep = new CepOperator(setup, runtime)),
        })
        .sinkTo(outputs.found)
        .named(`${name}: findings`);
    } else if (isWindow(runtime)) {
      const { findings, late } = windowBranch(this.#gated, { runtime, name });
      findings.sinkTo(outputs.found).named(`${name}: findings`);
      late.sinkTo(outputs.late).named(`${name}: too late`);
    }
  }

  get gate(): RuleGate {
    assert(this.#gate !== null, "the branch has been taken up by the task");
    return this.#gate;
  }

  get partialMatches(): number {
    return this.#cep?.partialMatches ?? 0;
  }

  /** Takes the branch out of the graph. */
  remove(): void {
    this.#gated.remove();
  }

  /** The rule is another text that matches alike: what it says changes, its state goes on. */
  replace(rule: CompiledRule, version: number): void {
    this.runtime.replace(rule, version);
    this.#cep?.recompiled();
  }
}

function isPattern(runtime: RuleRuntime): runtime is RuleRuntime<CompiledPatternRule> {
  return runtime.rule.kind === "pattern";
}

function isWindow(runtime: RuleRuntime): runtime is RuleRuntime<CompiledWindowRule> {
  return runtime.rule.kind === "window";
}
