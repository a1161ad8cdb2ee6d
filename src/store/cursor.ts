/** Cursors of paged lists: opaque to a client, and good for the one list that gave them. */

import { UserError } from "../core/errors.ts";
import type { Page, PageRequest } from "../engine/ports.ts";

export type ListName = "alerts" | "deliveries";

export function encodeCursor(list: ListName, sequence: number): string {
  return Buffer.from(`${list}:${sequence}`).toString("base64url");
}

/** The sequence below which a page begins; null for the first page. UserError `bad-cursor` for what we did not give. */
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

/** A page out of the items found when one more than the page's limit was asked for. */
export function toPage<T>({
  list,
  found,
  request,
  sequenceOf,
}: {
  list: ListName;
  found: readonly T[];
  request: PageRequest;
  sequenceOf: (item: T) => number;
}): Page<T> {
  const items = found.slice(0, request.limit);
  const hasMore = found.length > items.length;
  return { items, nextCursor: hasMore ? encodeCursor(list, sequenceOf(items.at(-1)!)) : null };
}
