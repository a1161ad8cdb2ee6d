/** Late events in Postgres: written with the alerts of the same records, so that no replay doubles them; of each stream the newest are kept. */

import { assert } from "../core/assert.ts";
import { batches } from "../core/batches.ts";
import type { JsonObject } from "../core/event.ts";
import { limits } from "../core/limits.ts";
import { formatTime, parseTime } from "../core/time.ts";
import type { LateOutput } from "../engine/output.ts";
import type { LateEvent, LateEventReader, LateQuery, Page, PageRequest } from "../engine/ports.ts";
import { decodeCursor, pageOf } from "./cursor.ts";
import { filter } from "./filter.ts";
import type { Pool, Queryable } from "./pool.ts";
import { selectSized } from "./sized-page.ts";
import { textArray } from "./text-array.ts";

export class PostgresLateEvents implements LateEventReader {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async list({ stream, from, to }: LateQuery, { limit, cursor }: PageRequest): Promise<Page<LateEvent>> {
    const { where, parameters } = filter({
      "stream = ?": stream,
      "time >= ?": from,
      "time < ?": to,
      "log_offset > ?": decodeCursor("late", cursor),
    });
    const { items, hasMore } = await selectSized<LateRow>(this.#pool, {
      select: `select log_offset, time, body from tripline.late_events where ${where}`,
      order: "log_offset",
      parameters,
      limit,
    });
    const { nextCursor } = pageOf({ list: "late", items, hasMore, sequenceOf: (row) => row.log_offset });
    const shown = items.map(({ log_offset, time, body }) => ({
      offset: log_offset,
      time: formatTime(time),
      data: JSON.parse(body) as JsonObject,
    }));
    return { items: shown, nextCursor };
  }
}

interface LateRow {
  readonly log_offset: number;
  readonly time: number;
  readonly body: string;
}

/** Those that are there already change nothing. */
export async function insertLateEvents(client: Queryable, outputs: readonly LateOutput[]): Promise<void> {
  const rows = outputs.map((output) => ({ ...output, body: JSON.stringify(output.data) }));
  for (const batch of batches(rows, ({ body }) => body.length)) {
    await client.query(
      `insert into tripline.late_events (stream, log_offset, time, body)
       select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[]) on conflict do nothing`,
      [
        batch.map(({ stream }) => stream),
        batch.map(({ offset }) => offset),
        batch.map(({ time }) => lateTime(time)),
        textArray(batch.map(({ body }) => body)),
      ],
    );
  }
  for (const stream of new Set(outputs.map((output) => output.stream))) await keepNewest(client, stream);
}

async function keepNewest(client: Queryable, stream: string): Promise<void> {
  await client.query(
    `delete from tripline.late_events where stream = $1 and log_offset <= (
       select log_offset from tripline.late_events where stream = $1 order by log_offset desc offset $2 limit 1)`,
    [stream, limits.lateEventsKeptMax],
  );
}

/** Epoch milliseconds of a late event's time. */
export function lateTime(text: string): number {
  const time = parseTime(text);
  assert(time !== undefined, `${text} is not the time of an event`);
  return time;
}
