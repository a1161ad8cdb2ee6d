/**
 * Functions of text. A character is a Unicode code point, as in `like` and in regular expressions; the first is at 0
 * (S8.9).
 */

import { limits } from "../core/limits.ts";
import { equal } from "./equality.ts";
import { strict } from "./function.ts";
import type { FunctionDefinition } from "./function.ts";
import { asText } from "./text.ts";

const SURROGATES = /[\ud800-\udfff]/;

const text = { name: "text", type: "string" } as const;

export const TEXT_FUNCTIONS: Readonly<Record<string, FunctionDefinition>> = {
  lower: strict([text], "string", (of) => of.toLowerCase()),
  upper: strict([text], "string", (of) => of.toUpperCase()),
  trim: strict([text], "string", (of) => of.trim()),

  length: strict([{ name: "text", type: "string or list" }], "number", (of) =>
    typeof of === "string" ? charCount(of) : of.length,
  ),

  /** From the character at `start` up to, not including, the one at `end`. */
  substring: strict(
    [text, { name: "start", type: "number" }, { name: "end", type: "number", optional: true }],
    "string",
    substring,
  ),

  /** Of values as a template shows them; with a null among them, null. */
  concat: strict([{ name: "value", type: "any", repeated: true }], "string", (...values) =>
    bounded(values.map(asText).join("")),
  ),

  contains: strict(
    [
      { name: "text", type: "string or list" },
      { name: "part", type: "any" },
    ],
    "boolean",
    (of, part) => {
      if (typeof of !== "string") return of.some((item) => equal(item, part));
      return typeof part === "string" ? of.includes(part) : null;
    },
  ),
  startsWith: strict([text, { name: "start", type: "string" }], "boolean", (of, start) => of.startsWith(start)),
  endsWith: strict([text, { name: "end", type: "string" }], "boolean", (of, end) => of.endsWith(end)),

  /** Every occurrence, literally. */
  replace: strict([text, { name: "old", type: "string" }, { name: "new", type: "string" }], "string", replace),
  split: strict([text, { name: "separator", type: "string" }], "list of strings", split),
};

function charCount(of: string): number {
  if (!SURROGATES.test(of)) return of.length;
  let count = 0;
  for (const _ of of) count++;
  return count;
}

function substring(of: string, start: number, end = Number.POSITIVE_INFINITY): string {
  const from = Math.max(0, Math.trunc(start));
  const to = Math.max(from, Math.trunc(end));
  return SURROGATES.test(of) ? Array.from(of).slice(from, to).join("") : of.slice(from, to);
}

function replace(of: string, old: string, by: string): string | null {
  if (old === "") return of;
  const parts = of.split(old);
  const length = of.length + (parts.length - 1) * (by.length - old.length);
  return length > limits.madeTextCharsMax && length > of.length ? null : parts.join(by);
}

function split(of: string, separator: string): readonly string[] | null {
  if (separator === "") return of.length > limits.splitItemsMax ? null : Array.from(of);
  const items = of.split(separator, limits.splitItemsMax + 1);
  return items.length > limits.splitItemsMax ? null : items;
}

/** A text longer than an expression may make is none. */
function bounded(made: string): string | null {
  return made.length > limits.madeTextCharsMax ? null : made;
}
