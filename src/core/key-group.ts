/** Key groups: the unit that keyed work is divided by. Fixed in number, so that what is counted per group never depends on workers. */

import { canonicalJson } from "./canonical-json.ts";
import type { Json } from "./event.ts";

export const KEY_GROUPS = 128;

/** From FNV-1a over the key's canonical text: cheap, and the same on every machine. */
export function keyGroup(key: Json): number {
  const text = canonicalJson(key);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  // The low bits of FNV mix least.
  return (hash ^ (hash >>> 15)) & (KEY_GROUPS - 1);
}
