/** How alerts are found by their key: by a computed id of its canonical JSON, which has one length for every key. */

import { canonicalJson } from "../core/canonical-json.ts";
import type { Json } from "../core/event.ts";
import { computedId } from "../core/ids.ts";

export function keyId(key: Json): string {
  return computedId([canonicalJson(key)]);
}

/** The keys that a text may mean: itself, and the value it is the JSON of. `42` means both "42" and 42. */
export function keyIdsOf(text: string): readonly string[] {
  const asString = keyId(text);
  try {
    return [asString, keyId(JSON.parse(text) as Json)];
  } catch {
    return [asString];
  }
}
