/** What a change of a named list comes to, worked out before it is logged: refused where a limit would be passed. */

import { UserError } from "../../core/errors.ts";
import { limits } from "../../core/limits.ts";
import type { ListChange, ListValue } from "../log/log-record.ts";
import { listValueBytes, type Lists, type NamedList } from "../named-lists.ts";
import { unknownList } from "./unknown.ts";

export interface ListPlan {
  readonly change: "created" | "updated" | "unchanged";
  /** Values that come in, and that go. */
  readonly added: number;
  readonly removed: number;
  /** Values afterwards. */
  readonly count: number;
}

/** UserErrors `unknown-list`, `bad-list-name`, `list-too-large`, `too-many-lists`. */
export function planListChange(
  lists: Lists,
  { name, change }: { readonly name: string; readonly change: ListChange },
): ListPlan {
  const before = lists.get(name);
  if (before === undefined && !("put" in change)) throw unknownList(name, namesOf(lists));
  if (before === undefined) requireName(name);
  const { added, removed } = difference(before?.values ?? new Set(), change);
  const count = (before?.values.size ?? 0) + added.size - removed.size;
  const bytes = (before?.bytes ?? 0) + bytesOf(added) - bytesOf(removed);
  if (added.size > 0) requireRoom(lists, { name, before, count, bytes });
  if (before === undefined) requireRoomForOneMore(lists);
  const isSame = added.size === 0 && removed.size === 0 && !("removed" in change);
  return {
    change: before === undefined ? "created" : isSame ? "unchanged" : "updated",
    added: added.size,
    removed: removed.size,
    count,
  };
}

interface Difference {
  readonly added: ReadonlySet<ListValue>;
  readonly removed: ReadonlySet<ListValue>;
}

function difference(before: ReadonlySet<ListValue>, change: ListChange): Difference {
  if ("removed" in change) return { added: new Set(), removed: before };
  const [wanted, unwanted] = "put" in change ? [change.put, before] : [change.add, new Set(change.remove)];
  const stays = new Set(wanted);
  return {
    added: new Set(wanted.filter((value) => !before.has(value))),
    removed: new Set([...unwanted].filter((value) => before.has(value) && !stays.has(value))),
  };
}

function bytesOf(values: Iterable<ListValue>): number {
  let bytes = 0;
  for (const value of values) bytes += listValueBytes(value);
  return bytes;
}

function requireName(name: string): void {
  if (name.length <= limits.nameCharsMax && /^[^\p{Cc}]+$/u.test(name)) return;
  throw new UserError({
    code: "bad-list-name",
    message: `the name is ${JSON.stringify(name.slice(0, limits.nameCharsMax))}; expected 1 to ${limits.nameCharsMax} characters, and none that controls a terminal`,
  });
}

function requireRoom(
  lists: Lists,
  {
    name,
    before,
    count,
    bytes,
  }: {
    readonly name: string;
    readonly before: NamedList | undefined;
    readonly count: number;
    readonly bytes: number;
  },
): void {
  if (count > limits.listValuesMax) throw tooLarge(name, `${count} values`, `${limits.listValuesMax}`);
  if (bytes > limits.listBytesMax) throw tooLarge(name, `${bytes} bytes as JSON`, `${limits.listBytesMax}`);
  let all = bytes - (before?.bytes ?? 0);
  for (const [, list] of lists.all()) all += list.bytes;
  if (all > limits.listsBytesMax) {
    throw tooLarge(name, `${bytes} bytes as JSON, and all lists together ${all}`, `${limits.listsBytesMax} together`);
  }
}

function tooLarge(name: string, found: string, most: string): UserError {
  return new UserError({
    code: "list-too-large",
    message: `\`${name}\` would have ${found}; ${most} are the most`,
    hint: 'divide it: a rule can ask `x in list("a") or x in list("b")`',
  });
}

function requireRoomForOneMore(lists: Lists): void {
  const count = namesOf(lists).length;
  if (count < limits.listsMax) return;
  throw new UserError({
    code: "too-many-lists",
    message: `there are ${count} lists, and ${limits.listsMax} are the most`,
    hint: "delete lists that no rule reads any more: `usedBy` of each names its rules",
  });
}

function namesOf(lists: Lists): string[] {
  return [...lists.all()].map(([name]) => name);
}
