/**
 * Durable chunks that wait for the engine. Where shards do its keyed work, the first few are on their way to them already: shards work
 * ahead of the engine that settles what they answer, and no further, so that no more than that is ever held. Mutable.
 */

import { Barrier } from "../checkpoint/barrier.ts";
import type { LogRecord } from "./log-record.ts";
import type { ShardNote } from "../shards/shard-snapshot.ts";
import type { TeamAnswers } from "../shards/shard-team.ts";

export interface SentChunk {
  readonly kind: "chunk";
  readonly records: readonly LogRecord[];
  /** Null where there are no shards, or none may go ahead. */
  readonly answers: Promise<TeamAnswers> | null;
}

export interface SentBarrier {
  readonly kind: "barrier";
  readonly barrier: Barrier;
  readonly notes: Promise<readonly ShardNote[]>;
}

const SENT_AHEAD = 4;
/** Chunks of the log that are read before they are needed. */
const READ_AHEAD = SENT_AHEAD + 2;

type Waiting = readonly LogRecord[] | Barrier;

export class ChunkQueue {
  readonly #send: (records: readonly LogRecord[]) => Promise<TeamAnswers> | null;
  #waiting: Waiting[] = [];
  #sent: (SentChunk | SentBarrier)[] = [];
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

  /** As soon as shards can be there: behind what is on its way to them, and before all that waits. */
  addBarrier(barrier: Barrier): void {
    if (this.#isHeld) this.#waiting.unshift(barrier);
    else this.#sent.push(sentBarrier(barrier));
  }

  /** What is to be settled next; what came before is through. */
  next(): SentChunk | SentBarrier | undefined {
    if (this.#sent.length === 0) this.#isHeld = false;
    this.#sendAhead();
    const next = this.#sent.shift();
    this.#sendAhead();
    return next;
  }

  /** Barriers will not be passed. */
  clear(): void {
    const entries = [...this.#sent, ...this.#waiting];
    this.#waiting = [];
    this.#sent = [];
    this.#isHeld = false;
    for (const entry of entries) {
      if (entry instanceof Barrier) entry.drop();
      else if ("barrier" in entry) entry.barrier.drop();
    }
  }

  #sendAhead(): void {
    while (!this.#isHeld && this.#sent.length < SENT_AHEAD) {
      const entry = this.#waiting.shift();
      if (entry === undefined) return;
      if (entry instanceof Barrier) this.#sent.push(sentBarrier(entry));
      else this.#sendChunk(entry);
    }
  }

  #sendChunk(records: readonly LogRecord[]): void {
    this.#isHeld = records.some(({ kind }) => kind === "restored");
    const answers = this.#isHeld ? null : this.#send(records);
    answers?.catch(() => undefined); // whoever settles the chunk hears of it
    this.#sent.push({ kind: "chunk", records, answers });
  }
}

function sentBarrier(barrier: Barrier): SentBarrier {
  const notes = barrier.announce();
  notes.catch(() => undefined); // whoever comes to the barrier hears of it
  return { kind: "barrier", barrier, notes };
}
