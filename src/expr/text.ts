/** Values as text: how they appear in a template, in `concat` and in a message for a person. */

import { canonicalJson } from "../core/canonical-json.ts";
import { limits } from "../core/limits.ts";
import type { Value } from "./types.ts";

const CUT = "…";

/** Strings are bare, null is empty, arrays and objects are canonical JSON. */
export function asText(value: Value): string {
  if (typeof value === "string") return value;
  if (value === null) return "";
  return typeof value === "object" ? canonicalJson(value) : String(value);
}

/** Cut where it is longer than an expression may make a text, and marked as cut; never between two halves of a character. */
export function cutText(text: string): string {
  if (text.length <= limits.madeTextCharsMax) return text;
  const kept = text.slice(0, limits.madeTextCharsMax - CUT.length);
  return (/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept) + CUT;
}
