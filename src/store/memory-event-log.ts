/** The event log in memory. */

import { assert } from "../core/assert.ts";
import { canonicalJson } from "../core/canonical-json.ts";
import type { Json } from "../core/event.ts";
import type { LogRecord } from "../engine/log/log-record.ts";
import type { LogExtent, LogKeeper, LogSegment } from "../engine/log/log-retention.ts";
import type { BesidesRecords, Clock, EventLog } from "../engine/ports.ts";
import { assertDense } from "./event-log.ts";
import { logTruncated } from "./log-truncated.ts";
import type { MemoryRequestKeys } from "./memory-taken-lines.ts";

interface MemoryChunk {
  readonly records: readonly LogRecord[];
  readonly segment: LogSegment;
}

export class MemoryEventLog implements EventLog, LogKeeper {
  readonly #clock: Clock;
  readonly #keys: MemoryRequestKeys;
  #chunks: MemoryChunk[] = [];
  #end = 0;

  constructor({ clock, keys }: { readonly clock: Clock; readonly keys: MemoryRequestKeys }) {
    this.#clock = clock;
    this.#keys = keys;
  }

  async end(): Promise<number> {
    return this.#end;
  }

  async append(chunk: readonly LogRecord[], { taken = [] }: BesidesRecords = {}): Promise<void> {
    if (chunk.length > 0 || taken.length === 0) this.#insert(chunk);
    this.#keys.write(taken);
  }

  async *read(from: number): AsyncGenerator<readonly LogRecord[]> {
    const start = this.#start();
    if (from < start) throw logTruncated({ asked: from, start });
    for (const { records } of this.#chunks) {
      const wanted = records.slice(Math.max(0, from - records[0]!.offset));
      if (wanted.length > 0) yield wanted;
    }
  }

  async extent(): Promise<LogExtent> {
    const bytes = this.#chunks.reduce((sum, { segment }) => sum + segment.bytes, 0);
    return { start: this.#start(), end: this.#end, chunks: this.#chunks.length, bytes };
  }

  async oldest(limit: number): Promise<readonly LogSegment[]> {
    return this.#chunks.slice(0, limit).map(({ segment }) => segment);
  }

  async truncate({ before }: { readonly before: number }): Promise<number> {
    this.#chunks = this.#chunks.filter(({ segment }) => segment.end > before || segment.end === this.#end);
    return this.#start();
  }

  #start(): number {
    return this.#chunks[0]?.segment.start ?? 0;
  }

  #insert(chunk: readonly LogRecord[]): void {
    const base = assertDense(chunk);
    assert(base <= this.#end, `a chunk at offset ${base} would leave a gap: the log ends at ${this.#end}`);
    if (base < this.#end) {
      const found = this.#chunks.find(({ segment }) => segment.start === base);
      assert(found !== undefined && sameRecords(found.records, chunk), `another chunk is already at offset ${base}`);
      return;
    }
    this.#end += chunk.length;
    const segment = {
      start: base,
      end: this.#end,
      bytes: Buffer.byteLength(JSON.stringify(chunk)),
      appendedAt: this.#clock.now(),
    };
    this.#chunks.push({ records: [...chunk], segment });
  }
}

function sameRecords(a: readonly LogRecord[], b: readonly LogRecord[]): boolean {
  return canonicalJson(a as unknown as Json) === canonicalJson(b as unknown as Json);
}
