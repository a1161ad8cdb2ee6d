/** A table of somebody's that rows are put into: what becomes which column, and the statements for it. */

import pg from "pg";
import { unreachable } from "../../core/assert.ts";
import { batches } from "../../core/batches.ts";
import { UserError } from "../../core/errors.ts";

export interface PostgresTable<T> {
  /** `alerts`, or with its schema: `public.alerts`. */
  readonly name: string;
  readonly columns: readonly PostgresColumn<T>[];
  /** Columns that tell rows apart. It is what a table that is made gets as its primary key; none: it gets none. */
  readonly key?: readonly string[];
}

export interface PostgresColumn<T> {
  readonly name: string;
  /** As `create table` has it: `text`, `bigint`, `timestamptz`, `jsonb`. */
  readonly type: string;
  /** As Postgres reads it in text; null is NULL. An object, and all that is for a `json` or `jsonb` column, is written as JSON. */
  readonly value: (value: T) => null | boolean | number | string | object;
}

/** What a statement runs on: a pool, or a client inside a transaction. */
export type Queryable = Pick<pg.ClientBase, "query">;

/** What becomes of a row whose key is there: the statement fails, nothing, or the row that is there is replaced. */
export type OnConflict = "fail" | "nothing" | "update";

/** One row for each value, in their order, in as few statements as their size allows. */
export async function insertRows<T>(
  on: Queryable,
  { table, values, onConflict }: { table: PostgresTable<T>; values: readonly T[]; onConflict: OnConflict },
): Promise<void> {
  const statement = insertStatement(table, onConflict);
  const rows = values.map((value) => table.columns.map((column) => parameter(column, value)));
  for (const batch of batches(rows, charsOf)) {
    const byColumn = table.columns.map((_, column) => batch.map((row) => row[column]!));
    await on.query(statement, byColumn);
  }
}

/**
 * Makes the table if there is none. UserErrors: `sink-table` when it is not one that takes these columns, `sink-table-without-key`
 * when rows that come again would be there twice.
 */
export async function requireTable<T>(
  on: Queryable,
  table: PostgresTable<T>,
  { isUnique }: { readonly isUnique: boolean },
): Promise<void> {
  const name = quotedTable(table.name);
  const columns = table.columns.map((column) => pg.escapeIdentifier(column.name)).join(", ");
  try {
    const { rows } = await on.query<{ id: string | null }>("select to_regclass($1)::text as id", [name]);
    if (rows[0]!.id === null) await on.query(createStatement(table));
    await on.query(`select ${columns} from ${name} limit 0`);
  } catch (error) {
    if (isRefusal(error)) throw refusedTable(table.name, error);
    throw error;
  }
  if (isUnique && !(await hasKey(on, name))) throw withoutKey(table);
}

/** UserError `bad-argument` for a table without a key whose rows are to be replaced by it. */
export function checkConflict<T>({ name, columns, key = [] }: PostgresTable<T>, onConflict: OnConflict): void {
  const stranger = key.find((column) => !columns.some((other) => other.name === column));
  if (stranger !== undefined || (onConflict === "update" && key.length === 0)) throw badKey(name, stranger);
}

function insertStatement<T>(table: PostgresTable<T>, onConflict: OnConflict): string {
  const { name, columns } = table;
  const names = columns.map((column) => pg.escapeIdentifier(column.name)).join(", ");
  const fields = columns.map((_, index) => `c${index}`).join(", ");
  const casts = columns.map(({ type }, index) => `c${index}::${type}`).join(", ");
  const arrays = columns.map((_, index) => `$${index + 1}::text[]`).join(", ");
  const given = `unnest(${arrays}) with ordinality as new (${fields}, place)`;
  const rows = onConflict === "update" ? `(${newestOfKey(table, given)}) as new` : given;
  return (
    `insert into ${quotedTable(name)} (${names}) select ${casts} from ${rows} order by place` +
    conflictClause(table, onConflict)
  );
}

/** One statement may not replace a row twice. */
function newestOfKey<T>({ columns, key = [] }: PostgresTable<T>, given: string): string {
  const fields = columns.flatMap(({ name, type }, index) => (key.includes(name) ? [`c${index}::${type}`] : []));
  return `select distinct on (${fields.join(", ")}) * from ${given} order by ${fields.join(", ")}, place desc`;
}

function conflictClause<T>({ columns, key = [] }: PostgresTable<T>, onConflict: OnConflict): string {
  switch (onConflict) {
    case "fail":
      return "";
    case "nothing":
      return " on conflict do nothing";
    case "update": {
      const others = columns.map(({ name }) => name).filter((name) => !key.includes(name));
      const target = key.map((name) => pg.escapeIdentifier(name)).join(", ");
      const changes = others.map((name) => `${pg.escapeIdentifier(name)} = excluded.${pg.escapeIdentifier(name)}`);
      return ` on conflict (${target}) do ${changes.length === 0 ? "nothing" : `update set ${changes.join(", ")}`}`;
    }
    default:
      return unreachable(onConflict);
  }
}

function createStatement<T>({ name, columns, key = [] }: PostgresTable<T>): string {
  const lines = columns.map((column) => `${pg.escapeIdentifier(column.name)} ${column.type}`);
  if (key.length > 0) lines.push(`primary key (${key.map((column) => pg.escapeIdentifier(column)).join(", ")})`);
  return `create table if not exists ${quotedTable(name)} (${lines.join(", ")})`;
}

function quotedTable(name: string): string {
  return name.split(".").map(pg.escapeIdentifier).join(".");
}

function parameter<T>({ type, value }: PostgresColumn<T>, of: T): string | null {
  const found = value(of) ?? null; // a field that is not there is undefined
  if (found === null) return null;
  return typeof found === "object" || /^jsonb?$/i.test(type) ? JSON.stringify(found) : String(found);
}

function charsOf(row: readonly (string | null)[]): number {
  return row.reduce((sum, text) => sum + (text?.length ?? 0), 0);
}

async function hasKey(on: Queryable, name: string): Promise<boolean> {
  const { rows } = await on.query<{ found: boolean }>(
    "select exists (select from pg_index where indrelid = $1::regclass and indisunique and indpred is null) as found",
    [name],
  );
  return rows[0]!.found;
}

/** Undefined or misused names, types, and what we may not do: not what passes by itself. */
function isRefusal(error: unknown): error is Error {
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" && /^(?:42|3F|0A)/.test(code);
}

function refusedTable(name: string, { message }: Error): UserError {
  return new UserError({
    code: "sink-table",
    message: `the table ${name} cannot be written to: ${message}`,
    hint: "give it the columns that are written, or let it be made: where there is none of that name, it is",
  });
}

function badKey(table: string, stranger: string | undefined): UserError {
  return new UserError({
    code: "bad-argument",
    message:
      stranger === undefined
        ? `rows of ${table} are to be replaced by their key, and it has no \`key\`; expected the columns that tell rows apart`
        : `the key of ${table} has ${JSON.stringify(stranger)}; expected some of its columns`,
  });
}

function withoutKey<T>({ name, key = [] }: PostgresTable<T>): UserError {
  const columns = key.length > 0 ? key.join(", ") : "...";
  return new UserError({
    code: "sink-table-without-key",
    message: `the table ${name} has no unique index: a row that is written again would be there twice`,
    hint: `add one (\`alter table ${name} add primary key (${columns})\`), or write in two phases`,
  });
}
