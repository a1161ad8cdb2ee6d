/**
 * From the log through the engine to the stores: what is appended is, once durable, applied in the order of the log, and what
 * comes of it is written. It begins by reading the log again, and is then where it was. Mutable.
 */

import { assert } from "../core/assert.ts";
import { limits } from "../core/limits.ts";
import { AlertFlusher } from "./alert-flusher.ts";
import { Backlog } from "./backlog.ts";
import { CheckpointCoordinator, type CheckpointSource } from "./checkpoint-coordinator.ts";
import { CheckpointFault, type CheckpointStore } from "./checkpoint-port.ts";
import type { CheckpointSettings } from "./checkpoint-settings.ts";
import { CheckpointWriter, type Machine } from "./checkpoint-writer.ts";
import type { Door } from "./door.ts";
import type { Engine } from "./engine.ts";
import { UserError } from "../core/errors.ts";
import type { LogRecord, RestoredRecord, UnloggedRecord } from "./log-record.ts";
import { LogWriter } from "./log-writer.ts";
import type { Output } from "./output.ts";
import { PoisonPolicy, RecordFailure, type PoisonStore } from "./poison.ts";
import type { AlertWriter, Clock, EventLog, Notices, Patience, Scheduler, StoredAlert } from "./ports.ts";
import { newMachine, recover, savedMachine, type Recovered } from "./recovery.ts";
import { Failures, type RestartStrategy } from "./restart-strategy.ts";
import { TimeHolders } from "./time-holders.ts";

export interface LogProcessorOptions {
  readonly log: EventLog;
  readonly alerts: AlertWriter;
  readonly clock: Clock;
  readonly patience: Patience;
  /** A record that the engine could not take: a bug of ours. Processing stops there; nothing after it is applied. */
  readonly failed: (error: unknown) => void;
  /** Without it, each start reads the whole log, and the first failure is the last. */
  readonly recovery?: RecoveryOptions | undefined;
}

export interface RecoveryOptions {
  readonly store: CheckpointStore;
  readonly settings: CheckpointSettings;
  readonly restarts: RestartStrategy;
  /** Where records go that the engine fails on again and again; null: it stops at them. */
  readonly poison: PoisonStore | null;
  readonly scheduler: Scheduler;
  readonly notices: Notices;
}

/** How far the log has come; each offset is that after the last record. */
export interface LogProgress {
  /** Durable. */
  readonly end: number;
  /** Through the engine. */
  readonly applied: number;
  /** What came of them is stored. */
  readonly written: number;
  readonly isReplaying: boolean;
  /** When the oldest record became durable whose outputs are not stored, epoch milliseconds; null when all are. */
  readonly waitingSince: number | null;
}

export class LogProcessor {
  readonly timeHolders = new TimeHolders(() => this.engine.job.status()?.time ?? {});
  readonly #options: LogProcessorOptions;
  readonly #flusher: AlertFlusher;
  readonly #backlog = new Backlog();
  readonly #listeners = new Set<(alerts: readonly StoredAlert[]) => void>();
  readonly #coordinator: CheckpointCoordinator | null;
  readonly #poison: PoisonPolicy | null;
  readonly #failures: Failures;
  #machine: Machine = newMachine();
  #checkpointWriter: CheckpointWriter | null = null;
  #restarts = 0;
  #isReplaying = true;
  #writer: LogWriter | null = null;
  #opened: Promise<void> | null = null;

  readonly #committed: (readonly LogRecord[])[] = [];
  #applying: Promise<void> | null = null;
  #applied = 0;
  #waiters: { readonly offset: number; readonly resolve: () => void }[] = [];

  constructor(options: LogProcessorOptions) {
    this.#options = options;
    this.#flusher = new AlertFlusher({
      alerts: options.alerts,
      patience: options.patience,
      written: (alerts) => {
        for (const listener of this.#listeners) listener(alerts);
      },
    });
    const { recovery, clock, failed } = options;
    const source = (): CheckpointSource | null => this.#checkpointSource();
    this.#coordinator =
      recovery === undefined ? null : new CheckpointCoordinator({ ...recovery, clock, failed, source });
    const poison = recovery?.poison ?? null;
    this.#poison = poison === null ? null : new PoisonPolicy(poison);
    this.#failures = new Failures(recovery?.restarts ?? { kind: "none" });
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
    return this.#restarts;
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
    await savedMachine(recovery.store, savepoint.id); // or it would be in the log, and nobody could pass it
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
      ...(this.#isReplaying && this.#writer !== null
        ? ["the engine failed, and begins again at the last checkpoint"]
        : []),
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
        break;
      } catch (error) {
        if (!(await this.#mayRestart(error))) throw error instanceof RecordFailure ? error.cause : error;
      }
    }
    this.#isReplaying = false;
  }

  async #replayOnce(): Promise<void> {
    const { log, alerts } = this.#options;
    await this.#poison?.open();
    const writtenThrough = await alerts.writtenThrough();
    const { machine, offset, from } = await this.#recovered();
    this.#machine = machine;
    this.#applied = offset;
    this.#checkpointWriter = new CheckpointWriter(machine, from?.parts);
    await this.#flusher.add([], offset);
    try {
      for await (const chunk of log.read(offset)) await this.#apply(chunk, { known: true, writtenThrough });
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
    if (recovery === undefined) return { machine: newMachine(), offset: 0, from: null };
    return await recover({ ...recovery, end: await log.end() });
  }

  #newWriter(next: number): LogWriter {
    const { log, patience, clock } = this.#options;
    return new LogWriter({
      log,
      patience,
      next,
      committed: (chunk) => {
        this.#backlog.add(chunk.at(-1)!.offset + 1, { at: clock.now(), written: this.#flusher.writtenThrough });
        this.#committed.push(chunk);
        this.#applying ??= this.#applyCommitted();
      },
    });
  }

  #checkpointSource(): CheckpointSource | null {
    if (this.#isReplaying) return null;
    return {
      applied: this.#applied,
      writer: this.#checkpointWriter!,
      rules: [...this.engine.rules.all()].map(({ name, runtime: { version } }) => ({ name, version })),
      written: (offset) => this.#flusher.reached(offset),
    };
  }

  async #applyCommitted(): Promise<void> {
    try {
      for (let chunk = this.#committed.shift(); chunk !== undefined; chunk = this.#committed.shift()) {
        await this.#apply(chunk, { known: false, writtenThrough: 0 });
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
    if (!(await this.#mayRestart(error))) throw error instanceof RecordFailure ? error.cause : error;
    await this.#writer?.drained();
    await this.#flusher.drained();
    this.#committed.length = 0; // all of it is in the log
    await this.#replay();
    this.#applying = null;
  }

  async #mayRestart(error: unknown): Promise<boolean> {
    const { recovery, clock } = this.#options;
    if (recovery === undefined || !(error instanceof RecordFailure)) return false;
    const { scheduler, notices } = recovery;
    const isSetAside = (await this.#poison?.failed(error, clock.now())) ?? false;
    const waitMs = isSetAside ? 0 : this.#failures.failed(clock.now());
    if (waitMs === null) return false;
    this.#restarts++;
    const { offset } = error.record;
    if (isSetAside)
      notices.warn({ offset, err: error }, "a record on which the engine fails again and again is set aside");
    else notices.warn({ offset, waitMs, err: error }, "the engine failed; it begins again at the last checkpoint");
    await new Promise<void>((resolve) => void scheduler.after(waitMs, resolve));
    return true;
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
      if (known && record.kind === "event") {
        const stream = this.engine.stream(record.stream);
        assert(stream !== undefined, "only events of known streams are logged");
        this.door.replay(stream.definition, record);
      } else if (record.kind === "event") this.door.applied(record);
      if (this.#poison?.isSetAside(record.offset) === true) continue;
      if (record.kind === "restored") {
        await this.#becomeSaved(record);
        continue;
      }
      const made = this.#applyRecord(record);
      if (record.offset >= writtenThrough) for (const output of made) outputs.push(output);
    }
    this.#applied = chunk.at(-1)!.offset + 1;
    const newest = chunk.findLast((record) => record.kind === "event");
    if (newest !== undefined) this.timeHolders.passed(newest.at);
    await this.#flusher.add(outputs, this.#applied);
    this.#waiters = this.#waiters.filter(({ offset, resolve }) => {
      if (offset > this.#applied) return true;
      resolve();
      return false;
    });
  }

  async #becomeSaved({ id, name, offset }: RestoredRecord): Promise<void> {
    const { recovery } = this.#options;
    const before = this.#machine;
    const isReplaying = this.#isReplaying;
    this.#isReplaying = true; // it is neither the one nor the other for a while
    try {
      this.#machine = await savedMachine(recovery!.store, id);
    } catch (error) {
      throw error instanceof CheckpointFault ? cannotPass({ name, offset }, error) : error;
    }
    this.#machine.engine.replace(before.engine);
    this.#checkpointWriter = new CheckpointWriter(this.#machine);
    this.#isReplaying = isReplaying;
    recovery!.notices.info({ savepoint: name, offset }, "a savepoint has been restored");
  }

  #applyRecord(record: LogRecord): Output[] {
    try {
      return this.engine.apply(record);
    } catch (error) {
      throw new RecordFailure(record, error);
    }
  }

  /** Resolves when every record below the offset has been applied. */
  #reached(offset: number): Promise<void> {
    if (this.#applied >= offset) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ offset, resolve }));
  }
}

function cannotPass({ name, offset }: Pick<RestoredRecord, "name" | "offset">, fault: CheckpointFault): UserError {
  return new UserError({
    code: "savepoint-missing",
    message: `at offset ${offset} of the log the savepoint \`${name}\` was restored, and it cannot be read any more: ${fault.message}`,
    hint: "bring the checkpoints from after that offset back, or the savepoint",
  });
}

function noWayBack({ message }: UserError): UserError {
  return new UserError({
    code: "no-checkpoint",
    message: `no checkpoint can be used, and without one the log is read from its beginning: ${message}`,
    hint: "bring a checkpoint back that is as old as the log's beginning or newer; the service's log says why those that are there cannot be used",
  });
}
