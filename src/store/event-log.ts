/** The event log in Postgres: one row per chunk. */

import { assert } from "../core/assert.ts";
import { canonicalJson } from "../core/canonical-json.ts";
import type { Json } from "../core/event.ts";
import type { LogRecord } from "../engine/log-record.ts";
import type { EventLog } from "../engine/ports.ts";
import { decodeChunk, encodeChunk } from "./chunk-codec.ts";
import type { Pool } from "./pool.ts";

/** Chunks fetched at once by a reader: its memory is this many bodies, and one chunk decoded. */
const FETCHED_CHUNKS = 8;

export class PostgresEventLog implements EventLog {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async end(): Promise<number> {
    const { rows } = await this.#pool.query<{ end: number }>(`select ${END} as end`);
    return rows[0]!.end;
  }

  async append(chunk: readonly LogRecord[]): Promise<void> {
    const base = assertDense(chunk);
    const { format, rawBytes, body } = await encodeChunk(chunk);
    const { least, greatest } = eventTimes(chunk);
    const { rowCount } = await this.#pool.query(
      `insert into tripline.log_chunks (base_offset, record_count, least_time, greatest_time, format, raw_bytes, body)
       select $1::bigint, $2, $3::bigint, $4::bigint, $5, $6, $7 where $1::bigint = ${END}
       on conflict (base_offset) do nothing`,
      [base, chunk.length, least, greatest, format, rawBytes, body],
    );
    if (rowCount === 0) await this.#assertAppended(chunk);
  }

  async *read(from: number): AsyncGenerator<readonly LogRecord[]> {
    let page = await this.#page(HOLDING, from);
    while (page.length > 0) {
      for (const row of page) {
        const records = await decodeChunk(row);
        assert(
          records.length === row.record_count && records[0]?.offset === row.base_offset,
          `the chunk at offset ${row.base_offset} does not hold what its row says`,
        );
        const wanted = from > row.base_offset ? records.slice(from - row.base_offset) : records;
        if (wanted.length > 0) yield wanted;
      }
      const last = page.at(-1)!;
      page = await this.#page("$1", last.base_offset + last.record_count);
    }
  }

  async #page(start: string, offset: number): Promise<ChunkRow[]> {
    const { rows } = await this.#pool.query<ChunkRow>(
      `select base_offset, record_count, format, body from tripline.log_chunks
       where base_offset >= ${start} order by base_offset limit ${FETCHED_CHUNKS}`,
      [offset],
    );
    return rows;
  }

  /** The chunk was refused: either an answer was lost and it is there already, or two writers are at work. */
  async #assertAppended(chunk: readonly LogRecord[]): Promise<void> {
    const base = chunk[0]!.offset;
    const { rows } = await this.#pool.query<ChunkRow>(
      "select base_offset, record_count, format, body from tripline.log_chunks where base_offset = $1",
      [base],
    );
    const found = rows[0];
    assert(found !== undefined, `a chunk at offset ${base} would leave a gap: the log ends at ${await this.end()}`);
    const text = canonicalJson((await decodeChunk(found)) as unknown as Json);
    assert(text === canonicalJson(chunk as unknown as Json), `another chunk is already at offset ${base}`);
  }
}

interface ChunkRow {
  readonly base_offset: number;
  readonly record_count: number;
  readonly format: number;
  readonly body: Buffer;
}

const END = `coalesce((select base_offset + record_count from tripline.log_chunks order by base_offset desc limit 1), 0)`;

/** Where the chunk begins that holds the offset. */
const HOLDING = `coalesce((select max(base_offset) from tripline.log_chunks where base_offset <= $1), 0)`;

/** Gives the chunk's base offset. */
export function assertDense(chunk: readonly LogRecord[]): number {
  const base = chunk[0]?.offset;
  assert(base !== undefined, "a chunk holds at least one record");
  assert(
    chunk.every((record, index) => record.offset === base + index),
    `the offsets of the chunk at ${base} are not dense`,
  );
  return base;
}

function eventTimes(chunk: readonly LogRecord[]): { least: number | null; greatest: number | null } {
  let least: number | null = null;
  let greatest: number | null = null;
  for (const record of chunk) {
    if (record.kind !== "event") continue;
    if (least === null || record.time < least) least = record.time;
    if (greatest === null || record.time > greatest) greatest = record.time;
  }
  return { least, greatest };
}
