/** Computed ids: a hash of what the thing is, so that the same log gives the same ids in every run and every replay. */

import { hash } from "node:crypto";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
const ID_LENGTH = 26; // 130 bits: no two alerts of one installation will ever share one

/** 26 characters of `a-z2-7`, from SHA-256 over the parts; parts are length-prefixed, so `["ab","c"]` is not `["a","bc"]`. */
export function computedId(parts: readonly string[]): string {
  let text = "";
  for (const part of parts) text += `${part.length}:${part}`;
  const digest = hash("sha256", text, "buffer");
  let id = "";
  let bits = 0;
  let pending = 0;
  for (let i = 0; id.length < ID_LENGTH;) {
    if (bits < 5) {
      pending = (pending << 8) | digest[i++]!;
      bits += 8;
    }
    bits -= 5;
    id += ALPHABET[(pending >> bits) & 31];
    pending &= (1 << bits) - 1;
  }
  return id;
}
