/**
 * The one writer of the log: gives out the offsets, and commits in groups. While one chunk is being committed the next one
 * fills, so that a busy service pays for one commit per thousands of records and a quiet one waits for nobody. Mutable.
 */

import { assert } from "../../core/assert.ts";
import { limits } from "../../core/limits.ts";
import type { LogRecord } from "./log-record.ts";
import type { BesidesRecords, EventLog, Patience } from "../ports.ts";

interface Append extends Required<BesidesRecords> {
  readonly records: readonly LogRecord[];
  readonly resolve: () => void;
}

export class LogWriter {
  readonly #log: EventLog;
  readonly #patience: Patience;
  readonly #committed: (chunk: readonly LogRecord[]) => void;
  #next: number;
  #appends: Append[] = [];
  #pending = 0;
  #committing: Promise<void> | null = null;
  #isRefused = false;

  /** `next` is the end of the log; `committed` is called with each durable chunk, in order. */
  constructor(options: {
    readonly log: EventLog;
    readonly patience: Patience;
    readonly next: number;
    readonly committed: (chunk: readonly LogRecord[]) => void;
  }) {
    this.#log = options.log;
    this.#patience = options.patience;
    this.#next = options.next;
    this.#committed = options.committed;
  }

  /** The offset that the next record gets. */
  get next(): number {
    return this.#next;
  }

  /** Records that have their offset, and are not durable yet. */
  get pending(): number {
    return this.#pending;
  }

  /** The log has refused the chunk it was last given, and is given it again. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /**
   * Takes the records into the log, in the order of the calls: their offsets go on from `next`. Resolves when they, and
   * everything before them, are durable. It does so for no records too: an answer about a duplicate must not be sooner than
   * the original is safe. `taken` is what the records (up to a chunk's worth) take of a keyed request: both are durable, or
   * neither.
   */
  append(records: readonly LogRecord[], { taken = [], texts = noTexts(records) }: BesidesRecords = {}): Promise<void> {
    assert(texts.length === records.length, "there is a text for each record, or none for any");
    assert(taken.length === 0 || records.length <= limits.chunkRecordsMax, "what is taken at once fits one chunk");
    assert(records.length === 0 || records[0]!.offset === this.#next, "offsets are dense");
    this.#next += records.length;
    this.#pending += records.length;
    const durable = new Promise<void>((resolve) => this.#appends.push({ records, texts, taken, resolve }));
    if (this.#committing === null) {
      this.#committing = this.#commit();
      this.#committing.catch(() => undefined); // `drained` tells it; nobody may be waiting yet
    }
    return durable;
  }

  /** Resolves when everything appended so far is durable. */
  async drained(): Promise<void> {
    await this.#committing;
  }

  async #commit(): Promise<void> {
    // Appends of the same turn share a chunk. And an append of nothing must not be over before it is `#committing`.
    await Promise.resolve();
    while (this.#appends.length > 0) {
      const group = this.#nextGroup();
      const chunk = joined(group.map(({ records }) => records));
      const texts = joined(group.map((append) => append.texts));
      const taken = joined(group.map((append) => append.taken));
      if (chunk.length === 0 && taken.length > 0) await this.#write(chunk, { taken });
      for (let from = 0; from < chunk.length; from += limits.chunkRecordsMax) {
        const to = from + limits.chunkRecordsMax;
        const part = chunk.slice(from, to);
        await this.#write(part, { taken, texts: texts.slice(from, to) });
        this.#pending -= part.length;
        this.#committed(part);
      }
      for (const { resolve } of group) resolve();
    }
    this.#committing = null;
  }

  /** Whole appends, up to a chunk's worth of records. */
  #nextGroup(): Append[] {
    let records = 0;
    let count = 0;
    for (const append of this.#appends) {
      if (count > 0 && records + append.records.length > limits.chunkRecordsMax) break;
      records += append.records.length;
      count++;
    }
    return this.#appends.splice(0, count);
  }

  /** Appending the same chunk again changes nothing, so a lost answer and a lost connection are met alike: by trying again. */
  async #write(chunk: readonly LogRecord[], besides: BesidesRecords): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#log.append(chunk, besides);
        this.#isRefused = false;
        return;
      } catch (error) {
        this.#isRefused = true;
        await this.#patience.beforeRetry(attempt, error);
      }
    }
  }
}

function noTexts(records: readonly LogRecord[]): readonly undefined[] {
  return Array.from(records, () => undefined);
}

/** There are thousands in each, and `flat` takes a hundred times as long. */
function joined<T>(lists: readonly (readonly T[])[]): readonly T[] {
  return lists.length === 1 ? lists[0]! : ([] as T[]).concat(...lists);
}
