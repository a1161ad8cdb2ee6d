/**
 * The writer lock: one Tripline process writes to one database. Its connection may be lost, and the database with it; it is then
 * taken again, and nothing is written meanwhile. Whoever finds that another process had it in between has lost it for good: the
 * log may have gone on without us (S9.11). Mutable.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../core/errors.ts";
import { openWriterSession, type WriterSession } from "./writer-session.ts";

export interface WriterLockOptions {
  readonly url: string;
  /** Told why the lock is not held at the moment; null when it is held again. */
  readonly changed?: (trouble: string | null) => void;
  /** Once it aborts, a lock that is lost is not taken again: nobody has time to wait for it. */
  readonly signal?: AbortSignal;
}

const FIRST_WAIT_MS = 50;
const WAIT_MS_MAX = 2000;

export class WriterLock {
  /** Resolves with the reason when another process may write now, and we must not, ever again. */
  readonly lost: Promise<Error>;
  readonly #options: WriterLockOptions;
  readonly #releasing = new AbortController();
  /** Aborts when the lock is not to be taken again. */
  readonly #ending: AbortSignal;
  #lose: (error: Error) => void = () => undefined;
  #session: WriterSession;
  #epoch: number | null = null;
  #held: Promise<void> = Promise.resolve();
  #keeping: Promise<void>;

  /** UserErrors `database-in-use` and `no-database`. */
  static async acquire(options: WriterLockOptions): Promise<WriterLock> {
    return new WriterLock(options, await openWriterSession(options.url));
  }

  private constructor(options: WriterLockOptions, session: WriterSession) {
    this.#options = options;
    this.#session = session;
    const { signal } = this.#releasing;
    this.#ending = options.signal === undefined ? signal : AbortSignal.any([signal, options.signal]);
    this.lost = new Promise((resolve) => (this.#lose = resolve));
    this.#keeping = this.#keep();
  }

  /** Takes the writer's place in the migrated database. Only then can the lock be taken again when it is lost. */
  async claim(): Promise<void> {
    const { rows } = await this.#session.client.query<{ epoch: string }>(
      "update tripline.writer set epoch = epoch + 1 returning epoch",
    );
    this.#epoch = Number(rows[0]!.epoch);
  }

  /** Resolves when it is held: at once, most of the time. Rejects when it is lost for good, or lost at the end. */
  held(): Promise<void> {
    return this.#held;
  }

  async release(): Promise<void> {
    this.#releasing.abort();
    await this.#session.close();
    await this.#keeping;
  }

  async #keep(): Promise<void> {
    const released = aborted(this.#releasing.signal);
    for (;;) {
      const ended = await Promise.race([this.#session.ended, released]);
      if (ended === null) return;
      this.#held = this.#takeAgain(ended);
      try {
        await this.#held;
      } catch (error) {
        if (!this.#ending.aborted) this.#lose(error as Error);
        return;
      }
    }
  }

  async #takeAgain(ended: Error): Promise<void> {
    if (this.#epoch === null) throw ended;
    this.#options.changed?.(`the writer lock is being taken again: ${ended.message}`);
    this.#session = await this.#openAgain();
    this.#options.changed?.(null);
  }

  async #openAgain(): Promise<WriterSession> {
    const signal = this.#ending;
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, WAIT_MS_MAX)) {
      signal.throwIfAborted();
      try {
        return await this.#open();
      } catch (error) {
        if (error instanceof UserError && error.code !== "no-database") throw error;
        await sleep(waitMs, undefined, { signal });
      }
    }
  }

  async #open(): Promise<WriterSession> {
    const session = await openWriterSession(this.#options.url, this.#session.backend);
    try {
      const { rows } = await session.client.query<{ epoch: string }>("select epoch from tripline.writer");
      if (Number(rows[0]!.epoch) !== this.#epoch) throw takenOver();
      this.#ending.throwIfAborted();
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  }
}

function takenOver(): UserError {
  return new UserError({
    code: "database-taken-over",
    message: "another process has written to this database while this one had lost its connection",
    hint: "only one process may write to a database: stop one of them",
  });
}

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(null), { once: true }));
}
