/** The service: what the API asks for, over the engine behind its log (`log-processor.ts`). */

import { UserError } from "../../core/errors.ts";
import type { Json } from "../../core/event.ts";
import { limits } from "../../core/limits.ts";
import { formatTime } from "../../core/time.ts";
import { describeNfa } from "../../nfa/graph/graph.ts";
import { automatonOf, costOfRule } from "../rules/automaton.ts";
import { admitAll } from "../log/admission.ts";
import { isRefused, type CheckedRules } from "../rules/check-rules.ts";
import { compileRule } from "../rules/compiled-rule.ts";
import type { Engine } from "../engine.ts";
import { IdleClock, type SilentStream } from "../log/idle-clock.ts";
import type { TakenLines } from "../log/idempotency.ts";
import type { InputStream } from "../input-stream.ts";
import { keysOf, keyView } from "../rules/key-view.ts";
import { planListChange } from "./list-plan.ts";
import { listContents, listStatuses } from "./list-status.ts";
import { withListWarnings } from "./lists-read.ts";
import { LogProcessor } from "../log/log-processor.ts";
import type { LogProcessorOptions } from "../log/log-processor-options.ts";
import type { EventRecord, ListChange } from "../log/log-record.ts";
import type { Clock, StoredAlert } from "../ports.ts";
import { RuleError } from "../rules/rule-error.ts";
import { savepointsOf, type Savepoints } from "../checkpoint/savepoints.ts";
import { stateChange, undrainable } from "../rules/rule-change.ts";
import type { ActiveRule, RulesPlan } from "../rules/rule-registry.ts";
import type { RuleVersion } from "../rules/rule-version.ts";
import { ruleStatus } from "../rules/rule-status.ts";
import { serviceStatus } from "./service-status.ts";
import type {
  IngestResult,
  IngestRun,
  KeyView,
  ListChanged,
  ListContents,
  ListStatus,
  PutOptions,
  RuleCheck,
  RuleGraph,
  RuleHeld,
  RulesPut,
  RuleStatus,
  Service,
  ServiceStatus,
  StreamStatus,
} from "./service-types.ts";
import { streamStatus } from "./stream-status.ts";
import { heldBackBy, partitionStatuses } from "./time-status.ts";
import { unknownRule, unknownStream, unknownVersion } from "./unknown.ts";

export type ServiceOptions = LogProcessorOptions;

export class EngineService implements Service {
  readonly #clock: Clock;
  readonly savepoints: Savepoints | null;
  readonly #processor: LogProcessor;
  #idleClock: IdleClock | null = null;
  /** Rule and list changes one after the other: each is checked against what the one before left. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor(options: ServiceOptions) {
    this.#clock = options.clock;
    this.#processor = new LogProcessor(options);
    this.savepoints = savepointsOf(this.#processor, options.recovery);
  }

  get #engine(): Engine {
    return this.#processor.engine;
  }

  /** Reads the whole log into the engine; everything else waits for it. */
  async open(): Promise<void> {
    await this.#processor.open();
    this.#idleClock ??= new IdleClock(this.#clock.now());
  }

  /** To be called every second: logs how the time of silent streams goes on. */
  async tick(): Promise<void> {
    if (this.#idleClock === null) return;
    const now = this.#clock.now();
    for (const stream of this.#engine.silence()) {
      if (this.#hasSpoken(stream)) continue;
      const tick = this.#idleClock.tick(stream, now);
      if (tick !== null) await this.#processor.append(tick);
    }
  }

  /** Takes no more; resolves when everything taken is durable, applied and written. */
  async close(): Promise<void> {
    await this.#changing.catch(() => undefined);
    await this.#processor.close();
  }

  async ingest(
    stream: string,
    documents: readonly Json[],
    taken?: (result: IngestResult) => TakenLines,
  ): Promise<IngestResult> {
    const [result] = await this.ingestRuns([{ stream, documents }], taken && (([only]) => taken(only!)));
    return result!;
  }

  async ingestRuns(
    runs: readonly IngestRun[],
    taken?: (results: readonly IngestResult[]) => TakenLines,
  ): Promise<readonly IngestResult[]> {
    const writer = await this.#processor.withRoom();
    const definitions = runs.map(({ stream }) => this.#stream(stream).definition); // before the door remembers anything
    const at = this.#clock.now();
    const records: EventRecord[] = [];
    const texts: (string | undefined)[] = [];
    const results = runs.map((run, i): IngestResult => {
      const arrival = { definition: definitions[i]!, at, offset: writer.next + records.length };
      const { duplicates, rejected, ...admitted } = admitAll(this.#processor.door, run, arrival);
      for (const event of admitted.events) records.push(event);
      for (const text of admitted.texts) texts.push(text);
      const { length } = admitted.events;
      return { accepted: length, duplicates, rejected, lastOffset: admitted.events.at(-1)?.offset ?? null };
    });
    await writer.append(records, { texts, taken: taken === undefined ? [] : [taken(results)] });
    return results;
  }

  isBehind(): boolean {
    return this.#processor.isBehind;
  }

  async advanceWatermark(stream: string, time: number | "end"): Promise<{ readonly offset: number }> {
    await this.#processor.open();
    this.#stream(stream);
    return { offset: await this.#processor.append({ kind: "watermark", stream, time }) };
  }

  putRules(source: string, options: PutOptions = {}): Promise<RulesPut> {
    return this.#change(() => this.#put(source, options));
  }

  checkRules(source: string): RuleCheck {
    const { diagnostics, rules, streams } = this.#check(source);
    const ok = !isRefused(diagnostics);
    return {
      ok,
      diagnostics,
      rules: rules.map(({ name }) => name),
      streams: streams.map(({ name }) => name),
      costs: ok ? Object.fromEntries(rules.map((rule) => [rule.name, costOfRule(compileRule(rule, null))])) : {},
    };
  }

  /** Was this very text loaded from this file before? Then later changes over the API stand. */
  wasLoaded(source: string, origin: string): boolean {
    return this.#engine.rules.loadedFrom(origin) === source;
  }

  removeRule(name: string): Promise<{ readonly offset: number }> {
    return this.#change(async () => {
      this.#active(name);
      return { offset: await this.#processor.append({ kind: "ruleRemoved", name }) };
    });
  }

  pauseRule(name: string): Promise<RuleHeld> {
    return this.#hold(name, "paused");
  }

  resumeRule(name: string): Promise<RuleHeld> {
    return this.#hold(name, "active");
  }

  ruleVersions(name: string): readonly RuleVersion[] | null {
    const versions = this.#engine.rules.versions(name);
    return versions.length === 0 ? null : versions;
  }

  rollbackRule(name: string, version: number): Promise<RulesPut> {
    return this.#change(() => {
      const versions = this.ruleVersions(name);
      if (versions === null) throw this.#unknownRule(name);
      const found = versions.find((each) => each.version === version);
      if (found === undefined) throw unknownVersion(name, { version, last: versions.at(-1)!.version });
      return this.#put(found.source, {});
    });
  }

  rules(): readonly RuleStatus[] {
    return [...this.#engine.rules.all()].map((rule) => ruleStatus(rule, this.#engine.figuresOf(rule.branch)));
  }

  rule(name: string): RuleStatus | null {
    const rule = this.#engine.rules.get(name);
    return rule === undefined ? null : ruleStatus(rule, this.#engine.figuresOf(rule.branch));
  }

  ruleGraph(name: string): RuleGraph | null {
    const rule = this.#engine.rules.get(name);
    if (rule === undefined) return null;
    const { version, rule: compiled } = rule.runtime;
    return { rule: name, version, title: compiled.definition.title, ...describeNfa(automatonOf(compiled)) };
  }

  async keyState(name: string, key: string): Promise<KeyView | null> {
    const rule = this.#engine.rules.get(name);
    if (rule === undefined) return null;
    const { job } = this.#engine;
    const { branch } = rule;
    const found = await Promise.all(
      keysOf(key).map(async (each) => ({ key: each, snapshot: await this.#processor.keySnapshot(branch, each) })),
    );
    const { key: meant, snapshot } = found.find((each) => each.snapshot !== null) ?? { key, snapshot: null };
    const { rule: compiled, version } = rule.runtime;
    const watermark = formatTime(job.branch(branch).input.watermark);
    const view = keyView(compiled, { snapshot, lists: this.#engine.lists });
    return { rule: name, version, key: meant, watermark, ...view };
  }

  changeList(name: string, change: ListChange): Promise<ListChanged> {
    return this.#change(async () => {
      const plan = planListChange(this.#engine.lists, { name, change });
      const activeFrom =
        plan.change === "unchanged"
          ? (await this.#processor.open()).next
          : await this.#processor.append({ kind: "list", name, change });
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
    return this.#streamStatuses([...this.#engine.streams()]);
  }

  hasStream(name: string): boolean {
    return this.#engine.stream(name) !== undefined;
  }

  stream(name: string): StreamStatus | null {
    const stream = this.#engine.stream(name);
    return stream === undefined ? null : this.#streamStatuses([stream])[0]!;
  }

  status(): ServiceStatus {
    return serviceStatus(this.#processor, { rules: this.rules(), now: this.#clock.now() });
  }

  troubles(): readonly string[] {
    return this.#processor.troubles();
  }

  onAlerts(listener: (alerts: readonly StoredAlert[]) => void): () => void {
    return this.#processor.onAlerts(listener);
  }

  async #put(source: string, { origin, onChange = "drop" }: PutOptions): Promise<RulesPut> {
    const checked = this.#check(source);
    if (isRefused(checked.diagnostics)) throw new RuleError(checked.diagnostics);
    const plan = this.#engine.plan(checked);
    this.#requireRoomFor(plan);
    const before = new Map(
      plan.rules.map(({ definition: { name } }) => [name, this.#engine.rules.get(name)?.runtime.rule.definition]),
    );
    const stuck = onChange === "drain" ? undrainable(plan, (name) => before.get(name)) : [];
    if (stuck.length > 0) throw new RuleError(stuck);
    const news = plan.changed || (origin !== undefined && this.#engine.rules.loadedFrom(origin) !== source);
    if (news) {
      await this.#processor.append({
        kind: "rules",
        source,
        ...(origin !== undefined && { origin }),
        ...(onChange !== "drop" && { onChange }),
      });
    }
    return {
      changed: plan.changed,
      rules: plan.rules.map(({ definition, version, change }) => {
        const { name } = definition;
        const { activeFrom, runtime } = this.#active(name);
        const state = stateChange(before.get(name), { definition, onChange });
        const status = runtime.isPaused ? "paused" : "active";
        return { name, version, status, change, state, activeFrom, cost: costOfRule(runtime.rule) };
      }),
      streams: plan.streams,
      warnings: checked.diagnostics,
    };
  }

  #hold(name: string, status: RuleStatus["status"]): Promise<RuleHeld> {
    return this.#change(async () => {
      const { runtime } = this.#active(name);
      const changed = runtime.isPaused !== (status === "paused");
      const kind = status === "paused" ? "rulePaused" : "ruleResumed";
      const offset = changed ? await this.#processor.append({ kind, name }) : (await this.#processor.open()).next;
      return { name, version: runtime.version, status, changed, offset };
    });
  }

  /** UserError `unknown-rule`. */
  #active(name: string): ActiveRule {
    const rule = this.#engine.rules.get(name);
    if (rule === undefined) throw this.#unknownRule(name);
    return rule;
  }

  #unknownRule(name: string): UserError {
    return unknownRule(
      name,
      [...this.#engine.rules.all()].map((rule) => rule.name),
    );
  }

  /** What only a service can know is warned of too. */
  #check(source: string): CheckedRules {
    const lists = [...this.#engine.lists.all()].map(([name]) => name);
    return withListWarnings(this.#engine.check(source), lists);
  }

  /** Something of it is on its way to the engine. */
  #hasSpoken({ name, partitions }: SilentStream): boolean {
    const admitted = this.#processor.door.lastArrival(name) ?? -Infinity;
    return partitions.every(({ lastArrival }) => lastArrival < admitted);
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
      () => this.#processor.open(),
      () => this.#processor.open(),
    );
    const result = turn.then(change);
    this.#changing = result.catch(() => undefined);
    return result;
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

  #streamStatuses(streams: readonly InputStream[]): StreamStatus[] {
    const holders = this.#processor.timeHolders.holders();
    const time = this.#engine.job.timeStatus();
    return streams.map((stream) =>
      streamStatus(stream, {
        input: this.#engine.job.ownInput(stream.name),
        lastArrival: stream.events === 0 ? null : this.#processor.door.lastArrival(stream.name),
        now: this.#clock.now(),
        partitions: partitionStatuses(stream, time),
        heldBackBy: heldBackBy(stream.name, holders),
      }),
    );
  }
}
