/** The named lists as the API shows them: what is in them, and which rules read them. */

import type { RuleDefinition } from "../../lang/definition.ts";
import { listsRead } from "./lists-read.ts";
import type { Lists, NamedList } from "../named-lists.ts";
import type { ListContents, ListStatus } from "./service-types.ts";

export function listStatuses(lists: Lists, rules: Iterable<RuleDefinition>): ListStatus[] {
  const readers = readersOf(rules);
  return [...lists.all()].map(([name, list]) => statusOf(name, list, readers));
}

export function listContents(lists: Lists, name: string, rules: Iterable<RuleDefinition>): ListContents | null {
  const list = lists.get(name);
  return list === undefined ? null : { ...statusOf(name, list, readersOf(rules)), values: [...list.values] };
}

function statusOf(
  name: string,
  { values, bytes }: NamedList,
  readers: ReadonlyMap<string, ReadonlySet<string>>,
): ListStatus {
  return { name, count: values.size, bytes, usedBy: [...(readers.get(name) ?? [])].sort() };
}

/** List → names of the rules that read it. */
function readersOf(rules: Iterable<RuleDefinition>): Map<string, Set<string>> {
  const readers = new Map<string, Set<string>>();
  for (const rule of rules) {
    for (const { name } of listsRead(rule)) {
      const names = readers.get(name) ?? new Set();
      readers.set(name, names.add(rule.name));
    }
  }
  return readers;
}
