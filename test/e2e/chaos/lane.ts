/**
 * A Postgres for one run after another, which gives each a database of its own: making a new cluster for each would take most
 * of the time. Runs of other lanes do not notice what befalls it.
 */

import { setTimeout as sleep } from "node:timers/promises";
import path from "node:path";
import pg from "pg";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../../src/app/embedded-postgres.ts";
import { UserError } from "../../../src/core/errors.ts";
import { migrateQueue } from "../../../src/delivery/queue.ts";
import { migrate } from "../../../src/store/migrate.ts";
import { createPool, createQueuePool } from "../../../src/store/pool.ts";
import { type Database, killPostgres, type SinkTable, type Trouble } from "./database.ts";
import { mountSmallDisk, type SmallDisk } from "./small-disk.ts";

/** What the machine's own crash could lose is not lost when processes are killed; commits wait for the log all the same. */
const SETTINGS = {
  fsync: "off",
  full_page_writes: "off",
  max_connections: "100",
  max_prepared_transactions: "10",
  shared_buffers: "32MB",
};
const TEMPLATE = "migrated";
const NAME = "run";

export class Lane {
  readonly #postgres: EmbeddedPostgres;
  readonly #disk: SmallDisk | null;
  #runs = 0;

  private constructor(postgres: EmbeddedPostgres, disk: SmallDisk | null) {
    this.#postgres = postgres;
    this.#disk = disk;
  }

  static async start(folder: string): Promise<Lane> {
    const postgres = await startEmbeddedPostgres({
      dataDir: folder,
      settings: SETTINGS,
      initdbFlags: ["--no-sync"],
    });
    const disk = await mountSmallDisk(path.join(folder, "disk"), postgres.folder);
    const lane = new Lane(postgres, disk);
    await lane.#query(`create database ${TEMPLATE}`);
    await migrateAll(lane.#url(TEMPLATE));
    if (disk !== null) await lane.#query(`create tablespace small location '${disk.folder}'`);
    return lane;
  }

  get canFillDisk(): boolean {
    return this.#disk !== null;
  }

  /** Empty, and ready; the last one is gone. */
  async newDatabase(): Promise<Database> {
    await this.#query(`drop database if exists ${NAME} with (force)`);
    const place = this.#disk === null ? "" : "tablespace small";
    await this.#query(`create database ${NAME} template ${TEMPLATE} strategy file_copy ${place}`);
    const sink = `sink_${++this.#runs}`; // that of a run that went wrong may have transactions, and could not be dropped
    await this.#query(`create database ${sink}`);
    return {
      env: {
        DATABASE_URL: this.#url(NAME),
        TRIPLINE_ALERT_SINK_URL: this.#url(sink),
        TRIPLINE_ALERT_SINK: "two-phase",
      },
      troubles: ["database", "connections", this.canFillDisk ? "disk" : "refusals", "alerts", "sink"],
      sink: this.#sinkTable(sink),
      befall: (trouble, during) => this.#befall(trouble, during),
    };
  }

  async stop(): Promise<void> {
    await this.#postgres.stop();
    await this.#disk?.remove();
  }

  async #befall(trouble: Trouble, during: () => Promise<void>): Promise<void> {
    switch (trouble) {
      case "database":
        await killPostgres(this.#postgres.folder);
        await this.#postgres.exited();
        await during();
        await this.#startAgain();
        return;
      case "connections":
        await this.#cut(NAME);
        return;
      case "sink":
        await this.#cut(`sink_${this.#runs}`);
        return;
      case "disk": {
        const giveBack = await this.#disk!.fill();
        await during();
        await giveBack();
        return;
      }
      case "refusals":
        await this.#query(REFUSE, NAME);
        await during();
        await this.#query(REFUSE_NO_MORE, NAME);
        return;
      case "alerts":
        await this.#connected(NAME, async (client) => {
          await client.query("begin; lock table tripline.alerts in share mode");
          await during();
        });
        return;
    }
  }

  #sinkTable(database: string): SinkTable {
    return {
      ids: () => this.#column(database, "select id as value from tripline_alerts"),
      prepared: async () => (await this.#column(database, PREPARED)).length,
    };
  }

  #cut(database: string): Promise<void> {
    return this.#query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`);
  }

  /** The processes of the server that was killed need a moment to end. */
  async #startAgain(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#postgres.startAgain();
      } catch (error) {
        if (attempt === START_ATTEMPTS || !(error instanceof UserError)) throw error;
        await sleep(START_PAUSE_MS);
      }
    }
  }

  #query(statement: string, database = "postgres"): Promise<void> {
    return this.#connected(database, async (client) => void (await client.query(statement)));
  }

  async #column(database: string, query: string): Promise<readonly string[]> {
    let values: readonly string[] = [];
    await this.#connected(database, async (client) => {
      const { rows } = await client.query<{ value: string }>(query);
      values = rows.map(({ value }) => value);
    });
    return values;
  }

  async #connected(database: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
    const client = new pg.Client(this.#url(database));
    await client.connect();
    try {
      await use(client);
    } finally {
      await client.end();
    }
  }

  #url(database: string): string {
    const url = new URL(this.#postgres.url);
    url.pathname = `/${database}`;
    return url.href;
  }
}

const PREPARED = "select gid as value from pg_prepared_xacts where database = current_database()";
const START_ATTEMPTS = 40;
const START_PAUSE_MS = 250;

const WRITTEN = ["log_chunks", "alerts", "deliveries", "checkpoint_chunks"];
/** With the code of a full disk, which a client cannot tell from one. */
const REFUSE = `
  create or replace function refuse() returns trigger language plpgsql as $$
    begin raise exception 'refused, as if the disk were full' using errcode = 'disk_full'; end $$;
  ${WRITTEN.map((table) => `create trigger refuse before insert on tripline.${table} execute function refuse();`).join("\n")}`;
const REFUSE_NO_MORE = WRITTEN.map((table) => `drop trigger refuse on tripline.${table};`).join("\n");

async function migrateAll(url: string): Promise<void> {
  const pool = createPool(url);
  const queuePool = createQueuePool(url);
  await migrate(pool);
  await migrateQueue(queuePool);
  await Promise.all([pool.end(), queuePool.end()]);
}
