/** Canonical JSON (after RFC 8785): one text for one value, whatever the order of fields. Keys of state and ids rest on it. */

import type { Json, JsonObject } from "./event.ts";

export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const object = value as JsonObject;
  const fields = Object.keys(object).sort();
  return `{${fields.map((field) => `${JSON.stringify(field)}:${canonicalJson(object[field]!)}`).join(",")}}`;
}
