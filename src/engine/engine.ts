/**
 * The engine: a function of its log. Records go in one at a time, outputs come back as data; no clock, no chance, no I/O.
 * Mutable: it owns the streams, the active rules and all state behind them.
 */

import { assert, unreachable } from "../core/assert.ts";
import { END_OF_TIME, formatTime } from "../core/time.ts";
import { undeclaredStream } from "../lang/define-stream.ts";
import type { RuleDefinition, StreamDefinition } from "../lang/definition.ts";
import { answerOf, mergedAlerts, NOTHING, type Answer, type FoundAlert } from "./shards/answer.ts";
import { DEFAULT_CAPS, type CapOptions } from "./rules/caps.ts";
import { checkRules, isRefused, type CheckedRules } from "./rules/check-rules.ts";
import type { SilentStream } from "./log/idle-clock.ts";
import { InputStream } from "./input-stream.ts";
import { Job } from "./job.ts";
import type { EventRecord, LogRecord, RulesRecord, TickRecord, WatermarkRecord } from "./log/log-record.ts";
import { Lists } from "./named-lists.ts";
import type { LateOutput, Output } from "./output.ts";
import { RuleRegistry, type RulesPlan } from "./rules/rule-registry.ts";
import { branchFigures, FiguresElsewhere, type BranchFigures, type ShardFigures } from "./shards/shard-figures.ts";
import { WHOLE, type Shard } from "./shards/shard.ts";
import { foreignSnapshot, SNAPSHOT_FORMAT, type DoorSnapshot, type EngineSnapshot } from "./checkpoint/snapshot.ts";
import type { CaptureChoice } from "../stream/task/task-snapshot.ts";
import type { EngineCapture, EngineCaptureChoice, KeyedCapture } from "./checkpoint/engine-capture.ts";
import { upgraded, upgradedStream, type EngineSnapshotV1 } from "./checkpoint/snapshot-v1.ts";
import { Suppression } from "./rules/suppression.ts";

export interface EngineOptions {
  readonly caps?: CapOptions | undefined;
  /** Default: all keyed work. */
  readonly shard?: Shard;
}

export class Engine {
  readonly #streams = new Map<string, InputStream>();
  readonly #lists = new Lists();
  readonly #job = new Job();
  readonly #registry: RuleRegistry;
  readonly #suppression = new Suppression();
  /** What shards have told that do this engine's keyed work. */
  readonly elsewhere = new FiguresElsewhere();

  constructor({ caps = DEFAULT_CAPS, shard = WHOLE }: EngineOptions = {}) {
    this.#registry = new RuleRegistry({
      job: this.#job,
      surroundings: { lists: this.#lists, caps, shard },
      stream: (name) => this.#stream(name),
    });
  }

  apply(record: LogRecord): Output[] {
    return this.settle(record, [this.advance(record)]);
  }

  /** What this engine's part of the keyed work comes to. Every record that is advanced by is to be settled, next. */
  advance(record: LogRecord): Answer {
    switch (record.kind) {
      case "event":
        return this.#applyEvent(record);
      case "watermark":
        return this.#applyWatermark(record);
      case "tick":
        return this.#applyTick(record);
      case "rules":
        this.#applyRules(record);
        return NOTHING;
      case "ruleRemoved":
        this.#registry.remove(record.name, record.offset);
        return NOTHING;
      case "rulePaused":
        this.#registry.pause(record.name);
        return NOTHING;
      case "ruleResumed":
        this.#registry.resume(record.name);
        return NOTHING;
      case "list":
        this.#lists.apply(record);
        return NOTHING;
      case "restored":
        assert(false, "a savepoint is restored into another engine");
      default:
        return unreachable(record);
    }
  }

  /** What comes of the record, by the answers of all shards: in one order, and judged by suppression. */
  settle(record: LogRecord, answers: readonly Answer[]): Output[] {
    if (record.kind === "ruleRemoved") this.#suppression.remove(record.name);
    const outputs: Output[] = mergedAlerts(answers).map((found) => this.#judge(found));
    if (record.kind !== "event" || !answers.some(({ isLate }) => isLate)) return outputs;
    const stream = this.#known(record.stream);
    stream.late++;
    if (stream.definition.late === "drop") return outputs;
    const { offset, time, data } = record;
    return [
      { kind: "late", stream: stream.name, offset, time: formatTime(time), data } satisfies LateOutput,
      ...outputs,
    ];
  }

  /** Checks a text against the streams and rules there are; changes nothing. */
  check(source: string): CheckedRules {
    return checkRules(source, {
      streams: (name) => this.#streams.get(name)?.definition,
      rules: () => this.#registry.definitions(),
    });
  }

  /** In place of another engine, which was here before: what identifies events and rule versions is not used again (S9.7). */
  replace(before: Engine): void {
    for (const stream of before.streams()) this.#stream(stream.name).countFrom(stream.events);
    this.#registry.countFrom(before.rules);
    this.#job.update();
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

  /** Streams as the clock of silent ones sees them. */
  *silence(): Iterable<SilentStream> {
    const { elsewhere } = this;
    const job = this.#job;
    for (const stream of this.#streams.values()) {
      const { name, definition, ended, events, newest } = stream;
      yield {
        name,
        idleMs: definition.idleMs,
        ended,
        events,
        newest,
        watermark: job.ownInput(name).watermark,
        partitions: stream.partitions(),
        // Every rule of the stream is asked for it, so only where the stream is silent.
        get nextDeadline(): number | null {
          return elsewhere.nextDeadline(name, job.nextDeadline(name));
        },
      };
    }
  }

  /** Of all that work for it. */
  figuresOf(branch: string): BranchFigures {
    return this.elsewhere.ofBranch(branch, branchFigures(this.#job, branch));
  }

  /** Its own. */
  figures(): ShardFigures {
    return {
      branches: this.#job.branchNames().map((name) => [name, branchFigures(this.#job, name)]),
      deadlines: [...this.#streams.keys()].map((name) => [name, this.#job.nextDeadline(name)]),
    };
  }

  /** Where state and time are. */
  get job(): Job {
    return this.#job;
  }

  get lists(): Lists {
    return this.#lists;
  }

  /** Everything but the door, which stands before the log: its part of a stream's snapshot comes from `doorOf`. */
  snapshot(nextOffset: number, doorOf: (stream: string) => DoorSnapshot | null): EngineSnapshot {
    return {
      format: SNAPSHOT_FORMAT,
      nextOffset,
      streams: [...this.#streams.values()].map((stream) => ({ ...stream.snapshot(), door: doorOf(stream.name) })),
      ...this.#registry.snapshot(),
      lists: this.#lists.snapshot(),
      suppression: this.#suppression.snapshot(),
      job: this.#job.snapshot(),
    };
  }

  /** The same, to be written down while records go on: of what is large, only what has changed, where that is chosen. */
  capture(choice: EngineCaptureChoice): EngineCapture {
    return {
      streams: [...this.#streams.values()].map((stream) => stream.snapshot()),
      ...this.#registry.snapshot(),
      lists: choice.lists(this.#lists.changes) ? this.#lists.snapshot() : null,
      suppression: this.#suppression.takeChanges({ isWhole: choice.isSuppressionWhole }),
      job: this.#job.capture(choice.keys),
    };
  }

  /** What a shard has to tell at a barrier. */
  captureKeyed(keys: CaptureChoice): KeyedCapture {
    const { rules, draining } = this.#registry.snapshot();
    return { rules, draining, job: this.#job.capture(keys) };
  }

  /** As of now, everything is in a checkpoint. */
  beginChanges(): void {
    this.#suppression.beginChanges();
    this.#job.beginChanges();
  }

  /** Into an engine that has applied nothing. UserError `foreign-snapshot` for what this version cannot read. */
  restore(snapshot: EngineSnapshot | EngineSnapshotV1): void {
    if (snapshot.format !== 1 && snapshot.format !== SNAPSHOT_FORMAT) throw foreignSnapshot(snapshot);
    const streams = snapshot.format === 1 ? snapshot.streams.map(upgradedStream) : snapshot.streams;
    for (const stream of streams) {
      this.#add(this.#restored(stream.source).streams[0] ?? undeclaredStream(stream.name)).restore(stream);
    }
    this.#restoreRules(snapshot.format === 1 ? upgraded(snapshot, (source) => this.#definition(source)) : snapshot);
  }

  #restoreRules(snapshot: EngineSnapshot): void {
    this.#lists.restore(snapshot.lists);
    this.#registry.restore(snapshot, (source) => this.#definition(source));
    if (snapshot.job !== null) this.#job.restore(snapshot.job);
    this.#suppression.restore(snapshot.suppression);
  }

  #definition(source: string): RuleDefinition {
    return this.#restored(source).rules[0]!;
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
    else if (known.ended) {
      known.define(definition);
      this.#job.reopenStream(known);
    } else if (known.definition.source !== definition.source) known.define(definition);
  }

  /** A stream is known when a block describes it or a rule names it. */
  #stream(name: string): InputStream {
    return this.#streams.get(name) ?? this.#add(undeclaredStream(name));
  }

  #add(definition: StreamDefinition): InputStream {
    const stream = new InputStream(definition, this.#lists);
    this.#streams.set(definition.name, stream);
    this.#job.addStream(stream);
    return stream;
  }

  #applyEvent(record: EventRecord): Answer {
    const stream = this.#known(record.stream);
    const event = stream.accept(record);
    const isLate = stream.ended || this.#job.push(event, record.partition);
    return this.#answer(isLate);
  }

  #applyWatermark({ stream: name, time }: WatermarkRecord): Answer {
    const stream = this.#known(name);
    if (time === "end") stream.end();
    this.#job.raiseWatermark(name, time === "end" ? END_OF_TIME : time);
    return this.#answer();
  }

  #applyTick({ stream, idle, time }: TickRecord): Answer {
    this.#known(stream).markIdle(idle);
    this.#job.markIdle(stream, idle);
    if (time !== undefined) this.#job.raiseWatermark(stream, time);
    return this.#answer();
  }

  #known(name: string): InputStream {
    const stream = this.#streams.get(name);
    assert(stream !== undefined, "only records of known streams are logged");
    return stream;
  }

  #answer(isLate = false): Answer {
    const answer = answerOf(this.#job.takeFindings(), isLate);
    this.#registry.tidy();
    return answer;
  }

  #judge({ alert, deliver, branch, suppression: terms }: FoundAlert): Output {
    if (terms === null) return { kind: "alert", alert, deliver };
    const { rule, id } = alert;
    this.#suppression.forget(rule, terms.noneBefore);
    const { scope, lastEventTime, forMs } = terms;
    const verdict = this.#suppression.judge({ rule, scope, alert: id, lastEventTime, forMs });
    if (verdict.kind === "sent") return { kind: "alert", alert: { ...alert, suppressed: verdict.suppressed }, deliver };
    this.#job.countSuppressed(branch);
    return { kind: "alert", alert: { ...alert, suppressedBy: verdict.by }, deliver: [] };
  }
}
