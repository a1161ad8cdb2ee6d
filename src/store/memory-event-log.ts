/** The event log in memory. */

import { assert } from "../core/assert.ts";
import { canonicalJson } from "../core/canonical-json.ts";
import type { Json } from "../core/event.ts";
import type { LogRecord } from "../engine/log-record.ts";
import type { EventLog } from "../engine/ports.ts";
import { assertDense } from "./event-log.ts";

export class MemoryEventLog implements EventLog {
  readonly #chunks: (readonly LogRecord[])[] = [];
  #end = 0;

  end(): Promise<number> {
    return Promise.resolve(this.#end);
  }

  async append(chunk: readonly LogRecord[]): Promise<void> {
    const base = assertDense(chunk);
    assert(base <= this.#end, `a chunk at offset ${base} would leave a gap: the log ends at ${this.#end}`);
    if (base === this.#end) {
      this.#chunks.push([...chunk]);
      this.#end += chunk.length;
      return;
    }
    const found = this.#chunks.find((records) => records[0]!.offset === base);
    assert(found !== undefined && sameRecords(found, chunk), `another chunk is already at offset ${base}`);
  }

  async *read(from: number): AsyncGenerator<readonly LogRecord[]> {
    for (const chunk of this.#chunks) {
      const wanted = chunk.slice(Math.max(0, from - chunk[0]!.offset));
      if (wanted.length > 0) yield wanted;
    }
  }
}

function sameRecords(a: readonly LogRecord[], b: readonly LogRecord[]): boolean {
  return canonicalJson(a as unknown as Json) === canonicalJson(b as unknown as Json);
}
