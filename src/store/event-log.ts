/** The event log in Postgres: one row per chunk. */

import { assert } from "../core/assert.ts";
import { canonicalJson } from "../core/canonical-json.ts";
import type { Json } from "../core/event.ts";
import type { LogRecord } from "../engine/log/log-record.ts";
import type { LogExtent, LogKeeper, LogSegment } from "../engine/log/log-retention.ts";
import type { BesidesRecords, Clock, EventLog } from "../engine/ports.ts";
import { decodeChunk, encodeChunk } from "./chunk-codec.ts";
import { logTruncated } from "./log-truncated.ts";
import { type Pool, type Queryable, transaction } from "./pool.ts";
import { writeTakenLines } from "./taken-lines.ts";

/** Chunks fetched at once by a reader: its memory is this many bodies, and one chunk decoded. */
const FETCHED_CHUNKS = 8;

export class PostgresEventLog implements EventLog, LogKeeper {
  readonly #pool: Pool;
  readonly #clock: Clock;
  readonly #mayWrite: () => Promise<void>;

  constructor({ pool, clock, mayWrite }: { pool: Pool; clock: Clock; mayWrite: () => Promise<void> }) {
    this.#pool = pool;
    this.#clock = clock;
    this.#mayWrite = mayWrite;
  }

  async end(): Promise<number> {
    const { rows } = await this.#pool.query<{ end: number }>(`select ${END} as end`);
    return rows[0]!.end;
  }

  async append(chunk: readonly LogRecord[], { taken = [], texts = [] }: BesidesRecords = {}): Promise<void> {
    await this.#mayWrite();
    if (taken.length === 0) return await this.#insert(this.#pool, { chunk, texts });
    await transaction(this.#pool, async (client) => {
      if (chunk.length > 0) await this.#insert(client, { chunk, texts });
      await writeTakenLines(client, taken);
    });
  }

  async *read(from: number): AsyncGenerator<readonly LogRecord[]> {
    let next: number | null = null;
    let page = await this.#page(HOLDING, from);
    while (page.length > 0) {
      for (const row of page) {
        const isKept = next === null ? row.base_offset <= from : row.base_offset === next;
        if (!isKept) throw logTruncated({ asked: next ?? from, start: row.base_offset });
        const records = await decodeChunk(row);
        assert(
          records.length === row.record_count && records[0]?.offset === row.base_offset,
          `the chunk at offset ${row.base_offset} does not hold what its row says`,
        );
        const wanted = from > row.base_offset ? records.slice(from - row.base_offset) : records;
        if (wanted.length > 0) yield wanted;
        next = row.base_offset + row.record_count;
      }
      page = await this.#page("$1", next ?? from);
    }
  }

  async extent(): Promise<LogExtent> {
    const { rows } = await this.#pool.query<LogExtent>(
      `select ${START} as start, ${END} as end, count(*) as chunks,
         coalesce(sum(octet_length(body)), 0)::bigint as bytes
       from tripline.log_chunks`,
    );
    return rows[0]!;
  }

  async oldest(limit: number): Promise<readonly LogSegment[]> {
    const { rows } = await this.#pool.query<Omit<LogSegment, "appendedAt"> & { appendedAt: Date }>(
      `select base_offset as start, base_offset + record_count as end, octet_length(body) as bytes,
         appended_at as "appendedAt"
       from tripline.log_chunks order by base_offset limit $1`,
      [limit],
    );
    return rows.map(({ appendedAt, ...segment }) => ({ ...segment, appendedAt: appendedAt.getTime() }));
  }

  async truncate({ before }: { readonly before: number }): Promise<number> {
    await this.#mayWrite();
    await this.#pool.query(`delete from tripline.log_chunks where base_offset < ${HOLDING}`, [before]);
    const { rows } = await this.#pool.query<{ start: number }>(`select ${START} as start`);
    return rows[0]!.start;
  }

  async #insert(client: Queryable, { chunk, texts }: { chunk: readonly LogRecord[]; texts: Texts }): Promise<void> {
    const base = assertDense(chunk);
    const { format, rawBytes, body } = await encodeChunk(chunk, texts);
    const { least, greatest } = eventTimes(chunk);
    const { rowCount } = await client.query({
      name: "append chunk",
      text: `insert into tripline.log_chunks
         (base_offset, record_count, least_time, greatest_time, format, raw_bytes, body, appended_at)
       select $1::bigint, $2, $3::bigint, $4::bigint, $5, $6, $7, $8 where $1::bigint = ${END}
       on conflict (base_offset) do nothing`,
      values: [base, chunk.length, least, greatest, format, rawBytes, body, new Date(this.#clock.now())],
    });
    if (rowCount === 0) await this.#assertAppended(chunk);
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

type Texts = NonNullable<BesidesRecords["texts"]>;

interface ChunkRow {
  readonly base_offset: number;
  readonly record_count: number;
  readonly format: number;
  readonly body: Buffer;
}

const START = "coalesce((select min(base_offset) from tripline.log_chunks), 0)";

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
