/** Destinations in Postgres. A secret lies there as it was given: who reads the database can sign. */

import { canonicalJson } from "../core/canonical-json.ts";
import type { Json } from "../core/event.ts";
import type { Clock, Destination, DestinationStore } from "../engine/ports.ts";
import { filter } from "./filter.ts";
import { queueAfresh } from "./outbox.ts";
import { type Pool, transaction } from "./pool.ts";

export class PostgresDestinationStore implements DestinationStore {
  readonly #pool: Pool;
  readonly #clock: Clock;

  constructor({ pool, clock }: { pool: Pool; clock: Clock }) {
    this.#pool = pool;
    this.#clock = clock;
  }

  put(destination: Destination): Promise<"created" | "changed" | "unchanged"> {
    return transaction(this.#pool, async (client) => {
      const { rows } = await client.query<{ is_new: boolean }>(
        `insert into tripline.destinations as d (name, settings) values ($1, $2)
         on conflict (name) do update set settings = excluded.settings where d.settings <> excluded.settings
         returning xmax = 0 as is_new`,
        [destination.name, canonicalJson(destination as unknown as Json)],
      );
      await queueAfresh({
        client,
        where: "destination = $1 and status = 'waiting'",
        parameters: [destination.name],
        now: this.#clock.now(),
      });
      if (rows.length === 0) return "unchanged";
      return rows[0]!.is_new ? "created" : "changed";
    });
  }

  async get(name: string): Promise<Destination | null> {
    const { where, parameters } = filter({ "name = ?": name });
    return (await this.#select(`where ${where}`, parameters))[0] ?? null;
  }

  list(): Promise<readonly Destination[]> {
    return this.#select('order by name collate "C"', []);
  }

  async remove(name: string): Promise<boolean> {
    const { where, parameters } = filter({ "name = ?": name });
    const { rowCount } = await this.#pool.query(`delete from tripline.destinations where ${where}`, [...parameters]);
    return rowCount === 1;
  }

  async #select(clauses: string, parameters: readonly unknown[]): Promise<Destination[]> {
    const { rows } = await this.#pool.query<{ settings: string }>(
      `select settings from tripline.destinations ${clauses}`,
      [...parameters],
    );
    return rows.map(({ settings }) => JSON.parse(settings) as Destination);
  }
}
