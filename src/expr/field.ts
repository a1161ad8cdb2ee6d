/** Fields of JSON values, read safely: what an object only inherits (`constructor`, `__proto__`) is no field of it. */

import type { JsonObject } from "../core/event.ts";
import type { Value } from "./types.ts";

/** A field's name, or the index of an array's item. */
export type Step = string | number;

const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Whether a plain read of this name gives the field, or nothing: no JSON object inherits such a name. */
export function isPlainName(name: string): boolean {
  return !INHERITED.has(name);
}

/** The field of an object, or `undefined`; for names that are only known at run time. */
export function ownField(data: JsonObject, name: string): Value | undefined {
  return isPlainName(name) || Object.hasOwn(data, name) ? data[name] : undefined;
}

export function isJsonObject(value: Value): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads along the steps, compiled once; null as soon as there is nothing more. */
export function compileSteps(steps: readonly Step[]): (value: Value) => Value {
  if (steps.length === 0) return (value) => value;
  if (steps.length === 1) return compileStep(steps[0]!);
  const readers = steps.map(compileStep);
  return (value) => {
    let found = value;
    for (const read of readers) found = read(found);
    return found;
  };
}

function compileStep(step: Step): (value: Value) => Value {
  if (typeof step === "number") return (value) => (Array.isArray(value) ? (value[step] ?? null) : null);
  if (isPlainName(step)) return (value) => (isJsonObject(value) ? (value[step] ?? null) : null);
  return (value) => (isJsonObject(value) && Object.hasOwn(value, step) ? value[step]! : null);
}
