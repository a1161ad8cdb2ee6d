/** How deep a JSON value nests. What is bounded here can be walked by recursion everywhere else. */

import type { Json, JsonObject } from "./event.ts";

/** Does the value hold more than `levels` arrays and objects inside each other? */
export function isTooDeep(value: Json, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((item: Json) => isTooDeep(item, levels - 1));
  const object = value as JsonObject;
  for (const field in object) {
    const inner = object[field]!;
    if (typeof inner === "object" && inner !== null && isTooDeep(inner, levels - 1)) return true;
  }
  return false;
}
