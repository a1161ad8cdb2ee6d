/** Cursors of paged lists: opaque to a client, and good for the one list that gave them. */

import { UserError } from "../core/errors.ts";
import { limits } from "../core/limits.ts";
import type { Page, PageRequest } from "../engine/ports.ts";

export type ListName = "alerts" | "deliveries" | "late";

export function encodeCursor(list: ListName, sequence: number): string {
  return Buffer.from(`${list}:${sequence}`).toString("base64url");
}

/** The sequence that the page before ended with; null for the first page. UserError `bad-cursor` for what we did not give. */
export function decodeCursor(list: ListName, cursor: string | null): number | null {
  if (cursor === null) return null;
  const [name, sequence] = Buffer.from(cursor, "base64url").toString().split(":");
  if (name === list && /^[1-9]\d{0,15}$/.test(sequence ?? "")) return Number(sequence);
  throw new UserError({
    code: "bad-cursor",
    message: `the cursor ${JSON.stringify(cursor)} is not one that this list gave`,
    hint: "use nextCursor of the page before, as it is; or leave it out for the first page",
  });
}

/** A page out of the items found when one more than the page's limit was asked for; it ends where its bytes do, too. */
export function toPage<T>({
  list,
  found,
  request,
  sequenceOf,
  bytesOf = () => 0,
}: {
  list: ListName;
  found: readonly T[];
  request: PageRequest;
  sequenceOf: (item: T) => number;
  bytesOf?: (item: T) => number;
}): Page<T> {
  let bytes = 0;
  const items: T[] = [];
  for (const item of found) {
    if (items.length === request.limit || bytes >= limits.pageBytesMax) break;
    items.push(item);
    bytes += bytesOf(item);
  }
  return pageOf({ list, items, hasMore: found.length > items.length, sequenceOf });
}

export function pageOf<T>({
  list,
  items,
  hasMore,
  sequenceOf,
}: {
  list: ListName;
  items: readonly T[];
  hasMore: boolean;
  sequenceOf: (item: T) => number;
}): Page<T> {
  return { items, nextCursor: hasMore ? encodeCursor(list, sequenceOf(items.at(-1)!)) : null };
}
