/**
 * The key of an event under a rule: what state is scoped to. It is what alerts show: the value of `key by`, an array where it
 * names several, null where there is none and all events share one key.
 */

import { canonicalJson } from "../core/canonical-json.ts";
import type { Json } from "../core/event.ts";
import type { Compiled, EvalContext } from "../expr/types.ts";

/** Undefined when a part of the key is null: the event is then not the rule's business (S2.5). */
export function keyOf(keys: readonly Compiled[], context: EvalContext): Json | undefined {
  if (keys.length === 0) return null;
  if (keys.length === 1) return keys[0]!(context) ?? undefined;
  const values = keys.map((key) => key(context));
  return values.includes(null) ? undefined : values;
}

/** What state is found by: a scalar key itself (a Map tells `1` from `"1"`), the canonical text of any other. */
export type KeyIdentity = string | number | boolean | null;

/** Starts a canonical text. A key that starts so itself, as hardly one does, goes by its canonical text too. */
const TEXT_MARK = "\u0000";

export function keyIdentity(key: Json): KeyIdentity {
  if (typeof key === "string" && !key.startsWith(TEXT_MARK)) return key;
  if (typeof key === "number" || typeof key === "boolean" || key === null) return key;
  return TEXT_MARK + canonicalJson(key);
}
