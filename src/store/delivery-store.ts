/** Deliveries in Postgres, for people to read and to retry. */

import type {
  Clock,
  Delivery,
  DeliveryAttempt,
  DeliveryQuery,
  DeliveryReader,
  DeliveryStatus,
  Page,
  PageRequest,
} from "../engine/ports.ts";
import { decodeCursor, toPage } from "./cursor.ts";
import { filter } from "./filter.ts";
import { queueAfresh } from "./outbox.ts";
import { type Pool, transaction } from "./pool.ts";

export class PostgresDeliveryStore implements DeliveryReader {
  readonly #pool: Pool;
  readonly #clock: Clock;

  constructor({ pool, clock }: { pool: Pool; clock: Clock }) {
    this.#pool = pool;
    this.#clock = clock;
  }

  async list(query: DeliveryQuery, page: PageRequest): Promise<Page<Delivery>> {
    const { where, parameters } = filter({
      "alert_id = ?": query.alert,
      "destination = ?": query.destination,
      "status = ?": query.status,
      "sequence < ?": decodeCursor("deliveries", page.cursor),
    });
    const rows = await this.#select(`where ${where} order by sequence desc limit ${page.limit + 1}`, parameters);
    const found = toPage({ list: "deliveries", found: rows, request: page, sequenceOf: ({ sequence }) => sequence });
    return { items: await this.#withAttempts(found.items), nextCursor: found.nextCursor };
  }

  async get(id: string): Promise<Delivery | null> {
    const { where, parameters } = filter({ "id = ?": id });
    const [found] = await this.#withAttempts(await this.#select(`where ${where}`, parameters));
    return found ?? null;
  }

  retry(id: string): Promise<boolean | null> {
    const { where, parameters } = filter({ "id = ?": id });
    return transaction(this.#pool, async (client) => {
      const queued = await queueAfresh({
        client,
        where: `${where} and status in ('dead', 'waiting')`,
        parameters,
        now: this.#clock.now(),
      });
      if (queued > 0) return true;
      const { rowCount } = await client.query(`select from tripline.deliveries where ${where}`, [...parameters]);
      return rowCount === 0 ? null : false;
    });
  }

  async #select(clauses: string, parameters: readonly unknown[]): Promise<DeliveryRow[]> {
    const { rows } = await this.#pool.query<DeliveryRow>(
      `select sequence, id, alert_id, destination, status, created_at from tripline.deliveries ${clauses}`,
      [...parameters],
    );
    return rows;
  }

  async #withAttempts(deliveries: readonly DeliveryRow[]): Promise<Delivery[]> {
    const { rows } = await this.#pool.query<AttemptRow>(
      `select delivery_id, attempt, at, status, latency_ms, error, response_excerpt from tripline.delivery_attempts
       where delivery_id = any($1) order by delivery_id, attempt`,
      [deliveries.map(({ id }) => id)],
    );
    const attemptsOf = new Map<string, DeliveryAttempt[]>(deliveries.map(({ id }) => [id, []]));
    for (const row of rows) attemptsOf.get(row.delivery_id)?.push(toAttempt(row));
    return deliveries.map(({ id, alert_id, destination, status, created_at }) => ({
      id,
      alert: alert_id,
      destination,
      status,
      createdAt: created_at.toISOString(),
      attempts: attemptsOf.get(id) ?? [],
    }));
  }
}

interface DeliveryRow {
  readonly sequence: number;
  readonly id: string;
  readonly alert_id: string;
  readonly destination: string;
  readonly status: DeliveryStatus;
  readonly created_at: Date;
}

interface AttemptRow {
  readonly delivery_id: string;
  readonly attempt: number;
  readonly at: Date;
  readonly status: number | null;
  readonly latency_ms: number;
  readonly error: string | null;
  readonly response_excerpt: string | null;
}

function toAttempt({ attempt, at, status, latency_ms, error, response_excerpt }: AttemptRow): DeliveryAttempt {
  return {
    attempt,
    at: at.toISOString(),
    status,
    latencyMs: latency_ms,
    error,
    responseExcerpt: response_excerpt,
  };
}
