/**
 * The engine: a function of its log. Records go in one at a time, outputs come back as data; no clock, no chance, no I/O.
 * Mutable: it owns the streams, the active rules and all state behind them.
 */

import { assert, unreachable } from "../core/assert.ts";
import { canonicalJson } from "../core/canonical-json.ts";
import { formatTime } from "../core/time.ts";
import { undeclaredStream } from "../lang/define-stream.ts";
import type { StreamDefinition } from "../lang/definition.ts";
import { MatchTableWriter } from "../nfa/snapshot.ts";
import { makeAlert, pointAt } from "./alert.ts";
import type { RuleInput } from "./rule-input.ts";
import { checkRules, isRefused, type CheckedRules } from "./check-rules.ts";
import { DEFAULT_CAPS, type CapOptions } from "./caps.ts";
import type { Finding } from "./finding.ts";
import { InputStream } from "./input-stream.ts";
import type { EventRecord, LogRecord, RulesRecord, WatermarkRecord } from "./log-record.ts";
import type { Alert, LateOutput, Output } from "./output.ts";
import { Lists } from "./named-lists.ts";
import { RuleRegistry, type ActiveRule, type RulesPlan } from "./rule-registry.ts";
import { requireFormat, SNAPSHOT_FORMAT, type DoorSnapshot, type EngineSnapshot } from "./snapshot.ts";
import { Suppression } from "./suppression.ts";

export class Engine {
  readonly #streams = new Map<string, InputStream>();
  readonly #lists = new Lists();
  readonly #registry: RuleRegistry;
  readonly #suppression = new Suppression();

  constructor(caps: CapOptions = DEFAULT_CAPS) {
    this.#registry = new RuleRegistry({ lists: this.#lists, caps, stream: (name) => this.#stream(name) });
  }

  apply(record: LogRecord): Output[] {
    switch (record.kind) {
      case "event":
        return this.#applyEvent(record);
      case "watermark":
        return this.#applyWatermark(record);
      case "rules":
        this.#applyRules(record);
        return [];
      case "ruleRemoved":
        this.#registry.remove(record.name);
        this.#suppression.remove(record.name);
        return [];
      case "list":
        this.#lists.apply(record);
        return [];
      default:
        return unreachable(record);
    }
  }

  /** Checks a text against the streams and rules there are; changes nothing. */
  check(source: string): CheckedRules {
    return checkRules(source, {
      streams: (name) => this.#streams.get(name)?.definition,
      rules: () => this.#registry.definitions(),
    });
  }

  /** What putting the checked text would change; changes nothing. */
  plan(checked: CheckedRules): RulesPlan {
    return this.#registry.plan(checked, (name) => this.#streams.get(name));
  }

  streams(): Iterable<InputStream> {
    return this.#streams.values();
  }

  stream(name: string): InputStream | undefined {
    return this.#streams.get(name);
  }

  get rules(): RuleRegistry {
    return this.#registry;
  }

  get lists(): Lists {
    return this.#lists;
  }

  /** Everything but the door, which stands before the log: its part of a stream's snapshot comes from `doorOf`. */
  snapshot(nextOffset: number, doorOf: (stream: string) => DoorSnapshot | null): EngineSnapshot {
    const table = new MatchTableWriter();
    return {
      format: SNAPSHOT_FORMAT,
      nextOffset,
      streams: [...this.#streams.values()].map((stream) => ({ ...stream.snapshot(), door: doorOf(stream.name) })),
      ...this.#registry.snapshot(table),
      lists: this.#lists.snapshot(),
      suppression: this.#suppression.snapshot(),
      matches: table.table(), // after the registry, which fills it
    };
  }

  /** Into an engine that has applied nothing. UserError `foreign-snapshot` for what this version cannot read. */
  restore(snapshot: EngineSnapshot): void {
    requireFormat(snapshot);
    for (const stream of snapshot.streams) {
      this.#add(this.#restored(stream.source).streams[0] ?? undeclaredStream(stream.name)).restore(stream);
    }
    const definitions = snapshot.rules.map(({ source }) => this.#restored(source).rules[0]!);
    this.#registry.restore(snapshot, definitions);
    this.#lists.restore(snapshot.lists);
    this.#suppression.restore(snapshot.suppression);
  }

  /** A snapshot's blocks are checked one by one: together they may be larger than any file. */
  #restored(block: string): CheckedRules {
    const checked = this.check(block);
    assert(!isRefused(checked.diagnostics), "a snapshot's rules were checked before they were applied");
    return checked;
  }

  #applyRules(record: RulesRecord): void {
    const checked = this.check(record.source);
    assert(!isRefused(checked.diagnostics), "rules are checked before they are logged");
    const plan = this.plan(checked);
    for (const definition of checked.streams) this.#define(definition);
    this.#registry.put(plan, record);
  }

  #define(definition: StreamDefinition): void {
    const known = this.#streams.get(definition.name);
    if (known === undefined) this.#add(definition);
    else if (known.ended || known.definition.source !== definition.source) {
      if (known.ended) this.#registry.reopen(definition.name);
      known.define(definition);
    }
  }

  /** A stream is known when a block describes it or a rule names it. */
  #stream(name: string): InputStream {
    return this.#streams.get(name) ?? this.#add(undeclaredStream(name));
  }

  #add(definition: StreamDefinition): InputStream {
    const stream = new InputStream(definition, this.#lists);
    this.#streams.set(definition.name, stream);
    this.#registry.watch(definition.name);
    return stream;
  }

  #applyEvent(record: EventRecord): Output[] {
    const stream = this.#streams.get(record.stream);
    assert(stream !== undefined, "only events of known streams are logged");
    const event = stream.accept(record);
    const inputs = this.#registry.inputsOf(record.stream);
    let late = stream.isLate(event);
    if (!late) {
      stream.observe(event, record.partition);
      for (const input of inputs) late = !input.offer(event) || late;
    }
    const outputs = this.#advance(inputs);
    if (!late) return outputs;
    stream.late++;
    if (stream.definition.late === "drop") return outputs;
    return [
      {
        kind: "late",
        stream: stream.name,
        offset: event.offset,
        time: formatTime(event.time),
        data: event.data,
      } satisfies LateOutput,
      ...outputs,
    ];
  }

  #applyWatermark({ stream: name, time }: WatermarkRecord): Output[] {
    const stream = this.#streams.get(name);
    assert(stream !== undefined, "only watermarks of known streams are logged");
    stream.advance(time);
    return this.#advance(this.#registry.inputsOf(name));
  }

  #advance(inputs: readonly RuleInput[]): Output[] {
    const findings: Finding[] = [];
    for (const input of inputs) input.advance(findings);
    return findings.length === 0 ? [] : this.#alerts(findings);
  }

  /** In the order of D6a (S7.2): time, rule name, key, then rule T, which each operator's findings are in already. */
  #alerts(findings: Finding[]): Output[] {
    if (findings.length > 1) findings.sort(compareFindings);
    const outputs: Output[] = [];
    for (const finding of findings) {
      const { operator } = finding;
      if (finding.kind === "timeout" && operator.rule.onTimeoutEmit === null) continue;
      const rule = this.#registry.ruleOf(operator);
      const alert = makeAlert({ rule: operator.rule, version: rule.version, finding, context: operator.context });
      operator.counters.alerts++;
      outputs.push(this.#judge(rule, finding, alert));
    }
    return outputs;
  }

  #judge(rule: ActiveRule, finding: Finding, alert: Alert): Output {
    const { definition, suppressBy } = rule.compiled;
    if (definition.suppress === null || finding.kind === "limit")
      return { kind: "alert", alert, deliver: definition.deliver };
    const { context, counters } = rule.operator;
    pointAt(context, finding);
    // Not the watermark, which may have jumped past alerts that are judged after this one.
    this.#suppression.forget(definition.name, finding.releasedAt - rule.compiled.nfa.releaseLagMs);
    const verdict = this.#suppression.judge({
      rule: definition.name,
      scope: canonicalJson(suppressBy === null ? finding.key : suppressBy(context)),
      alert: alert.id,
      lastEventTime: finding.matched.event.time,
      forMs: definition.suppress.ms,
    });
    if (verdict.kind === "sent")
      return { kind: "alert", alert: { ...alert, suppressed: verdict.suppressed }, deliver: definition.deliver };
    counters.suppressed++;
    return { kind: "alert", alert: { ...alert, suppressedBy: verdict.by }, deliver: [] };
  }
}

function compareFindings(a: Finding, b: Finding): number {
  return (
    a.releasedAt - b.releasedAt ||
    compareText(a.operator.rule.definition.name, b.operator.rule.definition.name) ||
    compareText(canonicalJson(a.key), canonicalJson(b.key))
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
