/**
 * Poison: a record that the engine fails on again and again. Where that is allowed it is set aside, with its offset and the error,
 * and the engine goes on without it, in every replay too (S9.21); so what comes out still follows from what is stored.
 */

import { UserError } from "../../core/errors.ts";
import type { EventRecord, LogRecord } from "../log/log-record.ts";

export interface PoisonRecord {
  readonly record: LogRecord;
  /** What the engine said. */
  readonly error: string;
  /** When it was set aside, epoch milliseconds. */
  readonly at: number;
  /** The offset under which it was logged once more; null if nobody has asked for that. */
  readonly replayedAs: number | null;
}

export interface PoisonStore {
  /** By offset. */
  list(): Promise<readonly PoisonRecord[]>;
  /** Durable when it resolves; again for the same offset it changes nothing but `replayedAs`. */
  put(poison: PoisonRecord): Promise<void>;
}

/** The engine could not take a record: a bug of ours. */
export class RecordFailure extends Error {
  override readonly name = "RecordFailure";
  readonly record: LogRecord;

  constructor(record: LogRecord, cause: unknown) {
    super(`record ${record.offset} (${record.kind}): ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
    this.record = record;
  }
}

/** Failures on one record before it is set aside: the first may have been the machine's. */
const FAILURES_BEFORE = 2;

/** Mutable. */
export class PoisonPolicy {
  readonly #store: PoisonStore;
  readonly #setsAside: boolean;
  readonly #failures = new Map<number, number>();
  #setAside: ReadonlySet<number> = new Set();

  /** What has been set aside stays so, also where nothing more is. */
  constructor({ store, setsAside }: { readonly store: PoisonStore; readonly setsAside: boolean }) {
    this.#store = store;
    this.#setsAside = setsAside;
  }

  list(): Promise<readonly PoisonRecord[]> {
    return this.#store.list();
  }

  /** `append` logs it once more, and gives its offset. UserErrors `unknown-record`, `not-an-event`. */
  async replay(offset: number, append: (event: EventRecord) => Promise<number>): Promise<PoisonRecord> {
    const poison = (await this.#store.list()).find(({ record }) => record.offset === offset);
    if (poison === undefined) {
      throw new UserError({ code: "unknown-record", message: `no record of offset ${offset} has been set aside` });
    }
    if (poison.record.kind !== "event") {
      throw new UserError({
        code: "not-an-event",
        message: `the record of offset ${offset} is of the kind \`${poison.record.kind}\`, and only events are logged once more`,
        hint: "send the request again that it came of",
      });
    }
    const replayed = { ...poison, replayedAs: await append(poison.record) };
    await this.#store.put(replayed);
    return replayed;
  }

  /** To be read before the log is. */
  async open(): Promise<void> {
    this.#setAside = new Set((await this.#store.list()).map(({ record }) => record.offset));
  }

  isSetAside(offset: number): boolean {
    return this.#setAside.has(offset);
  }

  /** Whether the record is set aside now. */
  async failed({ record, message }: RecordFailure, now: number): Promise<boolean> {
    if (!this.#setsAside) return false;
    const failures = (this.#failures.get(record.offset) ?? 0) + 1;
    this.#failures.set(record.offset, failures);
    if (failures < FAILURES_BEFORE) return false;
    await this.#store.put({ record, error: message, at: now, replayedAs: null });
    return true;
  }
}
