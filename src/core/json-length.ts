/** How long a value can be as JSON, without writing it: enough to see that most values are far from a limit. */

import type { Json, JsonObject } from "./event.ts";

/** `-1.2345678901234567e-308`. */
const NUMBER_CHARS_MAX = 24;
/** `false`; `\u0000` for one character; quotes, colons and commas. */
const WORD_CHARS_MAX = 5;
const ESCAPED_CHARS_MAX = 6;
const QUOTES = 2;
const BRACKETS = 2;
const SEPARATOR = 1;

/** Never less than `JSON.stringify(value).length`. The value's depth is bounded already. */
export function jsonLengthAtMost(value: Json): number {
  if (typeof value === "string") return QUOTES + ESCAPED_CHARS_MAX * value.length;
  if (typeof value === "number") return NUMBER_CHARS_MAX;
  if (typeof value !== "object" || value === null) return WORD_CHARS_MAX;
  let length = BRACKETS;
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) length += jsonLengthAtMost(item) + SEPARATOR;
    return length;
  }
  const object = value as JsonObject;
  for (const field in object)
    length += jsonLengthAtMost(field) + SEPARATOR + jsonLengthAtMost(object[field]!) + SEPARATOR;
  return length;
}
