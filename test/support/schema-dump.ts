/** A schema as statements, from the catalogs: what `pg_dump --schema-only` would say, which npm's binaries lack. */

import { type Pool, type Queryable, transaction } from "../../src/store/pool.ts";

export function dumpSchema(pool: Pool, schema: string): Promise<string> {
  return transaction(pool, async (client) => {
    await client.query("set local search_path = ''"); // so that every name has its schema, whoever asks
    return dump(client, schema);
  });
}

async function dump(client: Queryable, schema: string): Promise<string> {
  const { rows: tables } = await client.query<{ oid: number; name: string }>(
    `select c.oid, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relkind = 'r' order by c.relname`,
    [schema],
  );
  const statements = [`create schema ${schema};`];
  for (const { oid, name } of tables) {
    const parts = [...(await column(client, COLUMNS, oid)), ...(await column(client, CONSTRAINTS, oid))];
    statements.push(`create table ${schema}.${name} (\n${parts.map((part) => `  ${part}`).join(",\n")}\n);`);
    statements.push(...(await column(client, INDEXES, oid)).map((index) => `${index};`));
  }
  return `${statements.join("\n\n")}\n`;
}

async function column(client: Queryable, statement: string, table: number): Promise<string[]> {
  const { rows } = await client.query<{ text: string }>(statement, [table]);
  return rows.map(({ text }) => text);
}

const COLUMNS = `
  select attname || ' ' || format_type(atttypid, atttypmod)
    || case when attstorage <> typstorage then ' storage external' else '' end
    || case when attidentity = 'a' then ' generated always as identity' else '' end
    || coalesce(' default ' || pg_get_expr(adbin, adrelid), '')
    || case when attnotnull then ' not null' else '' end as text
  from pg_attribute
  join pg_type on pg_type.oid = atttypid
  left join pg_attrdef on adrelid = attrelid and adnum = attnum
  where attrelid = $1 and attnum > 0 and not attisdropped order by attnum`;

const CONSTRAINTS = `
  select 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) as text
  from pg_constraint where conrelid = $1 and contype <> 'n' order by contype <> 'p', conname`;

const INDEXES = `
  select pg_get_indexdef(indexrelid) as text from pg_index
  where indrelid = $1 and not exists (select from pg_constraint where conindid = indexrelid and conrelid = indrelid)
  order by indexrelid::regclass::text`;
