/** The key of an event under a rule: what state is scoped to. Typed (`1` is not `"1"`), and with one text for one key. */

import { canonicalJson } from "../core/canonical-json.ts";
import type { Json } from "../core/event.ts";
import type { Compiled, EvalContext } from "../expr/types.ts";

/** What state is found by: a scalar key itself (a Map tells `1` from `"1"`), the canonical text of any other. */
export type KeyIdentity = string | number | boolean;

export interface Key {
  readonly identity: KeyIdentity;
  /** As alerts show it: the value, an array where `key by` names several, null where it names none. */
  readonly value: Json;
}

/** All events of a rule without `key by` share one key. */
export const NO_KEY: Key = { identity: true, value: null };

/** Starts the canonical text of a key that is no scalar: no JSON text starts so, and hardly a key does. */
const TEXT_MARK = "\u0000";

/** Null when a part of the key is null: the event is then not the rule's business (S2.5). */
export function keyOf(keys: readonly Compiled[], context: EvalContext): Key | null {
  if (keys.length === 0) return NO_KEY;
  if (keys.length === 1) {
    const value = keys[0]!(context);
    return value === null ? null : keyFrom(value);
  }
  const values = keys.map((key) => key(context));
  return values.includes(null) ? null : keyFrom(values);
}

/** The key of a value that an alert shows. */
export function keyFrom(value: Json): Key {
  if (value === null) return NO_KEY;
  return typeof value === "object" ? { identity: TEXT_MARK + canonicalJson(value), value } : { identity: value, value };
}
