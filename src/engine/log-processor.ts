/**
 * From the log through the engine to the stores: what is appended is, once durable, applied in the order of the log, and what
 * comes of it is written. It begins by reading the log again, and is then where it was. Mutable.
 */

import { assert } from "../core/assert.ts";
import { UserError } from "../core/errors.ts";
import type { Json } from "../core/event.ts";
import type { KeySnapshot } from "../stream/snapshot.ts";
import { limits } from "../core/limits.ts";
import { AlertFlusher } from "./alert-flusher.ts";
import { AlertSink } from "./alert-sink.ts";
import { Backlog } from "./backlog.ts";
import { CheckpointCoordinator, type CheckpointSource } from "./checkpoint-coordinator.ts";
import { CheckpointFault } from "./checkpoint-port.ts";
import { ChunkQueue, SLICE, type ApplyOptions, type SentChunk } from "./chunk-queue.ts";
import { CheckpointWriter } from "./checkpoint-writer.ts";
import type { Machine } from "./machine.ts";
import type { Door } from "./door.ts";
import type { Engine } from "./engine.ts";
import type { LogProcessorOptions, LogProgress } from "./log-processor-options.ts";
import type { EventRecord, LogRecord, RestoredRecord, UnloggedRecord } from "./log-record.ts";
import { LogWriter } from "./log-writer.ts";
import type { Output } from "./output.ts";
import { Milestones } from "./milestones.ts";
import { type PoisonPolicy, RecordFailure } from "./poison.ts";
import type { StoredAlert } from "./ports.ts";
import { cannotPass, newMachine, noWayBack, recover, savedMachine, type Recovered } from "./recovery.ts";
import type { ShardOptions, TeamAnswers } from "./shard-team.ts";
import { Restarts } from "./restarts.ts";
import { TimeHolders } from "./time-holders.ts";

export class LogProcessor {
  readonly timeHolders = new TimeHolders(() => this.engine.job.timeStatus());
  readonly #options: LogProcessorOptions;
  readonly #flusher: AlertFlusher;
  /** Null where alerts go nowhere else. */
  readonly sink: AlertSink | null;
  readonly #backlog = new Backlog();
  readonly #listeners = new Set<(alerts: readonly StoredAlert[]) => void>();
  readonly #coordinator: CheckpointCoordinator | null;
  readonly #restarts: Restarts;
  #machine: Machine = newMachine();
  #checkpointWriter: CheckpointWriter | null = null;
  #sinceTurn = 0;
  #isReplaying = true;
  #writer: LogWriter | null = null;
  #opened: Promise<void> | null = null;

  readonly #committed = new ChunkQueue((records) => this.#sent(records));
  #applying: Promise<void> | null = null;
  #applied = 0;
  readonly #milestones = new Milestones();

  constructor(options: LogProcessorOptions) {
    this.#options = options;
    this.#flusher = new AlertFlusher({
      alerts: options.alerts,
      patience: options.patience,
      written: (alerts) => {
        for (const listener of this.#listeners) listener(alerts);
      },
    });
    this.sink = options.sink === undefined ? null : new AlertSink(options.sink, () => this.#sinkReturned());
    const { recovery, clock, failed } = options;
    const source = (): CheckpointSource | null => this.#checkpointSource();
    this.#coordinator =
      recovery === undefined ? null : new CheckpointCoordinator({ ...recovery, clock, failed, source });
    this.#restarts = new Restarts(recovery, clock);
  }

  /** What the log has made so far; another one after a restart. */
  get engine(): Engine {
    return this.#machine.engine;
  }

  get door(): Door {
    return this.#machine.door;
  }

  /** Null where none are taken. */
  get checkpoints(): CheckpointCoordinator | null {
    return this.#coordinator;
  }

  /** How often the engine has been made anew since the process began. */
  get restarts(): number {
    return this.#restarts.count;
  }

  /** The writer of the log, once the whole log has been read into the engine. */
  async open(): Promise<LogWriter> {
    this.#opened ??= this.#replay();
    await this.#opened;
    assert(this.#writer !== null, "the log has been read");
    return this.#writer;
  }

  /** Resolves when everything appended is durable, applied and written. */
  async drained(): Promise<void> {
    await this.#writer?.drained();
    await this.#applying;
    await this.#flusher.drained();
  }

  /** What has been taken goes to its end; then, if that is set, there is a last checkpoint. */
  async close(): Promise<void> {
    await this.drained();
    await this.#coordinator?.stop();
    if (this.#options.recovery?.settings.onShutdown === true) await this.#coordinator?.takeIfNews();
    await this.sink?.close();
    await this.#machine.shards?.close();
  }

  /** So far behind the log that new events have to wait. */
  get isBehind(): boolean {
    return this.#writer !== null && this.#writer.next - this.#applied > limits.engineLagRecordsMax;
  }

  /** The writer, as soon as the engine is not too far behind the log. */
  async withRoom(): Promise<LogWriter> {
    const writer = await this.open();
    if (this.isBehind) await this.#reached(writer.next - limits.engineLagRecordsMax / 2);
    return writer;
  }

  /** Logs one record, and waits until the engine has applied it; gives its offset. */
  async append(record: UnloggedRecord): Promise<number> {
    const writer = await this.open();
    const offset = writer.next;
    await writer.append([{ ...record, offset }]);
    await this.#reached(offset + 1);
    return offset;
  }

  /**
   * From here on the engine is what it was when the savepoint was made. It is the log that says so: whatever came before is through
   * the engine by then, and nothing is taken meanwhile. Gives the record's offset. CheckpointFault when it cannot be read.
   */
  async restore(savepoint: { readonly id: number; readonly name: string }): Promise<number> {
    const { recovery } = this.#options;
    assert(recovery !== undefined, "there are savepoints");
    const writer = await this.open();
    await savedMachine(recovery.store, savepoint.id, { shards: null }); // or it would be in the log, and nobody could pass it
    let offset = -1;
    const restoring = async (): Promise<void> => {
      do {
        await recovery.scheduler.turn(); // whoever has the writer already appends now
        await this.drained();
      } while (writer.next > this.#applied);
      offset = writer.next;
      await writer.append([{ kind: "restored", ...savepoint, offset }]);
      await this.#reached(offset + 1);
    };
    this.#opened = restoring();
    await this.#opened;
    return offset;
  }

  /** What a rule's branch has of a key, between two records. */
  async keySnapshot(branch: string, key: Json): Promise<KeySnapshot | null> {
    const { engine, shards } = this.#machine;
    return shards === null ? engine.job.keySnapshot(branch, key) : await shards.keySnapshot(branch, key);
  }

  /** Null where none is set aside. */
  get poison(): PoisonPolicy | null {
    return this.#restarts.poison;
  }

  /** Logs an event once more, as it was, whatever the door knows of it; gives its offset. */
  async appendAgain(event: EventRecord): Promise<number> {
    const writer = await this.open();
    const again = { ...event, offset: writer.next };
    this.door.expect(again);
    await writer.append([again]);
    await this.#reached(again.offset + 1);
    return again.offset;
  }

  progress(): LogProgress {
    const written = this.#flusher.writtenThrough;
    return {
      end: this.#writer === null ? this.#applied : this.#writer.next - this.#writer.pending,
      applied: this.#applied,
      written,
      isReplaying: this.#isReplaying,
      waitingSince: this.#backlog.since(written),
    };
  }

  troubles(): readonly string[] {
    return [
      ...(this.#writer?.isRefused === true ? ["events cannot be written to the log; they are tried again"] : []),
      ...(this.#flusher.isRefused ? ["alerts cannot be written; they are tried again"] : []),
      ...(this.#isReplaying && this.#writer !== null ? ["the engine begins again at the last checkpoint"] : []),
      ...(this.sink?.troubles() ?? []),
    ];
  }

  onAlerts(listener: (alerts: readonly StoredAlert[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Until the whole log has been through the engine, as often as that may be tried. */
  async #replay(): Promise<void> {
    this.#isReplaying = true;
    for (;;) {
      try {
        await this.#replayOnce();
        this.sink?.requireWhole();
        break;
      } catch (error) {
        await this.#restarts.afterFailure(error);
      }
    }
    this.#isReplaying = false;
  }

  async #replayOnce(): Promise<void> {
    const { log, alerts } = this.#options;
    await this.#restarts.open();
    const writtenThrough = await alerts.writtenThrough();
    const { machine, offset, from } = await this.#recovered();
    this.#machine = machine;
    this.#applied = offset;
    this.#checkpointWriter = new CheckpointWriter(machine, from?.parts);
    await this.#flusher.add([], offset);
    try {
      const how = { known: true, writtenThrough };
      for await (const chunk of log.read(offset)) {
        this.#committed.add(chunk);
        if (this.#committed.isFull) await this.#apply(this.#committed.next()!, how);
      }
      for (let sent = this.#committed.next(); sent !== undefined; sent = this.#committed.next())
        await this.#apply(sent, how);
    } catch (error) {
      throw from === null && error instanceof UserError && error.code === "log-truncated" ? noWayBack(error) : error;
    }
    await this.#flusher.drained();
    this.#writer ??= this.#newWriter(await log.end());
    assert(this.#writer.next === this.#applied, "the whole log has been read");
    this.#coordinator?.start(from?.offset ?? null);
  }

  async #recovered(): Promise<Recovered> {
    const { recovery, log } = this.#options;
    await this.#machine.shards?.close();
    if (this.sink !== null) await this.#coordinator?.idle(); // what it still saves would name what is aborted here
    const recovered = await recover({ ...recovery, shards: this.shards, end: await log.end() });
    await this.sink?.recover(recovered.sink);
    return recovered;
  }

  #newWriter(next: number): LogWriter {
    const { log, patience, clock } = this.#options;
    return new LogWriter({
      log,
      patience,
      next,
      committed: (chunk) => {
        this.#backlog.add(chunk.at(-1)!.offset + 1, { at: clock.now(), written: this.#flusher.writtenThrough });
        this.#committed.add(chunk);
        this.#applying ??= this.#applyCommitted();
      },
    });
  }

  #checkpointSource(): CheckpointSource | null {
    if (this.#isReplaying || this.#machine.shards !== null) return null;
    return {
      applied: this.#applied,
      writer: this.#checkpointWriter!,
      rules: [...this.engine.rules.all()].map(({ name, runtime: { version } }) => ({ name, version })),
      written: (offset) => this.#flusher.reached(offset),
      sink: this.sink,
    };
  }

  #sinkReturned(): void {
    if (!this.#isReplaying) this.#applying ??= this.#applyCommitted();
  }

  async #applyCommitted(): Promise<void> {
    try {
      this.sink?.requireWhole();
      for (let sent = this.#committed.next(); sent !== undefined; sent = this.#committed.next()) {
        await this.#apply(sent, { known: false, writtenThrough: 0 });
        this.sink?.requireWhole();
      }
      this.#applying = null;
    } catch (error) {
      this.#isReplaying = true;
      this.#opened = this.#restart(error); // nobody gets the log's writer until it is over
      // #applying stays set if it fails: nothing after the record is applied
      await this.#opened.catch((reason: unknown) => this.#options.failed(reason));
    }
  }

  /** Begins again at the last checkpoint, in the same process. */
  async #restart(error: unknown): Promise<void> {
    await this.#restarts.afterFailure(error);
    await this.#writer?.drained();
    await this.#flusher.drained();
    this.#committed.clear(); // all of it is in the log
    await this.#replay();
    this.#applying = null;
  }

  /** Null where the engine does all keyed work itself. */
  get shards(): ShardOptions | null {
    return this.#options.shards ?? null;
  }

  /** To the shards, if there are any. */
  #sent(records: readonly LogRecord[]): Promise<TeamAnswers> | null {
    return this.#machine.shards?.advance(records.filter(({ offset }) => !this.#restarts.isSetAside(offset))) ?? null;
  }

  /** Takes a durable chunk through the engine, in slices, so that everybody else has a turn in between. */
  async #apply({ records, answers }: SentChunk, how: ApplyOptions): Promise<void> {
    const team = await answers;
    if (team !== null) this.engine.elsewhere.heard(team.figures);
    for (let from = 0; from < records.length; from += SLICE) {
      const slice = records.slice(from, from + SLICE);
      await this.#applySlice(slice, { ...how, answers: team?.answers ?? null });
      this.#sinceTurn += slice.length;
      if (this.#sinceTurn < SLICE) continue;
      this.#sinceTurn = 0;
      await this.#options.recovery?.scheduler.turn();
    }
  }

  async #applySlice(
    slice: readonly LogRecord[],
    { known, writtenThrough, answers }: ApplyOptions & { readonly answers: TeamAnswers["answers"] | null },
  ): Promise<void> {
    const outputs: Output[] = [];
    for (const record of slice) {
      if (known && record.kind === "event") {
        const stream = this.engine.stream(record.stream);
        assert(stream !== undefined, "only events of known streams are logged");
        this.door.replay(stream.definition, record);
      } else if (record.kind === "event") this.door.applied(record);
      if (this.#restarts.isSetAside(record.offset)) continue;
      if (record.kind === "restored") {
        await this.#becomeSaved(record);
        continue;
      }
      const made = this.#applyRecord(record, answers);
      if (record.offset >= writtenThrough) for (const output of made) outputs.push(output);
      this.sink?.take(record.offset, made);
    }
    this.#applied = slice.at(-1)!.offset + 1;
    const newest = slice.findLast((record) => record.kind === "event");
    if (newest !== undefined) this.timeHolders.passed(newest.at);
    await this.#flusher.add(outputs, this.#applied);
    await this.sink?.room();
    this.#milestones.reached(this.#applied);
  }

  async #becomeSaved({ id, name, offset }: RestoredRecord): Promise<void> {
    const { recovery } = this.#options;
    const before = this.#machine;
    const isReplaying = this.#isReplaying;
    this.#isReplaying = true; // it is neither the one nor the other for a while
    try {
      this.#machine = await savedMachine(recovery!.store, id, { shards: this.shards, before: before.engine });
      await before.shards?.close();
    } catch (error) {
      throw error instanceof CheckpointFault ? cannotPass({ name, offset }, error) : error;
    }
    this.#checkpointWriter = new CheckpointWriter(this.#machine);
    this.#isReplaying = isReplaying;
    recovery!.notices.info({ savepoint: name, offset }, "a savepoint has been restored");
  }

  #applyRecord(record: LogRecord, answers: TeamAnswers["answers"] | null): Output[] {
    try {
      if (answers === null) return this.engine.apply(record);
      return this.engine.settle(record, [...(answers.get(record.offset) ?? []), this.engine.advance(record)]);
    } catch (error) {
      throw new RecordFailure(record, error);
    }
  }

  /** Resolves when every record below the offset has been applied. */
  #reached(offset: number): Promise<void> {
    return this.#applied >= offset ? Promise.resolve() : this.#milestones.at(offset);
  }
}
