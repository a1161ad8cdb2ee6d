/** Checkpoints in Postgres: a row each, written and tidied up by one statement. The connections are the caller's. */

import pg from "pg";
import { UserError } from "../../core/errors.ts";
import { checkCount } from "../../stream/checks.ts";
import type { JobSnapshot } from "./job-snapshot.ts";
import type { SnapshotStore } from "./snapshot-store.ts";

export interface PostgresSnapshotsOptions {
  /** A pool, or a client; it stays open. */
  readonly on: Pick<pg.ClientBase, "query">;
  /** One job at a time has the name. */
  readonly job: string;
  /** Made if there is none; jobs may share it. Default: `tripline_job_checkpoints`. */
  readonly table?: string;
  /** How many are kept. Default: 3. */
  readonly retained?: number;
}

/** UserError `bad-argument`. */
export function postgresSnapshots({
  on,
  job,
  table = "tripline_job_checkpoints",
  retained = 3,
}: PostgresSnapshotsOptions): SnapshotStore {
  checkCount({ what: `the \`retained\` of checkpoints of ${job}`, value: retained });
  const name = table.split(".").map(pg.escapeIdentifier).join(".");
  let made: Promise<unknown> | null = null;
  const query = async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]> => {
    made ??= on.query(createStatement(name)).catch((error: unknown) => {
      made = null; // the next call tries again
      throw error;
    });
    await made;
    return (await on.query<Row>(text, [...values])).rows;
  };
  return {
    async list() {
      const rows = await query<{ id: string }>(`select id::text from ${name} where job = $1 order by ${name}.id`, [
        job,
      ]);
      return rows.map(({ id }) => Number(id));
    },
    async read(id) {
      const [row] = await query<{ snapshot: string }>(`select snapshot::text from ${name} where job = $1 and id = $2`, [
        job,
        id,
      ]);
      if (row === undefined) throw gone(job, id);
      return JSON.parse(row.snapshot) as JobSnapshot;
    },
    async write(snapshot) {
      await query(writeStatement(name), [job, snapshot.id, JSON.stringify(snapshot), retained - 1]);
    },
  };
}

function createStatement(table: string): string {
  return `create table if not exists ${table} (
    job text, id bigint, snapshot json not null, written_at timestamptz not null default now(), primary key (job, id)
  )`;
}

/** The row that is written is not there yet for the rest of its statement. */
function writeStatement(table: string): string {
  return `with written as (insert into ${table} (job, id, snapshot) values ($1, $2, $3))
    delete from ${table} where job = $1
      and id not in (select id from ${table} where job = $1 order by id desc limit $4)`;
}

function gone(job: string, id: number): UserError {
  return new UserError({ code: "damaged-checkpoint", message: `checkpoint ${id} of ${job} is not there any more` });
}
