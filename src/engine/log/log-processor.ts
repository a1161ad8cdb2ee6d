/**
 * From the log through the engine to the stores: what is appended is, once durable, applied in the order of the log, and what
 * comes of it is written. It begins by reading the log again, and is then where it was. Mutable.
 */

import { assert } from "../../core/assert.ts";
import { UserError } from "../../core/errors.ts";
import type { Json } from "../../core/event.ts";
import type { KeySnapshot } from "../../stream/task/snapshot.ts";
import { limits } from "../../core/limits.ts";
import { AlertFlusher } from "./alert-flusher.ts";
import { AlertSink } from "./alert-sink.ts";
import { Backlog } from "./backlog.ts";
import { Barrier, type CapturedState } from "../checkpoint/barrier.ts";
import {
  CheckpointCoordinator,
  type CheckpointSource,
  type CompletedCheckpoint,
} from "../checkpoint/checkpoint-coordinator.ts";
import type { CheckpointKind } from "../checkpoint/checkpoint-port.ts";
import { ChunkApplier } from "./chunk-applier.ts";
import { ChunkQueue } from "./chunk-queue.ts";
import type { Door } from "./door.ts";
import type { Engine } from "../engine.ts";
import type { LogProcessorOptions, LogProgress } from "./log-processor-options.ts";
import type { EventRecord, LogRecord, RestoredRecord, UnloggedRecord } from "./log-record.ts";
import { LogWriter } from "./log-writer.ts";
import type { PoisonPolicy } from "../checkpoint/poison.ts";
import type { StoredAlert } from "../ports.ts";
import { noWayBack, savedMachine, type Recovered } from "../checkpoint/recovery.ts";
import { RunningMachine } from "../checkpoint/running-machine.ts";
import type { TeamAnswers } from "../shards/shard-team.ts";
import { Restarts } from "../checkpoint/restarts.ts";
import { TimeHolders } from "../service/time-holders.ts";

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
  readonly #machine: RunningMachine;
  readonly #applier: ChunkApplier;
  #isReplaying = true;
  #writer: LogWriter | null = null;
  #opened: Promise<void> | null = null;
  #hasEnded = false;

  readonly #committed = new ChunkQueue((records) => this.#sent(records));
  #applying: Promise<void> | null = null;

  constructor(options: LogProcessorOptions) {
    this.#options = options;
    this.#flusher = new AlertFlusher({
      alerts: options.alerts,
      patience: options.patience,
      written: (alerts) => {
        for (const listener of this.#listeners) listener(alerts);
      },
    });
    this.sink = options.sink === undefined ? null : new AlertSink(options.sink, () => this.#goOn());
    const { recovery, clock, failed } = options;
    const source = (): CheckpointSource | null => this.#checkpointSource();
    this.#coordinator =
      recovery === undefined ? null : new CheckpointCoordinator({ ...recovery, clock, failed, source });
    this.#restarts = new Restarts(recovery, clock);
    this.#machine = new RunningMachine({ recovery, shards: options.shards ?? null, lost: () => this.#findOut() });
    this.#applier = new ChunkApplier({
      machine: this.#machine,
      restarts: this.#restarts,
      flusher: this.#flusher,
      sink: this.sink,
      timeHolders: this.timeHolders,
      clock,
      turn: async () => await recovery?.scheduler.turn(),
    });
  }

  /** What the log has made so far; another one after a restart. */
  get engine(): Engine {
    return this.#machine.current.engine;
  }

  get door(): Door {
    return this.#machine.current.door;
  }

  /** Null where none are taken. */
  get checkpoints(): CheckpointCoordinator | null {
    return this.#coordinator;
  }

  /** The engine is not where the log is: it begins again, or becomes what a savepoint says. */
  get isReplaying(): boolean {
    return this.#isReplaying || this.#machine.isChanging;
  }

  /** How often the engine has been made anew since the process began. */
  get restarts(): number {
    return this.#restarts.count;
  }

  /** The writer of the log, once the whole log has been read into the engine. UserError `not-ready` after the last savepoint. */
  async open(): Promise<LogWriter> {
    this.#opened ??= this.#replay();
    await this.#opened;
    if (this.#hasEnded) throw ended();
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
    this.sink?.waitNoMore();
    await this.drained();
    await this.#coordinator?.stop();
    if (this.#options.recovery?.settings.onShutdown === true) await this.#coordinator?.takeIfNews();
    await this.sink?.close();
    await this.#machine.close();
  }

  /** So far behind the log that new events have to wait. */
  get isBehind(): boolean {
    return this.#writer !== null && this.#writer.next - this.#applier.applied > limits.engineLagRecordsMax;
  }

  /** The writer, as soon as the engine is not too far behind the log. */
  async withRoom(): Promise<LogWriter> {
    const writer = await this.open();
    while (this.isBehind) await this.#applier.reached(writer.next - limits.engineLagRecordsMax / 2);
    return writer;
  }

  /** Logs one record, and waits until the engine has applied it; gives its offset. */
  async append(record: UnloggedRecord): Promise<number> {
    const writer = await this.open();
    const offset = writer.next;
    await writer.append([{ ...record, offset }]);
    await this.#applier.reached(offset + 1);
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
    return await this.#alone(writer, async () => {
      const offset = writer.next;
      await writer.append([{ kind: "restored", ...savepoint, offset }]);
      await this.#applier.reached(offset + 1);
      return offset;
    });
  }

  /** A savepoint of all that was taken, after which nothing is: whoever comes then is told that it ends. Where it fails, all goes on. */
  async takeLast(name: string): Promise<CompletedCheckpoint> {
    assert(this.#coordinator !== null, "there are savepoints");
    const coordinator = this.#coordinator;
    return await this.#alone(await this.open(), async () => {
      const taken = await coordinator.take({ kind: "savepoint", name });
      this.#hasEnded = true;
      return taken;
    });
  }

  /** Does it when all that was taken is through the engine; nothing is taken until it is over. */
  async #alone<T>(writer: LogWriter, work: () => Promise<T>): Promise<T> {
    const working = async (): Promise<T> => {
      do {
        await this.#options.recovery?.scheduler.turn(); // whoever has the writer already appends now
        await this.drained();
      } while (writer.next > this.#applier.applied);
      return await work();
    };
    const worked = working();
    this.#opened = worked.then(
      () => undefined,
      () => undefined,
    );
    return await worked;
  }

  /** What a rule's branch has of a key, between two records. */
  async keySnapshot(branch: string, key: Json): Promise<KeySnapshot | null> {
    const { engine, shards } = this.#machine.current;
    return shards === null ? engine.job.keySnapshot(branch, key) : await shards.keySnapshot(branch, key);
  }

  /** The savepoints that the next start has to come by, but for those that there is a checkpoint from after. */
  get restored(): readonly RestoredRecord[] {
    return this.#machine.restored;
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
    await this.#applier.reached(again.offset + 1);
    return again.offset;
  }

  progress(): LogProgress {
    const written = this.#flusher.writtenThrough;
    return {
      end: this.#writer === null ? this.#applier.applied : this.#writer.next - this.#writer.pending,
      applied: this.#applier.applied,
      written,
      isReplaying: this.isReplaying,
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
    this.#committed.clear(); // all of it is in the log
    const writtenThrough = await alerts.writtenThrough();
    const { offset, from } = await this.#recovered();
    this.#applier.begin(offset);
    await this.#flusher.add([], offset);
    try {
      const how = { known: true, writtenThrough };
      for await (const chunk of log.read(offset)) {
        this.#committed.add(chunk);
        if (this.#committed.isFull) await this.#applier.settle(this.#committed.next()!, how);
      }
      for (let sent = this.#committed.next(); sent !== undefined; sent = this.#committed.next())
        await this.#applier.settle(sent, how);
    } catch (error) {
      throw error instanceof UserError && error.code === "log-truncated" ? noWayBack(error, from) : error;
    }
    await this.#flusher.drained();
    this.#writer ??= this.#newWriter(await log.end());
    assert(this.#writer.next === this.#applier.applied, "the whole log has been read");
    this.#coordinator?.start(from?.offset ?? null);
  }

  async #recovered(): Promise<Recovered> {
    await this.#coordinator?.idle(); // what it still saves would remove what is read here, and name what is aborted
    const recovered = await this.#machine.begin(await this.#options.log.end());
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
    if (this.isReplaying) return null;
    return {
      applied: this.#applier.applied,
      captured: (kind) => this.#captured(kind),
      written: (offset) => this.#flusher.reached(offset),
    };
  }

  /** Where shards work ahead, the engine comes to the barrier when it has settled what they had been sent. */
  #captured(kind: CheckpointKind): Promise<CapturedState | null> {
    const barrier = new Barrier({
      clock: this.#options.clock,
      writer: () => this.#machine.writer,
      applied: () => this.#applier.applied,
      // A savepoint is no place to go on from by itself, and leaves the sink to the next checkpoint.
      cut: () => (kind === "checkpoint" ? (this.sink?.cut() ?? null) : null),
    });
    if (this.#machine.current.shards === null) {
      void barrier.announce();
      barrier.pass([]);
    } else {
      this.#committed.addBarrier(barrier);
      this.#goOn();
    }
    return barrier.captured;
  }

  /** A shard is gone: no records are needed to find that out. */
  #findOut(): void {
    this.#committed.add([]);
    this.#goOn();
  }

  #goOn(): void {
    if (!this.#isReplaying) this.#applying ??= this.#applyCommitted();
  }

  async #applyCommitted(): Promise<void> {
    try {
      await this.#options.recovery?.scheduler.turn(); // the log's next chunk is on its way first
      this.sink?.requireWhole();
      for (let sent = this.#committed.next(); sent !== undefined; sent = this.#committed.next()) {
        await this.#applier.settle(sent, { known: false, writtenThrough: 0 });
        this.sink?.requireWhole();
      }
      this.#applying = null;
    } catch (error) {
      this.#isReplaying = true;
      this.#committed.clear();
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
    await this.#replay();
    this.#applying = null;
  }

  /** To the shards, if there are any. */
  #sent(records: readonly LogRecord[]): Promise<TeamAnswers> | null {
    const wanted = records.filter(({ offset }) => !this.#restarts.isSetAside(offset));
    return this.#machine.current.shards?.advance(wanted) ?? null;
  }
}

function ended(): UserError {
  return new UserError({ code: "not-ready", message: "the service is stopping: its last savepoint has been taken" });
}
