/** Worlds and firings as text, for a failure that can be read. */

import type { StreamItem, World } from "./world.ts";

/** `0:"a"@3{"n":1} 1:>5`, after the rule. */
export function worldText({ rule, boundMs, stream }: World): string {
  return `${JSON.stringify(rule)}, bounded ${boundMs}ms\n${stream.map(itemText).join(" ")}`;
}

function itemText(item: StreamItem, i: number): string {
  if (item.kind === "watermark") return `${i}:>${item.time}`;
  return `${i}:${JSON.stringify(item.key)}@${item.time}${JSON.stringify(item.data)}`;
}

/** `"a" [0, 10)`. */
export function windowText({ key, start, end }: { key: string | number | null; start: number; end: number }): string {
  return `${JSON.stringify(key)} [${start}, ${end})`;
}
