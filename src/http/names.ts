/** Lists that are held in memory, in the order of their names or versions: their pages. */

import { UserError } from "../core/errors.ts";
import type { Page, PageRequest } from "../engine/ports.ts";

interface Named {
  readonly name: string;
}

/** The names, for a message about one that is not among them. */
export function namesOf(items: readonly Named[]): readonly string[] {
  return items.map(({ name }) => name);
}

/** One page in order of name; the cursor is the last name seen, so names that come and go in between do no harm. */
export function pageByName<T extends Named>(items: readonly T[], request: PageRequest): Page<T> {
  const sorted = [...items].sort((a, b) => (a.name < b.name ? -1 : 1));
  return pageOf(sorted, request, { textOf: ({ name }) => name, isAfter: ({ name }, last) => name > last });
}

/** The same in order of version, in which they are. */
export function pageByVersion<T extends { readonly version: number }>(
  items: readonly T[],
  request: PageRequest,
): Page<T> {
  return pageOf(items, request, {
    textOf: ({ version }) => String(version),
    isAfter: ({ version }, last) => version > Number(last),
  });
}

/** The same by id, the greatest first, as they are. */
export function pageById<T extends { readonly id: number }>(items: readonly T[], request: PageRequest): Page<T> {
  return pageOf(items, request, {
    textOf: ({ id }) => String(id),
    isAfter: ({ id }, last) => id < Number(last),
  });
}

function pageOf<T>(
  sorted: readonly T[],
  { limit, cursor }: PageRequest,
  { textOf, isAfter }: { readonly textOf: (item: T) => string; readonly isAfter: (item: T, last: string) => boolean },
): Page<T> {
  const before = cursor === null ? null : decoded(cursor);
  const rest = before === null ? sorted : sorted.filter((item) => isAfter(item, before));
  const shown = rest.slice(0, limit);
  const hasMore = rest.length > shown.length;
  return { items: shown, nextCursor: hasMore ? Buffer.from(textOf(shown.at(-1)!)).toString("base64url") : null };
}

function decoded(cursor: string): string {
  const text = Buffer.from(cursor, "base64url").toString();
  if (Buffer.from(text).toString("base64url") !== cursor) throw badCursor(cursor);
  return text;
}

function badCursor(cursor: string): UserError {
  return new UserError({
    code: "bad-cursor",
    message: `\`${cursor}\` is no cursor; expected the \`nextCursor\` of a page of this list`,
    hint: "leave `cursor` away for the first page",
  });
}
