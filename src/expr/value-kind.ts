/**
 * Kinds of values at run time, as `type(x)` names them. Two values of different kinds are never equal and have no
 * order.
 */

import type { Value } from "./types.ts";

export type ValueKind = "null" | "boolean" | "number" | "string" | "array" | "object";

export function kindOf(value: Value): ValueKind {
  if (value === null) return "null";
  const type = typeof value;
  if (type === "object") return Array.isArray(value) ? "array" : "object";
  return type as "boolean" | "number" | "string";
}
