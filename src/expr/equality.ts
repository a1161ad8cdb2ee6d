/**
 * Equality of values: by content, arrays and objects through and through, whatever the order of an object's fields
 * (S8.2).
 */

import type { JsonObject } from "../core/event.ts";
import { isJsonObject } from "./field.ts";
import type { Value } from "./types.ts";

export function equal(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  return equalTrees(a, b);
}

/** With a stack of its own, not by recursion: JSON may nest deeper than the machine's stack goes. */
function equalTrees(a: Value, b: Value): boolean {
  const pairs: Value[] = [a, b];
  while (pairs.length > 0) {
    const right = pairs.pop() as Value;
    const left = pairs.pop() as Value;
    if (left === right) continue;
    const alike = Array.isArray(left)
      ? Array.isArray(right) && pushItems(pairs, left, right)
      : isJsonObject(left) && isJsonObject(right) && pushFields(pairs, left, right);
    if (!alike) return false;
  }
  return true;
}

/** Pairs what still has to be compared; false when the two cannot be equal. */
function pushItems(pairs: Value[], left: readonly Value[], right: readonly Value[]): boolean {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) pairs.push(left[i]!, right[i]!);
  return true;
}

function pushFields(pairs: Value[], left: JsonObject, right: JsonObject): boolean {
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  for (const name of names) {
    if (!Object.hasOwn(right, name)) return false;
    pairs.push(left[name]!, right[name]!);
  }
  return true;
}
