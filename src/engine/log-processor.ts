/**
 * From the log through the engine to the stores: what is appended is, once durable, applied in the order of the log, and what
 * comes of it is written. It begins by reading the log again, and is then where it was. Mutable.
 */

import { assert } from "../core/assert.ts";
import { limits } from "../core/limits.ts";
import { AlertFlusher } from "./alert-flusher.ts";
import { Backlog } from "./backlog.ts";
import { Door } from "./door.ts";
import { Engine } from "./engine.ts";
import type { LogRecord, UnloggedRecord } from "./log-record.ts";
import { LogWriter } from "./log-writer.ts";
import type { Output } from "./output.ts";
import { TimeHolders } from "./time-holders.ts";
import type { AlertWriter, Clock, EventLog, Patience, StoredAlert } from "./ports.ts";

export interface LogProcessorOptions {
  readonly log: EventLog;
  readonly alerts: AlertWriter;
  readonly clock: Clock;
  readonly patience: Patience;
  /** A record that the engine could not take: a bug of ours. Processing stops there; nothing after it is applied. */
  readonly failed: (error: unknown) => void;
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
  readonly engine = new Engine();
  readonly door = new Door();
  readonly timeHolders = new TimeHolders(() => this.engine.job.status()?.time ?? {});
  readonly #options: LogProcessorOptions;
  readonly #flusher: AlertFlusher;
  readonly #backlog = new Backlog();
  readonly #listeners = new Set<(alerts: readonly StoredAlert[]) => void>();
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

  progress(): LogProgress {
    const written = this.#flusher.writtenThrough;
    return {
      end: this.#writer === null ? this.#applied : this.#writer.next - this.#writer.pending,
      applied: this.#applied,
      written,
      isReplaying: this.#writer === null,
      waitingSince: this.#backlog.since(written),
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

  async #replay(): Promise<void> {
    const { log, alerts, patience, clock } = this.#options;
    const writtenThrough = await alerts.writtenThrough();
    for await (const chunk of log.read(0)) await this.#apply(chunk, { known: true, writtenThrough });
    await this.#flusher.drained();
    this.#writer = new LogWriter({
      log,
      patience,
      next: await log.end(),
      committed: (chunk) => {
        this.#backlog.add(chunk.at(-1)!.offset + 1, { at: clock.now(), written: this.#flusher.writtenThrough });
        this.#committed.push(chunk);
        this.#applying ??= this.#applyCommitted();
      },
    });
    assert(this.#writer.next === this.#applied, "the whole log has been read");
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
      if (known && record.kind === "event") {
        const stream = this.engine.stream(record.stream);
        assert(stream !== undefined, "only events of known streams are logged");
        this.door.replay(stream.definition, record);
      }
      const made = this.engine.apply(record);
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

  /** Resolves when every record below the offset has been applied. */
  #reached(offset: number): Promise<void> {
    if (this.#applied >= offset) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ offset, resolve }));
  }
}
