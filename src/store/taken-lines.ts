/** How much of each keyed request is in the log, in Postgres. */

import { batches } from "../core/batches.ts";
import type { Json } from "../core/event.ts";
import type { RequestKey, RequestKeys, TakenLines } from "../engine/log/idempotency.ts";
import type { Pool, Queryable } from "./pool.ts";

export class PostgresRequestKeys implements RequestKeys {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async find({ token, stream, key }: RequestKey): Promise<TakenLines | null> {
    const { rows } = await this.#pool.query<{ lines: number; digest: string; answer: string; takenAt: Date }>(
      `select lines, digest, answer, taken_at as "takenAt" from tripline.taken_lines
       where token = $1 and stream = $2 and key = $3`,
      [token, stream, key],
    );
    const row = rows[0];
    if (row === undefined) return null;
    const { lines, digest, answer, takenAt } = row;
    return { token, stream, key, lines, digest, answer: JSON.parse(answer) as Json, takenAt: takenAt.getTime() };
  }

  async forget({ before }: { readonly before: number }): Promise<number> {
    const { rowCount } = await this.#pool.query("delete from tripline.taken_lines where taken_at < $1", [
      new Date(before),
    ]);
    return rowCount ?? 0;
  }
}

/** In the transaction of the records. Of several of one request, the last counts. */
export async function writeTakenLines(client: Queryable, taken: readonly TakenLines[]): Promise<void> {
  const last = new Map(taken.map((lines) => [requestKeyText(lines), lines]));
  for (const batch of batches(last.values(), ({ answer }) => JSON.stringify(answer).length)) {
    await client.query(
      `insert into tripline.taken_lines (token, stream, key, lines, digest, answer, taken_at)
       select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::timestamptz[])
       on conflict (token, stream, key) do update
         set lines = excluded.lines, digest = excluded.digest, answer = excluded.answer, taken_at = excluded.taken_at`,
      [
        batch.map(({ token }) => token),
        batch.map(({ stream }) => stream),
        batch.map(({ key }) => key),
        batch.map(({ lines }) => lines),
        batch.map(({ digest }) => digest),
        batch.map(({ answer }) => JSON.stringify(answer)),
        batch.map(({ takenAt }) => new Date(takenAt)),
      ],
    );
  }
}

export function requestKeyText({ token, stream, key }: RequestKey): string {
  return JSON.stringify([token, stream, key]);
}
