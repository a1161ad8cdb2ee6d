/** Records that were set aside, in Postgres and in memory. */

import type { LogRecord } from "../engine/log/log-record.ts";
import type { PoisonRecord, PoisonStore } from "../engine/checkpoint/poison.ts";
import type { Pool } from "./pool.ts";
import { storable } from "./storable.ts";

export class PostgresPoisonRecords implements PoisonStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async list(): Promise<readonly PoisonRecord[]> {
    const { rows } = await this.#pool.query<{ record: string; error: string; at: Date; replayedAs: number | null }>(
      `select record, error, set_aside_at as at, replayed_as as "replayedAs"
       from tripline.poison_records order by record_offset`,
    );
    return rows.map(({ record, at, ...rest }) => ({
      ...rest,
      record: JSON.parse(record) as LogRecord,
      at: at.getTime(),
    }));
  }

  async put({ record, error, at, replayedAs }: PoisonRecord): Promise<void> {
    await this.#pool.query(
      `insert into tripline.poison_records (record_offset, record, error, set_aside_at, replayed_as)
       values ($1, $2, $3, $4, $5)
       on conflict (record_offset) do update set replayed_as = excluded.replayed_as`,
      [record.offset, JSON.stringify(record), storable(error), new Date(at), replayedAs],
    );
  }
}

export class MemoryPoisonRecords implements PoisonStore {
  readonly #records = new Map<number, PoisonRecord>();

  async list(): Promise<readonly PoisonRecord[]> {
    return [...this.#records.values()].sort((a, b) => a.record.offset - b.record.offset);
  }

  async put(poison: PoisonRecord): Promise<void> {
    const { offset } = poison.record;
    const known = this.#records.get(offset);
    this.#records.set(offset, known === undefined ? poison : { ...known, replayedAs: poison.replayedAs });
  }
}
