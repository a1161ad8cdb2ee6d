/** Pages of rows that can be big, which end where their bytes do, too: nothing beyond that is read out of the database. */

import { limits } from "../core/limits.ts";
import type { Queryable } from "./pool.ts";

export interface SizedSelect {
  /** A select without an order, of rows with a `body`. */
  readonly select: string;
  readonly order: string;
  readonly parameters: readonly unknown[];
  readonly limit: number;
}

export async function selectSized<Row extends { readonly body: string }>(
  database: Queryable,
  { select, order, parameters, limit }: SizedSelect,
): Promise<{ readonly items: readonly Row[]; readonly hasMore: boolean }> {
  const { rows } = await database.query<Row & { readonly found: number }>(
    `with page as (${select} order by ${order} limit ${limit + 1}),
       sized as (
         select *, count(*) over () as found, sum(octet_length(body)) over (order by ${order}) as bytes_through
         from page)
     select * from sized where bytes_through - octet_length(body) < ${limits.pageBytesMax} order by ${order}`,
    [...parameters],
  );
  const items = rows.slice(0, limit);
  return { items, hasMore: items.length < (rows[0]?.found ?? 0) };
}
