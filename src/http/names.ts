/** Lists in order of name, held in memory: their pages. */

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
export function pageByName<T extends Named>(items: readonly T[], { limit, cursor }: PageRequest): Page<T> {
  const after = cursor === null ? "" : Buffer.from(cursor, "base64url").toString();
  if (cursor !== null && Buffer.from(after).toString("base64url") !== cursor) throw badCursor(cursor);
  const rest = items.filter(({ name }) => name > after).sort((a, b) => (a.name < b.name ? -1 : 1));
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor = last === undefined || rest.length <= limit ? null : Buffer.from(last.name).toString("base64url");
  return { items: shown, nextCursor };
}

function badCursor(cursor: string): UserError {
  return new UserError({
    code: "bad-cursor",
    message: `\`${cursor}\` is no cursor; expected the \`nextCursor\` of a page of this list`,
    hint: "leave `cursor` away for the first page",
  });
}
