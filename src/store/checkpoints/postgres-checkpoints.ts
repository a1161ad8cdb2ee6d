/** Checkpoints in Postgres: one transaction for a manifest and its chunks. */

import { batches } from "../../core/batches.ts";
import type { CheckpointStore } from "../../engine/checkpoint/checkpoint-port.ts";
import { type Pool, type Queryable, transaction } from "../pool.ts";
import { BackedCheckpointStore } from "./backed-store.ts";
import type { CheckpointBackend, CheckpointBytes, CheckpointChanges, SealedChunk } from "./backend.ts";

interface Options {
  readonly pool: Pool;
  readonly mayWrite?: () => Promise<void>;
}

export function postgresCheckpoints(options: Options): CheckpointStore {
  return new BackedCheckpointStore(new PostgresCheckpoints(options));
}

class PostgresCheckpointBytes implements CheckpointBytes {
  readonly #on: Queryable;

  constructor(on: Queryable) {
    this.#on = on;
  }

  async manifests(): Promise<ReadonlyMap<number, string>> {
    const { rows } = await this.#on.query<{ id: number; manifest: string }>(
      "select id, manifest from tripline.checkpoints",
    );
    return new Map(rows.map(({ id, manifest }) => [id, manifest]));
  }

  async manifest(id: number): Promise<string | null> {
    const { rows } = await this.#on.query<{ manifest: string }>(
      "select manifest from tripline.checkpoints where id = $1",
      [id],
    );
    return rows[0]?.manifest ?? null;
  }

  async chunks(ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const { rows } = await this.#on.query<{ id: string; body: Buffer }>(
      "select id, body from tripline.checkpoint_chunks where id = any($1::text[])",
      [ids],
    );
    return new Map(rows.map(({ id, body }) => [id, body]));
  }
}

export class PostgresCheckpoints extends PostgresCheckpointBytes implements CheckpointBackend {
  readonly place = "the database";
  readonly #pool: Pool;
  readonly #mayWrite: () => Promise<void>;

  constructor({ pool, mayWrite = () => Promise.resolve() }: Options) {
    super(pool);
    this.#pool = pool;
    this.#mayWrite = mayWrite;
  }

  async exclusively<T>(work: (changes: CheckpointChanges) => Promise<T>): Promise<T> {
    await this.#mayWrite();
    return await transaction(this.#pool, async (client) => {
      await client.query("lock table tripline.checkpoints in share row exclusive mode");
      return await work(new PostgresCheckpointChanges(client));
    });
  }
}

class PostgresCheckpointChanges extends PostgresCheckpointBytes implements CheckpointChanges {
  readonly #client: Queryable;

  constructor(client: Queryable) {
    super(client);
    this.#client = client;
  }

  async putChunks(chunks: readonly SealedChunk[]): Promise<void> {
    // Not by arrays, as elsewhere: an array of bytes is sent as text, twice as long.
    const rows = chunks.map((_, index) => `($${2 * index + 1}, $${2 * index + 2})`);
    await this.#client.query(
      `insert into tripline.checkpoint_chunks (id, body) values ${rows.join(", ")}
       on conflict (id) do update set body = excluded.body`,
      chunks.flatMap(({ id, sealed }) => [id, sealed]),
    );
  }

  async missing(ids: readonly string[]): Promise<readonly string[]> {
    const there = new Set<string>();
    for (const batch of batches(ids)) {
      const { rows } = await this.#client.query<{ id: string }>(
        "select id from tripline.checkpoint_chunks where id = any($1::text[])",
        [batch],
      );
      for (const { id } of rows) there.add(id);
    }
    return ids.filter((id) => !there.has(id));
  }

  async putManifest(id: number, text: string): Promise<void> {
    await this.#client.query("insert into tripline.checkpoints (id, manifest) values ($1, $2)", [id, text]);
  }

  async removeManifests(ids: readonly number[]): Promise<void> {
    await this.#client.query("delete from tripline.checkpoints where id = any($1::bigint[])", [ids]);
  }

  async retainChunks(ids: ReadonlySet<string>): Promise<number> {
    const { rowCount } = await this.#client.query(
      `delete from tripline.checkpoint_chunks chunk
       where not exists (select from unnest($1::text[]) as needed (id) where needed.id = chunk.id)`,
      [[...ids]],
    );
    return rowCount ?? 0;
  }
}
