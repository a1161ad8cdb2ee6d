/**
 * Durable chunks that wait for the engine. Where shards do its keyed work, the first few are on their way to them already: shards work
 * ahead of the engine that settles what they answer, and no further, so that no more than that is ever held. Mutable.
 */

import type { LogRecord } from "./log-record.ts";
import type { TeamAnswers } from "./shard-team.ts";

export interface SentChunk {
  readonly records: readonly LogRecord[];
  /** Null where there are no shards, or none may go ahead. */
  readonly answers: Promise<TeamAnswers> | null;
}

export interface ApplyOptions {
  /** On replay events are known to the log and new to the door. */
  readonly known: boolean;
  /** The outputs of records below are in the store already. */
  readonly writtenThrough: number;
}

/** Records applied without a break: some milliseconds, also under rules that are dear. */
export const SLICE = 128;

const SENT_AHEAD = 4;
/** Chunks of the log that are read before they are needed. */
const READ_AHEAD = SENT_AHEAD + 2;

export class ChunkQueue {
  readonly #send: (records: readonly LogRecord[]) => Promise<TeamAnswers> | null;
  #waiting: (readonly LogRecord[])[] = [];
  #sent: SentChunk[] = [];
  /** Shards are made anew at a restored savepoint: nothing after it is sent before it is through. */
  #isHeld = false;

  constructor(send: (records: readonly LogRecord[]) => Promise<TeamAnswers> | null) {
    this.#send = send;
  }

  get isFull(): boolean {
    return this.#waiting.length + this.#sent.length >= READ_AHEAD;
  }

  add(records: readonly LogRecord[]): void {
    this.#waiting.push(records);
    this.#sendAhead();
  }

  /** The next chunk to be settled; the one before is through. */
  next(): SentChunk | undefined {
    if (this.#sent.length === 0) this.#isHeld = false;
    this.#sendAhead();
    const next = this.#sent.shift();
    this.#sendAhead();
    return next;
  }

  clear(): void {
    this.#waiting = [];
    this.#sent = [];
    this.#isHeld = false;
  }

  #sendAhead(): void {
    while (!this.#isHeld && this.#sent.length < SENT_AHEAD) {
      const records = this.#waiting.shift();
      if (records === undefined) return;
      this.#isHeld = records.some(({ kind }) => kind === "restored");
      const answers = this.#isHeld ? null : this.#send(records);
      answers?.catch(() => undefined); // whoever settles the chunk hears of it
      this.#sent.push({ records, answers });
    }
  }
}
