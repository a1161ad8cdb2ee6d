/**
 * The service: the engine behind its log. What comes in is admitted, logged, and, once durable, applied in the order of the
 * log; what comes out is written. After a restart it reads the log again and is where it was.
 */

import { assert } from "../core/assert.ts";
import { UserError } from "../core/errors.ts";
import type { Json } from "../core/event.ts";
import { limits } from "../core/limits.ts";
import { formatTime } from "../core/time.ts";
import type { StreamDefinition } from "../lang/definition.ts";
import { costOf } from "../nfa/cost.ts";
import { describeNfa } from "../nfa/graph/graph.ts";
import { AlertFlusher } from "./alert-flusher.ts";
import { isRefused, type CheckedRules } from "./check-rules.ts";
import { compileMatching } from "./compiled-rule.ts";
import { Door } from "./door.ts";
import { Engine } from "./engine.ts";
import type { InputStream } from "./input-stream.ts";
import { planListChange } from "./list-plan.ts";
import { listContents, listStatuses } from "./list-status.ts";
import { withListWarnings } from "./lists-read.ts";
import type { EventRecord, ListChange, LogRecord, UnloggedRecord } from "./log-record.ts";
import { LogWriter } from "./log-writer.ts";
import type { Output } from "./output.ts";
import type { AlertWriter, Clock, EventLog, Patience, StoredAlert } from "./ports.ts";
import { RuleError } from "./rule-error.ts";
import type { RulesPlan } from "./rule-registry.ts";
import { ruleStatus } from "./rule-status.ts";
import type {
  IngestResult,
  ListChanged,
  ListContents,
  ListStatus,
  Rejection,
  RuleCheck,
  RuleGraph,
  RulesPut,
  RuleStatus,
  Service,
  ServiceStatus,
  StreamStatus,
} from "./service-types.ts";
import { noAutomaton, unknownRule, unknownStream } from "./unknown.ts";

export interface ServiceOptions {
  readonly log: EventLog;
  readonly alerts: AlertWriter;
  readonly clock: Clock;
  readonly patience: Patience;
  /** A record that the engine could not take: a bug of ours. The service stops there; nothing after it is applied. */
  readonly failed: (error: unknown) => void;
}

export class EngineService implements Service {
  readonly #options: ServiceOptions;
  readonly #engine = new Engine();
  readonly #door = new Door();
  readonly #listeners = new Set<(alerts: readonly StoredAlert[]) => void>();
  readonly #flusher: AlertFlusher;
  #writer: LogWriter | null = null;
  #opened: Promise<void> | null = null;
  /** Rule changes one after the other: each is checked against what the one before left. */
  #changing: Promise<unknown> = Promise.resolve();

  readonly #committed: (readonly LogRecord[])[] = [];
  #applying: Promise<void> | null = null;
  #processed = 0;
  #waiters: { readonly offset: number; readonly resolve: () => void }[] = [];

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.#flusher = new AlertFlusher({
      alerts: options.alerts,
      patience: options.patience,
      written: (alerts) => {
        for (const listener of this.#listeners) listener(alerts);
      },
    });
  }

  /** Reads the whole log into the engine; everything else waits for it. */
  open(): Promise<void> {
    this.#opened ??= this.#replay();
    return this.#opened;
  }

  /** Takes no more; resolves when everything taken is durable, applied and written. */
  async close(): Promise<void> {
    await this.#changing.catch(() => undefined);
    await this.#writer?.drained();
    await this.#applying;
    await this.#flusher.drained();
  }

  async ingest(stream: string, documents: readonly Json[]): Promise<IngestResult> {
    const writer = await this.#ready();
    await this.#room();
    const { definition } = this.#stream(stream);
    const { events, duplicates, rejected } = this.#admit(definition, documents, writer.next);
    await writer.append(events);
    return { accepted: events.length, duplicates, rejected, lastOffset: events.at(-1)?.offset ?? null };
  }

  async advanceWatermark(stream: string, time: number | "end"): Promise<{ readonly offset: number }> {
    await this.#ready();
    this.#stream(stream);
    return { offset: await this.#logged({ kind: "watermark", stream, time }) };
  }

  putRules(source: string, origin?: string): Promise<RulesPut> {
    return this.#change(async () => {
      const checked = this.#check(source);
      if (isRefused(checked.diagnostics)) throw new RuleError(checked.diagnostics);
      const plan = this.#engine.plan(checked);
      this.#requireRoomFor(plan);
      const news = plan.changed || (origin !== undefined && this.#engine.rules.loadedFrom(origin) !== source);
      if (news) await this.#logged({ kind: "rules", source, ...(origin === undefined ? {} : { origin }) });
      return {
        changed: plan.changed,
        rules: plan.rules.map(({ definition: { name }, version, change }) => {
          const active = this.#engine.rules.get(name);
          assert(active !== undefined, "a rule that was put is active");
          const { activeFrom, isPaused, runtime } = active;
          const cost = runtime.rule.kind === "pattern" ? costOf(runtime.rule.nfa) : null;
          return { name, version, status: isPaused ? "paused" : "active", change, activeFrom, cost };
        }),
        streams: plan.streams,
        warnings: checked.diagnostics,
      };
    });
  }

  checkRules(source: string): RuleCheck {
    const { diagnostics, rules, streams } = this.#check(source);
    const ok = !isRefused(diagnostics);
    return {
      ok,
      diagnostics,
      rules: rules.map(({ name }) => name),
      streams: streams.map(({ name }) => name),
      costs: ok
        ? Object.fromEntries(
            rules.flatMap((rule) =>
              rule.kind === "pattern" ? [[rule.name, costOf(compileMatching(rule, null))] as const] : [],
            ),
          )
        : {},
    };
  }

  /** Was this very text loaded from this file before? Then later changes over the API stand. */
  wasLoaded(source: string, origin: string): boolean {
    return this.#engine.rules.loadedFrom(origin) === source;
  }

  removeRule(name: string): Promise<{ readonly offset: number }> {
    return this.#change(async () => {
      if (this.#engine.rules.get(name) === undefined) {
        throw unknownRule(
          name,
          [...this.#engine.rules.all()].map((rule) => rule.name),
        );
      }
      return { offset: await this.#logged({ kind: "ruleRemoved", name }) };
    });
  }

  rules(): readonly RuleStatus[] {
    return [...this.#engine.rules.all()].map((rule) => ruleStatus(rule, this.#engine.job));
  }

  rule(name: string): RuleStatus | null {
    const rule = this.#engine.rules.get(name);
    return rule === undefined ? null : ruleStatus(rule, this.#engine.job);
  }

  ruleGraph(name: string): RuleGraph | null {
    const rule = this.#engine.rules.get(name);
    if (rule === undefined) return null;
    const { version, rule: compiled } = rule.runtime;
    if (compiled.kind === "window") throw noAutomaton(name);
    return { rule: name, version, title: compiled.definition.title, ...describeNfa(compiled.nfa) };
  }

  changeList(name: string, change: ListChange): Promise<ListChanged> {
    return this.#change(async () => {
      const plan = planListChange(this.#engine.lists, { name, change });
      const activeFrom =
        plan.change === "unchanged" ? (await this.#ready()).next : await this.#logged({ kind: "list", name, change });
      return { name, ...plan, activeFrom };
    });
  }

  lists(): readonly ListStatus[] {
    return listStatuses(this.#engine.lists, this.#engine.rules.definitions());
  }

  list(name: string): ListContents | null {
    return listContents(this.#engine.lists, name, this.#engine.rules.definitions());
  }

  streams(): readonly StreamStatus[] {
    return [...this.#engine.streams()].map((stream) => this.#streamStatus(stream));
  }

  stream(name: string): StreamStatus | null {
    const stream = this.#engine.stream(name);
    return stream === undefined ? null : this.#streamStatus(stream);
  }

  status(): ServiceStatus {
    return {
      logEnd: this.#writer === null ? this.#processed : this.#writer.next - this.#writer.pending,
      processed: this.#flusher.writtenThrough,
      replaying: this.#writer === null,
    };
  }

  troubles(): readonly string[] {
    return [
      ...(this.#writer?.isRefused === true ? ["events cannot be written to the log; they are tried again"] : []),
      ...(this.#flusher.isRefused ? ["alerts cannot be written; they are tried again"] : []),
    ];
  }

  onAlerts(listener: (alerts: readonly StoredAlert[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // ---- in ----------------------------------------------------------------------------------------------------------

  #admit(
    definition: StreamDefinition,
    documents: readonly Json[],
    firstOffset: number,
  ): {
    readonly events: readonly EventRecord[];
    readonly duplicates: number;
    readonly rejected: readonly Rejection[];
  } {
    const events: EventRecord[] = [];
    const rejected: Rejection[] = [];
    let duplicates = 0;
    const at = this.#options.clock.now();
    documents.forEach((document, index) => {
      const admission = this.#door.admit(definition, document, { at, offset: firstOffset + events.length });
      if (admission.kind === "accepted") events.push(admission.record);
      else if (admission.kind === "duplicate") duplicates++;
      else {
        const { code, message, hint } = admission;
        rejected.push({ index, code, message, ...(hint === undefined ? {} : { hint }) });
      }
    });
    return { events, duplicates, rejected };
  }

  /** What only a service can know is warned of too. */
  #check(source: string): CheckedRules {
    const lists = [...this.#engine.lists.all()].map(([name]) => name);
    return withListWarnings(this.#engine.check(source), lists);
  }

  #requireRoomFor({ rules }: RulesPlan): void {
    const active = [...this.#engine.rules.all()].length;
    const created = rules.filter(({ change }) => change === "created").length;
    if (created === 0 || active + created <= limits.rulesMax) return;
    throw new UserError({
      code: "too-many-rules",
      message: `there are ${active} rules, this file adds ${created}, and ${limits.rulesMax} are the most`,
      hint: "delete rules that are not needed any more",
    });
  }

  #change<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#changing.then(
      () => this.#ready(),
      () => this.#ready(),
    );
    const result = turn.then(change);
    this.#changing = result.catch(() => undefined);
    return result;
  }

  /** Logs one record, and waits until the engine has applied it; gives its offset. */
  async #logged(record: UnloggedRecord): Promise<number> {
    const writer = await this.#ready();
    const offset = writer.next;
    await writer.append([{ ...record, offset }]);
    await this.#reached(offset + 1);
    return offset;
  }

  async #ready(): Promise<LogWriter> {
    await this.open();
    assert(this.#writer !== null, "the service is open");
    return this.#writer;
  }

  /** Waits while the engine is too far behind the log. */
  async #room(): Promise<void> {
    const { next } = await this.#ready();
    if (next - this.#processed > limits.engineLagRecordsMax) await this.#reached(next - limits.engineLagRecordsMax / 2);
  }

  #stream(name: string): InputStream {
    const stream = this.#engine.stream(name);
    if (stream === undefined)
      throw unknownStream(
        name,
        [...this.#engine.streams()].map((each) => each.name),
      );
    return stream;
  }

  // ---- through -----------------------------------------------------------------------------------------------------

  async #replay(): Promise<void> {
    const { log, alerts, patience } = this.#options;
    const writtenThrough = await alerts.writtenThrough();
    for await (const chunk of log.read(0)) await this.#apply(chunk, { known: true, writtenThrough });
    await this.#flusher.drained();
    this.#writer = new LogWriter({
      log,
      patience,
      next: await log.end(),
      committed: (chunk) => {
        this.#committed.push(chunk);
        this.#applying ??= this.#applyCommitted();
      },
    });
    assert(this.#writer.next === this.#processed, "the whole log has been read");
  }

  async #applyCommitted(): Promise<void> {
    try {
      for (let chunk = this.#committed.shift(); chunk !== undefined; chunk = this.#committed.shift()) {
        await this.#apply(chunk, { known: false, writtenThrough: 0 });
      }
      this.#applying = null;
    } catch (error) {
      this.#options.failed(error); // #applying stays set: nothing after the record is applied
    }
  }

  /**
   * Takes a durable chunk through the engine. On replay its events are `known` to the log and new to the door, and the outputs
   * of records below `writtenThrough` are in the store already.
   */
  async #apply(
    chunk: readonly LogRecord[],
    { known, writtenThrough }: { readonly known: boolean; readonly writtenThrough: number },
  ): Promise<void> {
    const outputs: Output[] = [];
    for (const record of chunk) {
      if (known && record.kind === "event") this.#door.replay(this.#stream(record.stream).definition, record);
      const made = this.#engine.apply(record);
      if (record.offset >= writtenThrough) for (const output of made) outputs.push(output);
    }
    this.#processed = chunk.at(-1)!.offset + 1;
    await this.#flusher.add(outputs, this.#processed);
    this.#waiters = this.#waiters.filter(({ offset, resolve }) => {
      if (offset > this.#processed) return true;
      resolve();
      return false;
    });
  }

  /** Resolves when every record below the offset has been applied. */
  #reached(offset: number): Promise<void> {
    if (this.#processed >= offset) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ offset, resolve }));
  }

  // ---- seen --------------------------------------------------------------------------------------------------------

  #streamStatus(stream: InputStream): StreamStatus {
    const input = this.#engine.job.ownInput(stream.name);
    return {
      name: stream.name,
      declared: stream.definition.source !== "",
      source: stream.definition.source,
      watermark: formatTime(input.watermark),
      events: stream.events,
      late: stream.late,
      waiting: input.waitingCount,
    };
  }
}
