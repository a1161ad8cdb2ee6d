/** Alerts in Postgres: written once each (S9.3), with what they set off, and read back in pages. */

import { assert } from "../core/assert.ts";
import { batches } from "../core/batches.ts";
import { END_OF_TIME, BEGINNING_OF_TIME, parseTime } from "../core/time.ts";
import type { Alert, AlertOutput, Output } from "../engine/output.ts";
import type { AlertQuery, AlertReader, AlertWriter, Clock, Page, PageRequest, StoredAlert } from "../engine/ports.ts";
import { keyId, keyIdsOf } from "./alert-key.ts";
import { decodeCursor, pageOf } from "./cursor.ts";
import { filter } from "./filter.ts";
import { insertLateEvents } from "./late-events.ts";
import { addDeliveries } from "./outbox.ts";
import { type Pool, type Queryable, transaction } from "./pool.ts";
import { selectSized } from "./sized-page.ts";
import { textArray } from "./text-array.ts";

export class PostgresAlertStore implements AlertWriter, AlertReader {
  readonly #pool: Pool;
  readonly #clock: Clock;

  constructor({ pool, clock }: { pool: Pool; clock: Clock }) {
    this.#pool = pool;
    this.#clock = clock;
  }

  async writtenThrough(): Promise<number> {
    const { rows } = await this.#pool.query<{ offset: number }>(
      `select written_through as "offset" from tripline.engine_progress`,
    );
    return rows[0]!.offset;
  }

  async write(outputs: readonly Output[], throughOffset: number): Promise<readonly StoredAlert[]> {
    if (outputs.length === 0) {
      await advance(this.#pool, throughOffset);
      return [];
    }
    return transaction(this.#pool, async (client) => {
      // First, for its lock: one transaction at a time takes sequences, so they grow in the order of commit.
      await advance(client, throughOffset);
      const now = this.#clock.now();
      const added = await insertAlerts(client, { outputs: outputs.filter((output) => output.kind === "alert"), now });
      await insertLateEvents(
        client,
        outputs.filter((output) => output.kind === "late"),
      );
      const deliveries = added.flatMap(({ output }) =>
        [...new Set(output.deliver)].map((destination) => ({ alertId: output.alert.id, destination })),
      );
      await addDeliveries({ client, deliveries, now });
      return added.map(({ sequence, output }) => ({ sequence, alert: output.alert }));
    });
  }

  async list(query: AlertQuery, page: PageRequest): Promise<Page<StoredAlert>> {
    const { where, parameters } = filter({
      "rule = ?": query.rule,
      "severity = ?": query.severity,
      "kind = ?": query.kind,
      "key_id = any(?::text[])": query.key === undefined ? undefined : keyIdsOf(query.key),
      "at >= ?": query.from,
      "at < ?": query.to,
      "sequence < ?": decodeCursor("alerts", page.cursor),
    });
    const { items, hasMore } = await selectSized<AlertRow>(this.#pool, {
      select: `select sequence, body from tripline.alerts where ${where}`,
      order: "sequence desc",
      parameters,
      limit: page.limit,
    });
    return pageOf({ list: "alerts", items: items.map(toAlert), hasMore, sequenceOf: ({ sequence }) => sequence });
  }

  async get(id: string): Promise<StoredAlert | null> {
    const { where, parameters } = filter({ "id = ?": id });
    const { rows } = await this.#pool.query<AlertRow>(`select sequence, body from tripline.alerts where ${where}`, [
      ...parameters,
    ]);
    return rows.map(toAlert)[0] ?? null;
  }

  async after(sequence: number, limit: number): Promise<readonly StoredAlert[]> {
    const { items } = await selectSized<AlertRow>(this.#pool, {
      select: "select sequence, body from tripline.alerts where sequence > $1",
      order: "sequence",
      parameters: [sequence],
      limit,
    });
    return items.map(toAlert);
  }

  async lastSequence(): Promise<number> {
    const { rows } = await this.#pool.query<{ last: number | null }>(
      "select max(sequence) as last from tripline.alerts",
    );
    return rows[0]!.last ?? 0;
  }
}

interface AlertRow {
  readonly sequence: number;
  readonly body: string;
}

function toAlert({ sequence, body }: AlertRow): StoredAlert {
  return { sequence, alert: JSON.parse(body) as Alert };
}

async function advance(client: Queryable, throughOffset: number): Promise<void> {
  // A replay passes offsets again whose outputs are written.
  await client.query({
    name: "advance progress",
    text: "update tripline.engine_progress set written_through = greatest(written_through, $1)",
    values: [throughOffset],
  });
}

interface AddedAlert {
  readonly sequence: number;
  readonly output: AlertOutput;
}

/** Those that were new, in order. */
async function insertAlerts(
  client: Queryable,
  { outputs, now }: { readonly outputs: readonly AlertOutput[]; readonly now: number },
): Promise<AddedAlert[]> {
  const added: AddedAlert[] = [];
  const rows = outputs.map((output) => ({ output, body: JSON.stringify(output.alert) }));
  for (const batch of batches(rows, ({ body }) => body.length)) {
    const alerts = batch.map(({ output }) => output.alert);
    const inserted = await client.query<{ id: string; sequence: number }>({
      name: "insert alerts",
      text: `insert into tripline.alerts (id, rule, severity, kind, key_id, at, body, written_at)
       select id, rule, severity, kind, key_id, at, body, $8
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::text[])
         with ordinality as new (id, rule, severity, kind, key_id, at, body, place)
       order by place
       on conflict (id) do nothing
       returning id, sequence`,
      values: [
        alerts.map(({ id }) => id),
        alerts.map(({ rule }) => rule),
        alerts.map(({ severity }) => severity),
        alerts.map(({ kind }) => kind),
        alerts.map(({ key }) => keyId(key)),
        alerts.map(({ at }) => alertTime(at)),
        textArray(batch.map(({ body }) => body)),
        new Date(now),
      ],
    });
    const outputOf = new Map(batch.map(({ output }) => [output.alert.id, output]));
    for (const { id, sequence } of inserted.rows) added.push({ sequence, output: outputOf.get(id)! });
  }
  return added.sort((a, b) => a.sequence - b.sequence);
}

/** Epoch milliseconds of what `formatTime` wrote. */
export function alertTime(at: string): number {
  if (at === "beginning") return BEGINNING_OF_TIME;
  if (at === "end") return END_OF_TIME;
  const time = parseTime(at);
  assert(time !== undefined, `${at} is not a time`);
  return time;
}
