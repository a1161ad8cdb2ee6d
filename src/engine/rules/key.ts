/**
 * The key of an event under a rule: what state is scoped to. It is what alerts show: the value of `key by`, an array where it
 * names several, null where there is none and all events share one key.
 */

import type { Json } from "../../core/event.ts";
import { isRoundedInteger } from "../../core/faithful-json.ts";
import type { Compiled, EvalContext } from "../../expr/types.ts";

/**
 * Undefined when a part of the key is null, or an integer that has been rounded and may be another's: the event is then not the
 * rule's business (S2.5).
 */
export function keyOf(keys: readonly Compiled[], context: EvalContext): Json | undefined {
  if (keys.length === 0) return null;
  if (keys.length === 1) {
    const value = keys[0]!(context);
    return isNoKey(value) ? undefined : value;
  }
  const values = keys.map((key) => key(context));
  return values.some(isNoKey) ? undefined : values;
}

function isNoKey(value: Json): boolean {
  return value === null || isRoundedInteger(value);
}
