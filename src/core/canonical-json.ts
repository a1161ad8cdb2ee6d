/** Canonical JSON (after RFC 8785): one text for one value, whatever the order of fields. Keys of state and ids rest on it. */

import type { Json, JsonObject } from "./event.ts";

/** An array or object being written; `names` is null for an array. */
interface Open {
  readonly value: readonly Json[] | JsonObject;
  readonly names: readonly string[] | null;
  readonly length: number;
  written: number;
}

/** With a stack of its own, not by recursion: JSON may nest deeper than the machine's stack goes. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const stack = [opened(value)];
  let text = opening(value);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    if (top.written === top.length) {
      text += top.names === null ? "]" : "}";
      stack.pop();
      continue;
    }
    if (top.written > 0) text += ",";
    const name = top.names === null ? top.written : top.names[top.written]!;
    if (typeof name === "string") text += `${JSON.stringify(name)}:`;
    top.written++;
    const child = (top.value as JsonObject)[name]!;
    if (child === null || typeof child !== "object") {
      text += JSON.stringify(child);
    } else {
      text += opening(child);
      stack.push(opened(child));
    }
  }
  return text;
}

function opened(value: readonly Json[] | JsonObject): Open {
  const names = Array.isArray(value) ? null : Object.keys(value).sort();
  return { value, names, length: names === null ? (value as readonly Json[]).length : names.length, written: 0 };
}

function opening(value: readonly Json[] | JsonObject): string {
  return Array.isArray(value) ? "[" : "{";
}
