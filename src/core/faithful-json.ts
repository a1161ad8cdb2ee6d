/**
 * Whether JSON stays what it is when it is written down and read again: numbers that a double can hold, and texts that are
 * Unicode. `JSON.parse` lets both pass otherwise (`1e400` is Infinity, and is written as null), and a replay would differ.
 */

import type { Json, JsonObject } from "./event.ts";

export interface Unfaithful {
  /** `items[0].price`; empty for the value itself. */
  readonly path: string;
  readonly what: "number" | "text" | "field name";
}

/** The first place that would not stay what it is; null when all does. The value's depth is bounded already. */
export function unfaithfulIn(value: Json): Unfaithful | null {
  if (typeof value === "string") return value.isWellFormed() ? null : { path: "", what: "text" };
  if (typeof value === "number") return Number.isFinite(value) ? null : { path: "", what: "number" };
  if (typeof value !== "object" || value === null) return null;
  return Array.isArray(value) ? inArray(value as readonly Json[]) : inObject(value as JsonObject);
}

/** An integer that doubles cannot tell from its neighbours: whoever wrote it may have meant another. */
export function isRoundedInteger(value: Json): boolean {
  return typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
}

function inArray(items: readonly Json[]): Unfaithful | null {
  for (let i = 0; i < items.length; i++) {
    const fault = unfaithfulIn(items[i]!);
    if (fault !== null) return { ...fault, path: joined(`[${i}]`, fault.path) };
  }
  return null;
}

function inObject(object: JsonObject): Unfaithful | null {
  for (const field in object) {
    if (!field.isWellFormed()) return { path: field.toWellFormed(), what: "field name" };
    const fault = unfaithfulIn(object[field]!);
    if (fault !== null) return { ...fault, path: joined(field, fault.path) };
  }
  return null;
}

function joined(outer: string, inner: string): string {
  return inner === "" || inner.startsWith("[") ? outer + inner : `${outer}.${inner}`;
}
